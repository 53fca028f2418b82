import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { ValAddress } from "../../../core/address.js";
import { publicKeyFromAny } from "../../../core/crypto/public-key.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { ValidatorUpdate } from "../../../core/runtime/module.js";
import type { HookList } from "./hooks.js";
import type { Pools } from "./pools.js";
import type { StakingState } from "./state.js";
import type { ValidatorRecord } from "./validator.js";
import { consAddressOf, potentialPower } from "./validator.js";
import type { Validators } from "./validators.js";

/** How many validators end their unbonding in one block at most; the others wait for the next one. */
export const UNBONDED_PER_BLOCK = 500;

export interface ActiveSetParts {
  readonly state: StakingState;
  readonly hooks: HookList;
  readonly pools: Pools;
  readonly validators: Validators;
  readonly maxValidators: (ctx: ReadContext) => number;
  readonly unbondingNanos: (ctx: ReadContext) => bigint;
}

/** The validators that CometBFT works with. x/staking/keeper/val_state_change.go. */
export class ActiveSet {
  readonly #parts: ActiveSetParts;

  constructor(parts: ActiveSetParts) {
    this.#parts = parts;
  }

  /**
   * Makes the strongest `max_validators` the active set, and returns how it differs from the last one. When nobody is left
   * who could be active, the last set stays as it is, jailed validators included: CometBFT cannot go on without any, and
   * the set changes with the first one that is unjailed or created.
   */
  update(ctx: Context): readonly ValidatorUpdate[] {
    const { state, validators, pools } = this.#parts;
    const strongest = this.#strongest(ctx);
    if (strongest.length === 0) return [];
    const leaving = new Map<ValAddress, bigint>(state.lastPowers.entries(ctx));
    const updates: ValidatorUpdate[] = [];
    let toBonded = 0n;
    let totalPower = 0n;
    for (const record of strongest) {
      if (record.status !== BondStatus.BONDED) {
        this.#bond(ctx, record);
        toBonded += record.tokens;
      }
      const power = potentialPower(record);
      if (leaving.get(record.operator) !== power) {
        updates.push(updateOf(record, power));
        state.lastPowers.set(ctx, record.operator, power);
      }
      leaving.delete(record.operator);
      totalPower += power;
    }
    // In byte order of operators: so they came out of the store.
    for (const operator of leaving.keys()) {
      const record = validators.require(ctx, operator);
      this.#beginUnbonding(ctx, record);
      toBonded -= record.tokens;
      state.lastPowers.remove(ctx, operator);
      updates.push(updateOf(record, 0n));
    }
    if (toBonded > 0n) pools.move(ctx, toBonded, { toBonded: true });
    else pools.move(ctx, -toBonded, { toBonded: false });
    if (updates.length > 0) {
      state.lastTotalPower.set(ctx, totalPower);
      validators.markValset(ctx);
    }
    return updates;
  }

  #strongest(ctx: ReadContext): readonly ValidatorRecord[] {
    const limit = this.#parts.maxValidators(ctx);
    const strongest: ValidatorRecord[] = [];
    for (const record of this.#parts.validators.byPower(ctx)) {
      if (strongest.length === limit || potentialPower(record) === 0n) break;
      strongest.push(record);
    }
    return strongest;
  }

  /**
   * Nobody is active any more, and everybody is jailed: for a network that begins anew on a copied state, with validators
   * that CometBFT's genesis names.
   */
  retireAll(ctx: Context): void {
    const { state, validators, pools } = this.#parts;
    let toNotBonded = 0n;
    for (const operator of [...state.lastPowers.keys(ctx)]) {
      const record = validators.require(ctx, operator);
      this.#beginUnbonding(ctx, record);
      toNotBonded += record.tokens;
      state.lastPowers.remove(ctx, operator);
    }
    pools.move(ctx, toNotBonded, { toBonded: false });
    state.lastTotalPower.remove(ctx);
    validators.markValset(ctx);
    for (const [, record] of [...state.validators.entries(ctx)]) {
      if (!record.jailed) validators.jail(ctx, record);
    }
  }

  #bond(ctx: Context, record: ValidatorRecord): void {
    this.#parts.validators.set(ctx, { ...record, status: BondStatus.BONDED });
    this.#parts.hooks.afterValidatorBonded(ctx, consAddressOf(record), record.operator);
  }

  #beginUnbonding(ctx: Context, record: ValidatorRecord): void {
    if (record.status !== BondStatus.BONDED) throw new Error("a validator leaves the active set that was not bonded");
    const { state, validators, hooks, unbondingNanos } = this.#parts;
    validators.set(ctx, {
      ...record,
      status: BondStatus.UNBONDING,
      unbondingTimeNanos: ctx.block.timeNanos + unbondingNanos(ctx),
      unbondingHeight: ctx.block.height,
      unbondingIds: [...record.unbondingIds, state.unbondingIds.next(ctx)],
    });
    hooks.afterValidatorBeginUnbonding(ctx, consAddressOf(record), record.operator);
  }

  /** Validators whose time has come are unbonded; those that nobody delegates to any more go. */
  completeUnbonding(ctx: Context): void {
    const { state, validators } = this.#parts;
    const mature: ValAddress[] = [];
    for (const [time, operator] of state.unbondingValidators.refs.keys(ctx)) {
      if (time > ctx.block.timeNanos || mature.length === UNBONDED_PER_BLOCK) break;
      mature.push(operator);
    }
    for (const operator of mature) {
      const record = validators.require(ctx, operator);
      const unbonded = { ...record, status: BondStatus.UNBONDED, unbondingIds: [] };
      validators.set(ctx, unbonded);
      if (record.delegatorShares === 0n) validators.remove(ctx, unbonded);
    }
  }
}

export function updateOf(record: ValidatorRecord, power: bigint): ValidatorUpdate {
  const key = publicKeyFromAny(record.consensusPubKey);
  if (key.kind !== "ed25519") throw new Error(`the consensus key of a validator is ${key.kind}`);
  return { pubKeyType: "ed25519", pubKey: key.key, power };
}
