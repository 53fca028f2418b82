import type { MessageInitShape } from "@bufbuild/protobuf";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import type {
  MsgBeginRedelegate,
  MsgBeginRedelegateResponseSchema,
  MsgDelegate,
  MsgDelegateResponseSchema,
  MsgUndelegate,
  MsgUndelegateResponseSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { AccAddress, ValAddress } from "../../../../core/address.js";
import { GO_ZERO_TIME_NANOS, timestampOf } from "../../../../core/codec/timestamps.js";
import { ErrInvalidRequest } from "../../../../core/errors.js";
import { coinMessage, formatCoin } from "../../../../core/math/coins.js";
import type { Dec } from "../../../../core/math/dec.js";
import { decMin, formatDec } from "../../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../../core/runtime/context.js";
import { event } from "../../../../core/runtime/events.js";
import type { MsgHandler } from "../../../../core/runtime/router.js";
import { rfc3339 } from "../../../../core/runtime/time-text.js";
import {
  ErrBadRedelegationDst,
  ErrBadRedelegationSrc,
  ErrMaxRedelegationEntries,
  ErrMaxUnbondingDelegationEntries,
  ErrNoDelegation,
  ErrSelfRedelegation,
  ErrTinyRedelegationAmount,
  ErrTransitiveRedelegation,
} from "../errors.js";
import type { StakingKeeper } from "../keeper.js";
import { sharesFromTokens, sharesFromTokensTruncated } from "../shares.js";
import { readCoin, readDelegator, readValidator, requireBondDenom } from "./inputs.js";

/** x/staking/keeper/msg_server.go, Delegate. */
export function delegate(
  keeper: StakingKeeper,
): MsgHandler<MsgDelegate, MessageInitShape<typeof MsgDelegateResponseSchema>> {
  const { addresses } = keeper.deps;
  const { validators, delegations, slashes } = keeper.parts;
  const read = (msg: MsgDelegate) => ({
    operator: readValidator(addresses, msg.validatorAddress),
    delegator: readDelegator(addresses, msg.delegatorAddress),
    coin: readCoin(msg.amount, "invalid delegation amount"),
  });
  return {
    check: (msg) => void read(msg),
    execute(ctx, msg) {
      const { operator, delegator, coin } = read(msg);
      validators.require(ctx, operator);
      requireBondDenom(ctx, keeper, coin);
      slashes.settle(ctx, delegator, operator);
      const validator = validators.require(ctx, operator);
      const shares = delegations.delegate(ctx, { delegator, validator, amount: coin.amount, source: "account" });
      ctx.events.emit(
        event(
          "delegate",
          ["validator", msg.validatorAddress],
          ["delegator", msg.delegatorAddress],
          ["amount", formatCoin(coin)],
          ["new_shares", formatDec(shares)],
        ),
      );
      return {};
    },
  };
}

/**
 * The shares that an amount comes to, at most all of the delegation's: rounding may ask for a little more than there is.
 * x/staking/keeper/delegation.go, ValidateUnbondAmount.
 */
function sharesToUnbond(
  ctx: ReadContext,
  keeper: StakingKeeper,
  {
    delegator,
    operator,
    amount,
  }: { readonly delegator: AccAddress; readonly operator: ValAddress; readonly amount: bigint },
): Dec {
  const validator = keeper.parts.validators.require(ctx, operator);
  const owned = keeper.parts.delegations.shares(ctx, delegator, operator);
  if (owned === undefined) throw ErrNoDelegation.plain();
  const shares = sharesFromTokens(validator, amount);
  if (sharesFromTokensTruncated(validator, amount) > owned) throw ErrInvalidRequest.with("invalid shares amount");
  return decMin(shares, owned);
}

/** x/staking/keeper/msg_server.go, Undelegate. */
export function undelegate(
  keeper: StakingKeeper,
): MsgHandler<MsgUndelegate, MessageInitShape<typeof MsgUndelegateResponseSchema>> {
  const { addresses } = keeper.deps;
  const { validators, delegations, unbondings, slashes, pools } = keeper.parts;
  const read = (msg: MsgUndelegate) => ({
    operator: readValidator(addresses, msg.validatorAddress),
    delegator: readDelegator(addresses, msg.delegatorAddress),
    coin: readCoin(msg.amount, "invalid shares amount"),
  });
  return {
    check: (msg) => void read(msg),
    execute(ctx, msg) {
      const { operator, delegator, coin } = read(msg);
      slashes.settle(ctx, delegator, operator);
      const shares = sharesToUnbond(ctx, keeper, { delegator, operator, amount: coin.amount });
      requireBondDenom(ctx, keeper, coin);
      const id = [delegator, operator] as const;
      if (unbondings.entries(ctx, id).length >= keeper.params(ctx).maxEntries) {
        throw ErrMaxUnbondingDelegationEntries.plain();
      }
      const isBonded = validators.require(ctx, operator).status === BondStatus.BONDED;
      const amount = delegations.unbond(ctx, delegator, operator, shares);
      if (isBonded) pools.move(ctx, amount, { toBonded: false });
      const completionNanos = ctx.block.timeNanos + keeper.unbondingNanos(ctx);
      unbondings.add(ctx, id, { balance: amount, completionNanos });
      const undelegated = { denom: coin.denom, amount };
      ctx.events.emit(
        event(
          "unbond",
          ["validator", msg.validatorAddress],
          ["delegator", msg.delegatorAddress],
          ["amount", formatCoin(undelegated)],
          ["completion_time", rfc3339(completionNanos)],
        ),
      );
      return { completionTime: timestampOf(completionNanos), amount: coinMessage(undelegated) };
    },
  };
}

/** x/staking/keeper/msg_server.go, BeginRedelegate. */
export function beginRedelegate(
  keeper: StakingKeeper,
): MsgHandler<MsgBeginRedelegate, MessageInitShape<typeof MsgBeginRedelegateResponseSchema>> {
  const { addresses } = keeper.deps;
  const { slashes } = keeper.parts;
  const read = (msg: MsgBeginRedelegate) => ({
    source: readValidator(addresses, msg.validatorSrcAddress, "source validator"),
    destination: readValidator(addresses, msg.validatorDstAddress, "destination validator"),
    delegator: readDelegator(addresses, msg.delegatorAddress),
    coin: readCoin(msg.amount, "invalid shares amount"),
  });
  return {
    check: (msg) => void read(msg),
    execute(ctx, msg) {
      const { source, destination, delegator, coin } = read(msg);
      slashes.settle(ctx, delegator, source);
      slashes.settle(ctx, delegator, destination);
      const shares = sharesToUnbond(ctx, keeper, { delegator, operator: source, amount: coin.amount });
      requireBondDenom(ctx, keeper, coin);
      const completionNanos = redelegate(ctx, keeper, { delegator, source, destination, shares });
      ctx.events.emit(
        event(
          "redelegate",
          ["source_validator", msg.validatorSrcAddress],
          ["destination_validator", msg.validatorDstAddress],
          ["amount", formatCoin(coin)],
          ["completion_time", rfc3339(completionNanos)],
        ),
      );
      return { completionTime: timestampOf(completionNanos) };
    },
  };
}

/**
 * x/staking/keeper/delegation.go, BeginRedelegation. Returns until when the stake answers for the source, in Unix
 * nanoseconds; Go's zero time when it does not.
 */
function redelegate(
  ctx: Context,
  keeper: StakingKeeper,
  options: {
    readonly delegator: AccAddress;
    readonly source: ValAddress;
    readonly destination: ValAddress;
    readonly shares: Dec;
  },
): bigint {
  const { delegator, source, destination, shares } = options;
  const { validators, delegations, redelegations } = keeper.parts;
  if (source === destination) throw ErrSelfRedelegation.plain();
  if (validators.get(ctx, destination) === undefined) throw ErrBadRedelegationDst.plain();
  const from = validators.get(ctx, source);
  if (from === undefined) throw ErrBadRedelegationSrc.plain();
  // What answers for one validator already must not come to answer for a second: it could be slashed only once.
  if (redelegations.hasInto(ctx, delegator, source)) throw ErrTransitiveRedelegation.plain();
  const id = [delegator, [source, destination]] as const;
  if (redelegations.entries(ctx, id).length >= keeper.params(ctx).maxEntries) throw ErrMaxRedelegationEntries.plain();

  const balance = delegations.unbond(ctx, delegator, source, shares);
  if (balance === 0n) throw ErrTinyRedelegationAmount.plain();
  const sharesDestination = delegations.delegate(ctx, {
    delegator,
    validator: validators.require(ctx, destination),
    amount: balance,
    source: from.status === BondStatus.BONDED ? "bonded-pool" : "not-bonded-pool",
  });
  const left = validators.get(ctx, source);
  // One that is unbonded, or went with its last shares, answers for nothing any more.
  if (left === undefined || left.status === BondStatus.UNBONDED) return GO_ZERO_TIME_NANOS;
  const isBonded = left.status === BondStatus.BONDED;
  const completionNanos = isBonded ? ctx.block.timeNanos + keeper.unbondingNanos(ctx) : left.unbondingTimeNanos;
  const creationHeight = isBonded ? ctx.block.height : left.unbondingHeight;
  redelegations.add(ctx, id, { creationHeight, completionNanos, balance, sharesDestination });
  return completionNanos;
}
