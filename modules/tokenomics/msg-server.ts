import type {
  Msg,
  MsgCommitBuybackBid,
  MsgRevealBuybackBid,
  MsgSpendFund,
  MsgUpdateParams,
} from "@computronium/proto/computronium/tokenomics/v1/tx_pb.js";
import { Fund } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import {
  EventFundSpentSchema,
  EventParamsUpdatedSchema,
} from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import type { AccAddress } from "../../core/address.js";
import { coinMessage } from "../../core/math/coins.js";
import type { Context } from "../../core/runtime/context.js";
import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { requireAuthority } from "../../core/runtime/authority.js";
import { readAddress, readAmount, readCoins, readPrice, readValidator } from "./checks.js";
import {
  ErrInvalidCommitment,
  ErrInvalidFund,
  ErrInvalidParams,
  ErrInvalidRecipient,
  ErrInvalidSchedule,
} from "./errors.js";
import type { Purse } from "./expected.js";
import type { TokenomicsKeeper } from "./keeper.js";
import { paramProblems } from "./params.js";
import { COMMITMENT_BYTES, SALT_BYTES } from "./sealed-bid.js";

/** How the messages of tokenomics are carried out. */
export function tokenomicsMsgServer(keeper: TokenomicsKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const { addresses, bank, purses } = keeper.deps;
  const recipientOf = (text: string): AccAddress => {
    const recipient = readAddress(addresses, text, "recipient");
    if (bank.isBlocked(recipient)) throw ErrInvalidRecipient.with(text);
    return recipient;
  };
  const funds: ReadonlyMap<Fund, Purse> = new Map([
    [Fund.DEVELOPMENT, purses.development],
    [Fund.REINVESTMENT, purses.reinvestment],
  ]);
  const fundOf = ({ fund }: MsgSpendFund): Purse => {
    const purse = funds.get(fund);
    if (purse === undefined) throw ErrInvalidFund.with(`fund ${fund}`);
    return purse;
  };
  return {
    updateParams: {
      check(msg) {
        readAddress(addresses, msg.authority, "authority");
        readParams(msg);
      },
      execute(ctx: Context, msg) {
        const params = readParams(msg);
        requireAuthority(keeper.deps, msg.authority);
        keeper.setParams(ctx, params);
        ctx.events.emit(typedEvent(EventParamsUpdatedSchema, { params }));
        return {};
      },
    },
    releaseAllocation: {
      check(msg) {
        readAddress(addresses, msg.authority, "authority");
        readAddress(addresses, msg.recipient, "recipient");
        readAmount(msg.amount, "amount");
      },
      execute(ctx, msg) {
        requireAuthority(keeper.deps, msg.authority);
        const amount = readAmount(msg.amount, "amount");
        keeper.allocations.release(ctx, msg.name, recipientOf(msg.recipient), amount);
        return {};
      },
    },
    rescheduleAllocation: {
      check: (msg) => void readAddress(addresses, msg.authority, "authority"),
      execute(ctx, msg) {
        requireAuthority(keeper.deps, msg.authority);
        if (msg.schedule === undefined) throw ErrInvalidSchedule.with("schedule: missing");
        keeper.allocations.reschedule(ctx, msg.name, msg.schedule);
        return {};
      },
    },
    claimAllocation: {
      check: (msg) => void readAddress(addresses, msg.beneficiary, "beneficiary"),
      execute(ctx, msg) {
        const beneficiary = readAddress(addresses, msg.beneficiary, "beneficiary");
        const amount = keeper.allocations.claim(ctx, msg.name, beneficiary);
        return { amount: coinMessage({ denom: keeper.deps.denoms(ctx).baseDenom, amount }) };
      },
    },
    spendFund: {
      check(msg) {
        readAddress(addresses, msg.authority, "authority");
        readAddress(addresses, msg.recipient, "recipient");
        readCoins(msg.amount, "amount");
        fundOf(msg);
      },
      execute(ctx, msg) {
        requireAuthority(keeper.deps, msg.authority);
        const coins = readCoins(msg.amount, "amount");
        fundOf(msg).pay(ctx, recipientOf(msg.recipient), ...coins);
        const told = { fund: msg.fund, recipient: msg.recipient, amount: coins.map(coinMessage) };
        ctx.events.emit(typedEvent(EventFundSpentSchema, told));
        return {};
      },
    },
    claimReflections: {
      check(msg) {
        readAddress(addresses, msg.delegator, "delegator");
        if (msg.compoundTo !== "") readValidator(addresses, msg.compoundTo, "compound_to");
      },
      execute(ctx, msg) {
        const to = msg.compoundTo === "" ? undefined : readValidator(addresses, msg.compoundTo, "compound_to");
        const coin = keeper.reflections.claim(ctx, readAddress(addresses, msg.delegator, "delegator"), to);
        return { amount: coinMessage(coin) };
      },
    },
    commitBuybackBid: {
      check(msg) {
        readAddress(addresses, msg.bidder, "bidder");
        readCommitment(msg);
        readAmount(msg.deposit, "deposit");
      },
      execute(ctx, msg) {
        const bidder = readAddress(addresses, msg.bidder, "bidder");
        keeper.buyback.commit(ctx, msg.auctionId, bidder, readCommitment(msg), readAmount(msg.deposit, "deposit"));
        return {};
      },
    },
    revealBuybackBid: {
      check(msg) {
        readAddress(addresses, msg.bidder, "bidder");
        readOpening(msg);
      },
      execute(ctx, msg) {
        const bidder = readAddress(addresses, msg.bidder, "bidder");
        keeper.buyback.reveal(ctx, msg.auctionId, bidder, readOpening(msg));
        return {};
      },
    },
  };
}

function readParams({ params }: MsgUpdateParams) {
  if (params === undefined) throw ErrInvalidParams.with("params: missing");
  const problems = paramProblems(params);
  if (problems.length > 0) throw ErrInvalidParams.with(problems.join("; "));
  return params;
}

function readCommitment({ commitment }: MsgCommitBuybackBid): Uint8Array {
  if (commitment.length === COMMITMENT_BYTES) return commitment;
  throw ErrInvalidCommitment.with(`${commitment.length} bytes, expected ${COMMITMENT_BYTES}`);
}

function readOpening({ quantity, price, salt }: MsgRevealBuybackBid) {
  const [shortest, longest] = SALT_BYTES;
  if (salt.length < shortest || salt.length > longest) {
    throw ErrInvalidCommitment.with(`salt: ${salt.length} bytes, expected ${shortest} to ${longest}`);
  }
  return { quantity: readAmount(quantity, "quantity"), price: readPrice(price, "price"), salt };
}
