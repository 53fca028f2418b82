import type { Input, Output as OutputMessage } from "@computronium/proto/cosmos/bank/v1beta1/bank_pb.js";
import type { Msg, MsgMultiSend, MsgSend, MsgSetSendEnabled } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import type { Addresses } from "../../core/address.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import { equalCoins, isDenom, sumCoins } from "../../core/math/coins.js";
import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
import { requireAuthority } from "../../core/runtime/authority.js";
import { governanceAddress } from "../auth/types.js";
import { ErrInputOutputMismatch, ErrMultipleSenders, ErrNoInputs, ErrNoOutputs } from "./errors.js";
import type { BankKeeper } from "./keeper.js";
import { readAddress, readCoins } from "./read.js";
import type { Output } from "./types.js";

export function bankMsgServer(keeper: BankKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const { addresses } = keeper;

  const governed = { addresses, authority: governanceAddress() };

  return {
    send: {
      check: (msg) => void readSend(addresses, msg),
      execute(ctx, msg) {
        const { from, to, coins } = readSend(addresses, msg);
        keeper.requireSendEnabled(ctx, coins);
        keeper.requireNotBlocked(to);
        keeper.send(ctx, from, to, coins);
        return {};
      },
    },

    multiSend: {
      check: (msg) => void readMultiSend(addresses, msg),
      execute(ctx, msg) {
        const { from, coins, outputs } = readMultiSend(addresses, msg);
        keeper.requireSendEnabled(ctx, coins);
        for (const { address } of outputs) keeper.requireNotBlocked(address);
        keeper.multiSend(ctx, from, coins, outputs);
        return {};
      },
    },

    updateParams: {
      check({ params }) {
        if (params === undefined) throw ErrInvalidRequest.with("params is missing");
        if (params.sendEnabled.length > 0) {
          throw ErrInvalidRequest.with("use of send_enabled in params is no longer supported");
        }
      },
      execute(ctx, { authority, params }) {
        requireAuthority(governed, authority);
        if (params === undefined) throw ErrInvalidRequest.with("params is missing");
        keeper.setParams(ctx, params);
        return {};
      },
    },

    setSendEnabled: {
      check: checkSetSendEnabled,
      execute(ctx, { authority, sendEnabled, useDefaultFor }) {
        requireAuthority(governed, authority);
        for (const { denom, enabled } of sendEnabled) keeper.setSendEnabled(ctx, denom, enabled);
        for (const denom of useDefaultFor) keeper.unsetSendEnabled(ctx, denom);
        return {};
      },
    },
  };
}

function readSend(addresses: Addresses, { fromAddress, toAddress, amount }: MsgSend) {
  return {
    from: readAddress(addresses, fromAddress, "from"),
    to: readAddress(addresses, toAddress, "to"),
    coins: readCoins(amount),
  };
}

function readMultiSend(addresses: Addresses, { inputs, outputs }: MsgMultiSend) {
  const [input, ...others] = inputs;
  if (input === undefined) throw ErrNoInputs.plain();
  if (others.length > 0) throw ErrMultipleSenders.plain();
  if (outputs.length === 0) throw ErrNoOutputs.plain();
  const from = readSide(addresses, input, "input");
  const to = outputs.map((output) => readSide(addresses, output, "output"));
  // Before any fee is paid: outputs of many denoms must not cost the square of their number.
  const total = sumCoins(to.map(({ coins }) => coins));
  if (!equalCoins(from.coins, total)) throw ErrInputOutputMismatch.plain();
  return { from: from.address, coins: from.coins, outputs: to };
}

function readSide(addresses: Addresses, side: Input | OutputMessage, role: string): Output {
  return { address: readAddress(addresses, side.address, role), coins: readCoins(side.coins) };
}

function checkSetSendEnabled({ sendEnabled, useDefaultFor }: MsgSetSendEnabled): void {
  const seen = new Set<string>();
  for (const { denom } of sendEnabled) {
    if (seen.has(denom)) throw ErrInvalidRequest.with(`duplicate denom entries found for "${denom}"`);
    seen.add(denom);
    if (!isDenom(denom)) {
      throw ErrInvalidRequest.with(`invalid SendEnabled denom "${denom}": invalid denom: ${denom}`);
    }
  }
  for (const denom of useDefaultFor) {
    if (!isDenom(denom)) {
      throw ErrInvalidRequest.with(`invalid UseDefaultFor denom "${denom}": invalid denom: ${denom}`);
    }
  }
}
