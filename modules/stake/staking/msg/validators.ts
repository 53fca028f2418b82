import type {
  MsgCreateValidator,
  MsgCreateValidatorResponseSchema,
  MsgEditValidator,
  MsgEditValidatorResponseSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";

import type { AccAddress } from "../../../../core/address.js";
import type { PublicKey } from "../../../../core/crypto/public-key.js";
import { publicKeyFromAny } from "../../../../core/crypto/public-key.js";
import { ErrInvalidRequest } from "../../../../core/errors.js";
import { parseAmount } from "../../../../core/math/amount.js";
import { formatCoin } from "../../../../core/math/coins.js";
import { DEC_ONE, DEC_ZERO, formatDec, parseRawDec } from "../../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../../core/runtime/context.js";
import { event } from "../../../../core/runtime/events.js";
import type { MsgHandler } from "../../../../core/runtime/router.js";
import { readRates, withRate } from "../commission.js";
import { checkDescription, isEmptyDescription, updatedDescription } from "../description.js";
import {
  ErrCommissionLTMinRate,
  ErrEmptyValidatorPubKey,
  ErrMinSelfDelegationDecreased,
  ErrSelfDelegationBelowMinimum,
  ErrValidatorOwnerExists,
  ErrValidatorPubKeyExists,
  ErrValidatorPubKeyTypeNotSupported,
} from "../errors.js";
import type { StakingKeeper } from "../keeper.js";
import type { ValidatorRecord } from "../validator.js";
import { consAddressOf } from "../validator.js";
import { readCoin, readValidator, requireBondDenom } from "./inputs.js";

function readCreate(keeper: StakingKeeper, msg: MsgCreateValidator) {
  const operator = readValidator(keeper.deps.addresses, msg.validatorAddress);
  if (msg.pubkey === undefined) throw ErrEmptyValidatorPubKey.plain();
  const key = publicKeyFromAny(msg.pubkey);
  const value = readCoin(msg.value, "invalid delegation amount");
  if (msg.description === undefined || isEmptyDescription(msg.description)) {
    throw ErrInvalidRequest.with("empty description");
  }
  const rates = readRates(msg.commission);
  const minSelfDelegation = parseAmount(msg.minSelfDelegation);
  if (minSelfDelegation === undefined || minSelfDelegation === 0n) {
    throw ErrInvalidRequest.with("minimum self delegation must be a positive integer");
  }
  if (value.amount < minSelfDelegation) throw ErrSelfDelegationBelowMinimum.plain();
  const { pubkey, description } = msg;
  return { operator, pubkey, key, value, description: checkDescription(description), rates, minSelfDelegation };
}

/** x/staking/keeper/msg_server.go, CreateValidator. */
export function createValidator(
  keeper: StakingKeeper,
): MsgHandler<MsgCreateValidator, MessageInitShape<typeof MsgCreateValidatorResponseSchema>> {
  const { validators, hooks, delegations, slashes } = keeper.parts;
  return {
    check: (msg) => void readCreate(keeper, msg),
    execute(ctx, msg) {
      const { operator, pubkey, key, value, description, rates, minSelfDelegation } = readCreate(keeper, msg);
      const minRate = keeper.minCommissionRate(ctx);
      if (rates.rate < minRate) {
        throw ErrCommissionLTMinRate.with(
          `cannot set validator commission to less than minimum rate of ${formatDec(minRate)}`,
        );
      }
      if (validators.get(ctx, operator) !== undefined) throw ErrValidatorOwnerExists.plain();
      if (validators.byConsAddress(ctx, consAddressOf({ consensusPubKey: pubkey })) !== undefined) {
        throw ErrValidatorPubKeyExists.plain();
      }
      requireBondDenom(ctx, keeper, value);
      requireKeyKind(ctx, keeper, key);
      const record: ValidatorRecord = {
        operator,
        consensusPubKey: pubkey,
        status: BondStatus.UNBONDED,
        jailed: false,
        tokens: 0n,
        delegatorShares: DEC_ZERO,
        description,
        commission: { ...rates, updateTimeNanos: ctx.block.timeNanos },
        minSelfDelegation,
        unbondingHeight: 0n,
        unbondingTimeNanos: 0n,
        unbondingIds: [],
      };
      validators.insert(ctx, record);
      hooks.afterValidatorCreated(ctx, operator);
      const delegator = operator as string as AccAddress;
      slashes.settle(ctx, delegator, operator);
      delegations.delegate(ctx, { delegator, validator: record, amount: value.amount, source: "account" });
      ctx.events.emit(event("create_validator", ["validator", msg.validatorAddress], ["amount", formatCoin(value)]));
      return {};
    },
  };
}

/** CometBFT takes keys of the kinds in its parameters; of these this chain knows ed25519. */
function requireKeyKind(ctx: ReadContext, keeper: StakingKeeper, { kind }: PublicKey): void {
  const kinds = keeper.deps.consensusParams(ctx)?.validator?.pubKeyTypes ?? ["ed25519"];
  if (kind !== "ed25519" || !kinds.includes(kind)) {
    throw ErrValidatorPubKeyTypeNotSupported.with(`got: ${kind}, expected: [${kinds.join(" ")}]`);
  }
}

function readEdit(keeper: StakingKeeper, msg: MsgEditValidator) {
  const operator = readValidator(keeper.deps.addresses, msg.validatorAddress);
  if (msg.description === undefined || isEmptyDescription(msg.description)) {
    throw ErrInvalidRequest.with("empty description");
  }
  const minSelfDelegation = msg.minSelfDelegation === "" ? undefined : parseAmount(msg.minSelfDelegation);
  if (msg.minSelfDelegation !== "" && (minSelfDelegation === undefined || minSelfDelegation === 0n)) {
    throw ErrInvalidRequest.with("minimum self delegation must be a positive integer");
  }
  const rate = msg.commissionRate === "" ? undefined : parseRawDec(msg.commissionRate);
  if (msg.commissionRate !== "" && (rate === undefined || rate < 0n || rate > DEC_ONE)) {
    throw ErrInvalidRequest.with("commission rate must be between 0 and 1 (inclusive)");
  }
  return { operator, description: msg.description, minSelfDelegation, rate };
}

/** x/staking/keeper/msg_server.go, EditValidator. */
export function editValidator(
  keeper: StakingKeeper,
): MsgHandler<MsgEditValidator, MessageInitShape<typeof MsgEditValidatorResponseSchema>> {
  const { validators, hooks } = keeper.parts;
  return {
    check: (msg) => void readEdit(keeper, msg),
    execute(ctx: Context, msg) {
      const { operator, description, minSelfDelegation, rate } = readEdit(keeper, msg);
      const minRate = keeper.minCommissionRate(ctx);
      if (rate !== undefined && rate < minRate) {
        throw ErrInvalidRequest.with(
          `commission rate cannot be less than the min commission rate ${formatDec(minRate)}`,
        );
      }
      const before = validators.require(ctx, operator);
      let after: ValidatorRecord = { ...before, description: updatedDescription(before.description, description) };
      if (rate !== undefined) {
        const commission = withRate(before.commission, rate, ctx.block.timeNanos);
        hooks.beforeValidatorModified(ctx, operator);
        after = { ...after, commission };
      }
      if (minSelfDelegation !== undefined) {
        if (minSelfDelegation <= before.minSelfDelegation) throw ErrMinSelfDelegationDecreased.plain();
        if (minSelfDelegation > before.tokens) throw ErrSelfDelegationBelowMinimum.plain();
        after = { ...after, minSelfDelegation };
      }
      validators.set(ctx, after);
      ctx.events.emit(
        event(
          "edit_validator",
          ["commission_rate", commissionText(after.commission)],
          ["min_self_delegation", after.minSelfDelegation.toString()],
        ),
      );
      return {};
    },
  };
}

/** Go's text form of cosmos.staking.v1beta1.Commission, which the SDK puts in the event. */
function commissionText({ rate, maxRate, maxChangeRate, updateTimeNanos }: ValidatorRecord["commission"]): string {
  const seconds = updateTimeNanos / 1_000_000_000n;
  const nanos = updateTimeNanos % 1_000_000_000n;
  const time = `${seconds === 0n ? "" : `seconds:${seconds} `}${nanos === 0n ? "" : `nanos:${nanos} `}`;
  return `commission_rates:<rate:"${rate}" max_rate:"${maxRate}" max_change_rate:"${maxChangeRate}" > update_time:<${time}> `;
}
