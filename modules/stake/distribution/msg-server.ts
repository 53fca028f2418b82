import type { Msg, MsgUpdateParams } from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";

import type { AddressCodec } from "../../../core/address.js";
import type { ByteString } from "../../../core/bytes.js";
import { ErrInvalidAddress, ErrInvalidCoins, ErrInvalidRequest, ErrUnauthorized } from "../../../core/errors.js";
import type { CoinMessage, Coins } from "../../../core/math/coins.js";
import { coinMessages, parseCoins } from "../../../core/math/coins.js";
import { decCoinsFromCoins } from "../../../core/math/dec-coins.js";
import type { Context } from "../../../core/runtime/context.js";
import type { MsgServer, ServiceMethods } from "../../../core/runtime/router.js";
import { requireAuthority } from "../../../core/runtime/authority.js";
import { giveReward } from "./allocation.js";
import { requireAcceptable } from "./books.js";
import { withdrawCommission } from "./commission.js";
import { communityPoolOf } from "./community-pool.js";
import { requireValidator, withdrawAsAsked } from "./delegations.js";
import { hasProposerRewards, paramsProblem } from "./params.js";
import { params as storedParams } from "./state.js";
import type { DistributionDeps } from "./types.js";
import { MAX_REWARD } from "./types.js";
import { setWithdrawAddress } from "./withdraw-address.js";

export function distributionMsgServer(deps: DistributionDeps): MsgServer<ServiceMethods<typeof Msg>> {
  const { addresses, authority, bank } = deps;
  const pool = communityPoolOf(deps);

  const account = (text: string, role: string) => readAddress(addresses.account, text, role);
  const operator = (text: string) => readAddress(addresses.validator, text, "validator");

  function requireGovernance(text: string): void {
    account(text, "authority");
    requireAuthority({ addresses, authority }, text);
  }

  return {
    setWithdrawAddress: {
      check({ delegatorAddress, withdrawAddress }) {
        account(delegatorAddress, "delegator");
        account(withdrawAddress, "withdraw");
      },
      execute(ctx, { delegatorAddress, withdrawAddress }) {
        const owner = account(delegatorAddress, "delegator");
        setWithdrawAddress(ctx, deps, owner, account(withdrawAddress, "withdraw"));
        return {};
      },
    },

    withdrawDelegatorReward: {
      check({ delegatorAddress, validatorAddress }) {
        operator(validatorAddress);
        account(delegatorAddress, "delegator");
      },
      execute(ctx, { delegatorAddress, validatorAddress }) {
        const delegator = account(delegatorAddress, "delegator");
        return { amount: coinMessages(withdrawAsAsked(ctx, deps, delegator, operator(validatorAddress))) };
      },
    },

    withdrawValidatorCommission: {
      check: ({ validatorAddress }) => void operator(validatorAddress),
      execute: (ctx, { validatorAddress }) => ({
        amount: coinMessages(withdrawCommission(ctx, deps, operator(validatorAddress))),
      }),
    },

    fundCommunityPool: {
      check({ amount, depositor }) {
        account(depositor, "depositor");
        readCoins(amount);
      },
      execute(ctx, { amount, depositor }) {
        pool.fund(ctx, account(depositor, "depositor"), readCoins(amount));
        return {};
      },
    },

    updateParams: {
      check: checkUpdateParams,
      execute(ctx, msg) {
        requireGovernance(msg.authority);
        storedParams.set(ctx, checkUpdateParams(msg));
        return {};
      },
    },

    communityPoolSpend: {
      check({ recipient, amount }) {
        readCoins(amount);
        account(recipient, "recipient");
      },
      execute(ctx, { authority: sender, recipient, amount }) {
        requireGovernance(sender);
        const to = account(recipient, "recipient");
        if (bank.isBlocked(to)) throw ErrUnauthorized.with(`${recipient} is not allowed to receive external funds`);
        pool.spend(ctx, to, readCoins(amount));
        return {};
      },
    },

    depositValidatorRewardsPool: {
      check({ depositor, validatorAddress, amount }) {
        account(depositor, "depositor");
        operator(validatorAddress);
        readCoins(amount);
      },
      execute(ctx, { depositor, validatorAddress, amount }) {
        const coins = readCoins(amount);
        depositReward(ctx, account(depositor, "depositor"), operator(validatorAddress), coins);
        return {};
      },
    },
  };

  function depositReward(
    ctx: Context,
    from: ReturnType<typeof account>,
    to: ReturnType<typeof operator>,
    coins: Coins,
  ): void {
    if (coins.some(({ amount }) => amount > MAX_REWARD)) {
      throw ErrInvalidRequest.with(`unable to deposit coins: deposit is too large, at most ${MAX_REWARD} of a denom`);
    }
    requireAcceptable(ctx, coins);
    deps.purse.collect(ctx, from, ...coins);
    giveReward(ctx, deps, requireValidator(ctx, deps, to), decCoinsFromCoins(coins));
  }
}

function checkUpdateParams({ params }: MsgUpdateParams) {
  if (params === undefined) throw ErrInvalidRequest.with("params is missing");
  if (hasProposerRewards(params)) {
    throw ErrInvalidRequest.with("cannot update base or bonus proposer reward because these are deprecated fields");
  }
  const problem = paramsProblem(params);
  if (problem !== undefined) throw ErrInvalidRequest.with(problem);
  return params;
}

function readAddress<A extends ByteString>(codec: AddressCodec<A>, text: string, role: string): A {
  try {
    return codec.decode(text);
  } catch (error) {
    if (!ErrInvalidAddress.is(error)) throw error;
    throw ErrInvalidAddress.with(`invalid ${role} address: ${(error as Error).message}`);
  }
}

function readCoins(messages: readonly CoinMessage[]): Coins {
  if (messages.length === 0) throw ErrInvalidCoins.with("amount cannot be nil");
  return parseCoins(messages);
}
