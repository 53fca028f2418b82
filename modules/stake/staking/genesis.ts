import type { GenesisState } from "@computronium/proto/cosmos/staking/v1beta1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/staking/v1beta1/genesis_pb.js";
import type { Validator } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { BondStatus, DelegationSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { nanosOfTimestamp } from "../../../core/codec/timestamps.js";
import { RegisteredError } from "../../../core/errors.js";
import { parseAmount } from "../../../core/math/amount.js";
import { decFromRaw, parseRawDec } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { GenesisError } from "../../../core/runtime/genesis.js";
import type { GenesisPart, ValidatorUpdate } from "../../../core/runtime/module.js";
import { updateOf } from "./active-set.js";
import type { StakingKeeper } from "./keeper.js";
import { defaultParams, paramProblems } from "./params.js";
import { MAX_UNBONDING_ID } from "./unbonding-ids.js";
import type { ValidatorRecord } from "./validator.js";
import {
  consAddressOf,
  potentialPower,
  ValidatorFieldError,
  validatorFromMessage,
  validatorMessage,
} from "./validator.js";
import { MAX_VALIDATOR_POWER } from "./validators.js";

/** Times in queues are unsigned: none before 1970. */
const MAX_TIME_NANOS = (1n << 64n) - 1n;

/** cosmos.staking.v1beta1.GenesisState, as x/staking/keeper/genesis.go reads and writes it. */
export function stakingGenesis(keeper: StakingKeeper, bondDenom: string): GenesisPart<typeof GenesisStateSchema> {
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, { params: defaultParams(bondDenom) }),
    validate: (state) => problems(keeper.deps.addresses, state),
    init: (ctx, state) => init(ctx, keeper, state),
    export: (ctx) => exportState(ctx, keeper),
  };
}

function problems(addresses: Addresses, state: GenesisState): readonly string[] {
  const found: string[] = [];
  const attempt = (where: string, read: () => void) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof RegisteredError || error instanceof ValidatorFieldError)) throw error;
      found.push(`${where}: ${error.message}`);
    }
  };
  const check = (where: string, isFine: boolean, problem: string) => {
    if (!isFine) found.push(`${where}: ${problem}`);
  };
  if (state.params === undefined) found.push("params: missing");
  else for (const problem of paramProblems(state.params)) found.push(`params.${problem}`);

  const operators = new Set<string>();
  const keys = new Set<string>();
  const kept = keptWithoutSuccessor(state);
  state.validators.forEach((message, i) => {
    const at = `validators[${i}]`;
    attempt(at, () => {
      const record = validatorFromMessage(addresses, message);
      const consAddress = consAddressOf(record);
      check(at, !operators.has(message.operatorAddress), "the operator is there twice");
      check(at, !keys.has(consAddress), "the consensus key is there twice");
      operators.add(message.operatorAddress);
      keys.add(consAddress);
      for (const problem of recordProblems(record, kept.has(message.operatorAddress))) found.push(`${at}: ${problem}`);
    });
  });
  const seen = new Set<string>();
  const unique = (where: string, ...parts: readonly string[]) => {
    const key = parts.join("/");
    check(where, !seen.has(key), "is there twice");
    seen.add(key);
  };
  const known = (where: string, validator: string) =>
    check(where, operators.has(validator), `${validator} is no validator of this genesis`);
  state.delegations.forEach(({ delegatorAddress, validatorAddress, shares }, i) => {
    const at = `delegations[${i}]`;
    attempt(at, () => void addresses.account.decode(delegatorAddress));
    known(at, validatorAddress);
    unique(at, "delegation", delegatorAddress, validatorAddress);
    check(at, (parseRawDec(shares) ?? 0n) > 0n, "shares are not positive");
  });
  const entry = (
    at: string,
    {
      creationHeight,
      completionTime,
      unbondingId,
    }: {
      creationHeight: bigint;
      completionTime?: Parameters<typeof nanosOfTimestamp>[0];
      unbondingId: bigint;
    },
    amounts: readonly string[],
  ) => {
    const time = nanosOfTimestamp(completionTime);
    check(at, creationHeight >= 0n, "creation_height is negative");
    check(at, time >= 0n && time <= MAX_TIME_NANOS, "completion_time is out of range");
    check(at, unbondingId <= MAX_UNBONDING_ID, `unbonding_id is more than ${MAX_UNBONDING_ID}`);
    for (const amount of amounts) check(at, parseAmount(amount) !== undefined, `"${amount}" is no amount`);
  };
  state.unbondingDelegations.forEach(({ delegatorAddress, validatorAddress, entries }, i) => {
    const at = `unbonding_delegations[${i}]`;
    attempt(at, () => {
      addresses.account.decode(delegatorAddress);
      // The validator may have gone meanwhile.
      addresses.validator.decode(validatorAddress);
    });
    unique(at, "unbonding", delegatorAddress, validatorAddress);
    check(at, entries.length > 0, "has no entries");
    entries.forEach((e, j) => entry(`${at}.entries[${j}]`, e, [e.initialBalance, e.balance]));
  });
  state.redelegations.forEach(({ delegatorAddress, validatorSrcAddress, validatorDstAddress, entries }, i) => {
    const at = `redelegations[${i}]`;
    attempt(at, () => {
      addresses.account.decode(delegatorAddress);
      addresses.validator.decode(validatorSrcAddress);
      addresses.validator.decode(validatorDstAddress);
    });
    unique(at, "redelegation", delegatorAddress, validatorSrcAddress, validatorDstAddress);
    check(at, entries.length > 0, "has no entries");
    entries.forEach((e, j) => {
      entry(`${at}.entries[${j}]`, e, [e.initialBalance]);
      check(`${at}.entries[${j}]`, (parseRawDec(e.sharesDst) ?? -1n) >= 0n, "shares_dst is no decimal");
    });
  });
  state.lastValidatorPowers.forEach(({ address, power }, i) => {
    known(`last_validator_powers[${i}]`, address);
    check(`last_validator_powers[${i}]`, power > 0n, "power is not positive");
  });
  return found;
}

/**
 * Operators of the last active set of an exported chain on which nobody could be active any more: these stay bonded, jailed or
 * without shares as they may be ({@link ActiveSet.update}).
 */
function keptWithoutSuccessor({ exported, validators, lastValidatorPowers }: GenesisState): ReadonlySet<string> {
  const hasSuccessor = validators.some(({ jailed, tokens }) => {
    const amount = parseAmount(tokens);
    return !jailed && amount !== undefined && potentialPower({ tokens: amount }) > 0n;
  });
  return new Set(exported && !hasSuccessor ? lastValidatorPowers.map(({ address }) => address) : []);
}

function recordProblems(record: ValidatorRecord, isKept: boolean): readonly string[] {
  const { status, jailed, delegatorShares, unbondingTimeNanos, unbondingIds } = record;
  const found: string[] = [];
  if (status === BondStatus.UNSPECIFIED) found.push("has no status");
  if (jailed && status === BondStatus.BONDED && !isKept) found.push("is bonded and jailed");
  if (delegatorShares === 0n && status !== BondStatus.UNBONDING && !isKept) found.push("has no delegator shares");
  if (potentialPower(record) > MAX_VALIDATOR_POWER) found.push(`has a power of more than ${MAX_VALIDATOR_POWER}`);
  if (status === BondStatus.UNBONDING && (unbondingTimeNanos < 0n || unbondingTimeNanos > MAX_TIME_NANOS)) {
    found.push("unbonding_time is out of range");
  }
  if (unbondingIds.some((id) => id > MAX_UNBONDING_ID)) found.push(`has an unbonding_id above ${MAX_UNBONDING_ID}`);
  return found;
}

/** 0 where there is none. */
function greatestUnbondingId({ validators, unbondingDelegations, redelegations }: GenesisState): bigint {
  let greatest = 0n;
  for (const { unbondingIds } of validators) for (const id of unbondingIds) if (id > greatest) greatest = id;
  for (const { entries } of [...unbondingDelegations, ...redelegations]) {
    for (const { unbondingId } of entries) if (unbondingId > greatest) greatest = unbondingId;
  }
  return greatest;
}

function init(ctx: Context, keeper: StakingKeeper, genesis: GenesisState): readonly ValidatorUpdate[] {
  const { addresses } = keeper.deps;
  const { state, validators, delegations, unbondings, redelegations, hooks, pools, activeSet } = keeper.parts;
  if (genesis.params === undefined) throw new Error("app_state.staking.params: missing");
  state.params.set(ctx, genesis.params);
  let bonded = 0n;
  let notBonded = 0n;
  // There from the start, so that reading it costs the same before the first slash.
  state.slashIds.set(ctx, 1n);
  for (const message of genesis.validators) {
    const record = validatorFromMessage(addresses, message);
    validators.insert(ctx, record);
    if (!genesis.exported) hooks.afterValidatorCreated(ctx, record.operator);
    if (record.status === BondStatus.BONDED) bonded += record.tokens;
    else notBonded += record.tokens;
  }
  for (const { delegatorAddress, validatorAddress, shares } of genesis.delegations) {
    const delegator = addresses.account.decode(delegatorAddress);
    const validator = addresses.validator.decode(validatorAddress);
    if (!genesis.exported) hooks.beforeDelegationCreated(ctx, delegator, validator);
    delegations.set(ctx, delegator, validator, decFromRaw(BigInt(shares)));
    if (!genesis.exported) hooks.afterDelegationModified(ctx, delegator, validator);
  }
  state.unbondingIds.follow(ctx, greatestUnbondingId(genesis));
  for (const unbonding of genesis.unbondingDelegations) {
    const delegator = addresses.account.decode(unbonding.delegatorAddress);
    unbondings.insert(ctx, [delegator, addresses.validator.decode(unbonding.validatorAddress)], unbonding);
    for (const { balance } of unbonding.entries) notBonded += BigInt(balance);
  }
  for (const redelegation of genesis.redelegations) {
    const delegator = addresses.account.decode(redelegation.delegatorAddress);
    const source = addresses.validator.decode(redelegation.validatorSrcAddress);
    const destination = addresses.validator.decode(redelegation.validatorDstAddress);
    redelegations.insert(ctx, [delegator, [source, destination]], redelegation);
  }
  for (const [isBonded, expected, name] of [
    [true, bonded, "bonded"],
    [false, notBonded, "not bonded"],
  ] as const) {
    const balance = pools.balance(ctx, isBonded);
    if (balance !== expected) {
      throw new GenesisError([
        `app_state.staking: ${name} pool balance is different from ${name} coins: ${balance} <-> ${expected}`,
      ]);
    }
  }
  if (!genesis.exported) return activeSet.update(ctx);
  let total = 0n;
  const updates = genesis.lastValidatorPowers.map(({ address, power }) => {
    const operator = addresses.validator.decode(address);
    state.lastPowers.set(ctx, operator, power);
    total += power;
    return updateOf(validators.require(ctx, operator), power);
  });
  if (total > 0n) state.lastTotalPower.set(ctx, total);
  return updates;
}

function exportState(ctx: ReadContext, keeper: StakingKeeper): GenesisState {
  const { addresses } = keeper.deps;
  const { state } = keeper.parts;
  const validators: Validator[] = [];
  for (const [, record] of state.validators.entries(ctx)) validators.push(validatorMessage(addresses, record));
  const last = [...state.lastPowers.entries(ctx)];
  return create(GenesisStateSchema, {
    params: keeper.params(ctx),
    lastTotalPower: Buffer.from((state.lastTotalPower.get(ctx) ?? 0n).toString(), "latin1"),
    lastValidatorPowers: last.map(([operator, power]) => ({ address: addresses.validator.encode(operator), power })),
    validators,
    delegations: [...state.delegations.entries(ctx)].map(([[delegator, validator], shares]) =>
      create(DelegationSchema, {
        delegatorAddress: addresses.account.encode(delegator),
        validatorAddress: addresses.validator.encode(validator),
        shares: shares.toString(),
      }),
    ),
    unbondingDelegations: [...state.unbondings.entries(ctx)].flatMap(([, { unbonding }]) => unbonding ?? []),
    redelegations: [...state.redelegations.entries(ctx)].flatMap(([, { redelegation }]) => redelegation ?? []),
    exported: true,
  });
}
