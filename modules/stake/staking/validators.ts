import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { ConsAddress, ValAddress } from "../../../core/address.js";
import { ErrInvalidRequest } from "../../../core/errors.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { ErrNoValidatorFound } from "./errors.js";
import type { HookList } from "./hooks.js";
import type { StakingState } from "./state.js";
import type { ValidatorRecord } from "./validator.js";
import { consAddressOf, potentialPower } from "./validator.js";

/**
 * Power that one validator can reach at most. A thousand of them, as many as the parameters allow, stay below
 * CometBFT's bound of all power (types.MaxTotalVotingPower, 2^60-1), beyond which it stops.
 */
export const MAX_VALIDATOR_POWER = 1n << 50n;

/** Records of validators with their indexes. Tokens and status follow what delegations, slashes and the active set do. */
export class Validators {
  readonly #state: StakingState;
  readonly #hooks: HookList;

  constructor(state: StakingState, hooks: HookList) {
    this.#state = state;
    this.#hooks = hooks;
  }

  get(ctx: ReadContext, operator: ValAddress): ValidatorRecord | undefined {
    return this.#state.validators.get(ctx, operator);
  }

  /** Throws `staking` 3 where there is none. */
  require(ctx: ReadContext, operator: ValAddress): ValidatorRecord {
    const record = this.get(ctx, operator);
    if (record === undefined) throw ErrNoValidatorFound.plain();
    return record;
  }

  byConsAddress(ctx: ReadContext, address: ConsAddress): ValidatorRecord | undefined {
    const operator = this.#state.validatorByConsensus.get(ctx, address);
    return operator === undefined ? undefined : this.get(ctx, operator);
  }

  /** A validator that was not there before. */
  insert(ctx: Context, record: ValidatorRecord): void {
    this.set(ctx, record);
    this.#state.validatorByConsensus.set(ctx, consAddressOf(record), record.operator);
  }

  /** Throws `sdk` 18 for more tokens than one validator may hold. */
  set(ctx: Context, record: ValidatorRecord): void {
    if (potentialPower(record) > MAX_VALIDATOR_POWER) {
      throw ErrInvalidRequest.with(`a validator cannot have a power of more than ${MAX_VALIDATOR_POWER}`);
    }
    this.#state.validators.set(ctx, record.operator, record);
    if (record.status === BondStatus.BONDED) this.markValset(ctx);
  }

  /** The validators of the next block are to be kept anew. */
  markValset(ctx: Context): void {
    if (this.#state.valsetIsStale.get(ctx) !== true) this.#state.valsetIsStale.set(ctx, true);
  }

  /** Forgets a validator that nobody delegates to any more, once it is unbonded. */
  remove(ctx: Context, { operator }: ValidatorRecord): void {
    const record = this.require(ctx, operator);
    if (record.status !== BondStatus.UNBONDED || record.tokens > 0n) {
      throw new Error("a validator is removed while it is bonded, unbonding or has tokens");
    }
    const consAddress = consAddressOf(record);
    this.#state.validators.remove(ctx, operator);
    this.#state.validatorByConsensus.remove(ctx, consAddress);
    this.#hooks.afterValidatorRemoved(ctx, consAddress, operator);
  }

  /** Out of the active set at the end of this block, until it is unjailed. */
  jail(ctx: Context, record: ValidatorRecord): ValidatorRecord {
    if (record.jailed) throw new Error("a jailed validator is jailed again");
    const jailed = { ...record, jailed: true };
    this.set(ctx, jailed);
    return jailed;
  }

  unjail(ctx: Context, record: ValidatorRecord): void {
    if (!record.jailed) throw new Error("a validator is unjailed that is not jailed");
    this.set(ctx, { ...record, jailed: false });
  }

  /** The strongest first; of equal power the one with the smaller address. Jailed ones are left out. */
  *byPower(ctx: ReadContext): IterableIterator<ValidatorRecord> {
    for (const [, operator] of this.#state.byPower.refs.keys(ctx)) yield this.require(ctx, operator);
  }

  /** The active set as of the end of the last block, in byte order of operators. */
  *last(ctx: ReadContext): IterableIterator<readonly [record: ValidatorRecord, power: bigint]> {
    for (const [operator, power] of this.#state.lastPowers.entries(ctx)) yield [this.require(ctx, operator), power];
  }
}
