import type { AccAddress, ConsAddress, ValAddress } from "../../../core/address.js";
import type { Dec } from "../../../core/math/dec.js";
import type { Context } from "../../../core/runtime/context.js";
import type { StakingHooks } from "../types.js";

/** Tells all listeners, in the order in which they were named. */
export class HookList implements Required<StakingHooks> {
  #listeners: readonly StakingHooks[] = [];

  /** Once, where the chain is put together: some listeners need the keeper that calls them. */
  set(listeners: readonly StakingHooks[]): void {
    if (this.#listeners.length > 0) throw new Error("the listeners of staking are set already");
    this.#listeners = listeners;
  }

  afterValidatorCreated(ctx: Context, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.afterValidatorCreated?.(ctx, validator);
  }

  beforeValidatorModified(ctx: Context, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.beforeValidatorModified?.(ctx, validator);
  }

  afterValidatorRemoved(ctx: Context, consAddress: ConsAddress, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.afterValidatorRemoved?.(ctx, consAddress, validator);
  }

  afterValidatorBonded(ctx: Context, consAddress: ConsAddress, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.afterValidatorBonded?.(ctx, consAddress, validator);
  }

  afterValidatorBeginUnbonding(ctx: Context, consAddress: ConsAddress, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.afterValidatorBeginUnbonding?.(ctx, consAddress, validator);
  }

  beforeDelegationCreated(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.beforeDelegationCreated?.(ctx, delegator, validator);
  }

  beforeDelegationSharesModified(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.beforeDelegationSharesModified?.(ctx, delegator, validator);
  }

  beforeDelegationRemoved(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.beforeDelegationRemoved?.(ctx, delegator, validator);
  }

  afterDelegationModified(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    for (const listener of this.#listeners) listener.afterDelegationModified?.(ctx, delegator, validator);
  }

  beforeValidatorSlashed(ctx: Context, validator: ValAddress, fraction: Dec): void {
    for (const listener of this.#listeners) listener.beforeValidatorSlashed?.(ctx, validator, fraction);
  }
}
