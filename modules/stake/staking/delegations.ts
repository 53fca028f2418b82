import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ZERO, decAdd, decSub, decTruncateInt, formatDec } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { ErrDelegatorShareExRateInvalid, ErrNoDelegatorForAddress, ErrNotEnoughDelegationShares } from "./errors.js";
import type { HookList } from "./hooks.js";
import type { Pools } from "./pools.js";
import { addTokens, hasInvalidRate, removeShares, tokensFromShares } from "./shares.js";
import type { StakingState } from "./state.js";
import type { ValidatorRecord } from "./validator.js";
import type { Validators } from "./validators.js";

/** Where the coins of a delegation come from: the delegator's account, or one of the pools, in which they are already. */
export type StakeSource = "account" | "bonded-pool" | "not-bonded-pool";

export interface DelegationsParts {
  readonly state: StakingState;
  readonly hooks: HookList;
  readonly pools: Pools;
  readonly validators: Validators;
  readonly bondDenom: (ctx: ReadContext) => string;
}

/**
 * Who has how many shares of whom. Whoever calls has settled the slashes that the delegation still has to bear
 * ({@link Slashes.settle}).
 */
export class Delegations {
  readonly #parts: DelegationsParts;

  constructor(parts: DelegationsParts) {
    this.#parts = parts;
  }

  shares(ctx: ReadContext, delegator: AccAddress, validator: ValAddress): Dec | undefined {
    return this.#parts.state.delegations.get(ctx, [delegator, validator]);
  }

  /** Writes a delegation and its index. */
  set(ctx: Context, delegator: AccAddress, validator: ValAddress, shares: Dec): void {
    const { delegations, delegatorsOf } = this.#parts.state;
    delegations.set(ctx, [delegator, validator], shares);
    delegatorsOf.add(ctx, [validator, delegator]);
  }

  /**
   * Coins become stake of a validator. Returns the shares that they became. Throws `staking` 34 when the validator has
   * lost all it had, `sdk` 5 when the account has too little.
   */
  delegate(
    ctx: Context,
    {
      delegator,
      validator,
      amount,
      source,
    }: {
      readonly delegator: AccAddress;
      readonly validator: ValidatorRecord;
      readonly amount: bigint;
      readonly source: StakeSource;
    },
  ): Dec {
    const { hooks, pools, validators } = this.#parts;
    const { operator } = validator;
    if (hasInvalidRate(validator)) throw ErrDelegatorShareExRateInvalid.plain();
    const before = this.shares(ctx, delegator, operator);
    if (before === undefined) hooks.beforeDelegationCreated(ctx, delegator, operator);
    else hooks.beforeDelegationSharesModified(ctx, delegator, operator);

    const isBonded = validator.status === BondStatus.BONDED;
    if (source === "account") {
      pools.of(isBonded).delegate(ctx, delegator, { denom: this.#parts.bondDenom(ctx), amount });
    } else if ((source === "bonded-pool") !== isBonded) {
      pools.move(ctx, amount, { toBonded: isBonded });
    }
    const { pool, shares } = addTokens(validator, amount);
    validators.set(ctx, pool);
    this.set(ctx, delegator, operator, decAdd(before ?? DEC_ZERO, shares));
    hooks.afterDelegationModified(ctx, delegator, operator);
    return shares;
  }

  /**
   * Shares become coins again, which stay in the pool of the validator's status. Returns how many. Jails a validator whose
   * own delegation falls below its minimum. Throws `staking` 21 and 24 where there are not as many shares.
   */
  unbond(ctx: Context, delegator: AccAddress, operator: ValAddress, shares: Dec): bigint {
    const { hooks, validators, state } = this.#parts;
    if (this.shares(ctx, delegator, operator) === undefined) throw ErrNoDelegatorForAddress.plain();
    hooks.beforeDelegationSharesModified(ctx, delegator, operator);
    const before = this.shares(ctx, delegator, operator) ?? DEC_ZERO;
    if (before < shares) throw ErrNotEnoughDelegationShares.with(formatDec(before));
    let validator = validators.require(ctx, operator);
    const left = decSub(before, shares);

    const isOperator = (delegator as string) === (operator as string);
    const ownTokens = () => decTruncateInt(tokensFromShares(validator, left));
    if (isOperator && !validator.jailed && ownTokens() < validator.minSelfDelegation) {
      validator = validators.jail(ctx, validator);
    }
    if (left === 0n) {
      hooks.beforeDelegationRemoved(ctx, delegator, operator);
      state.delegations.remove(ctx, [delegator, operator]);
      state.delegatorsOf.remove(ctx, [operator, delegator]);
    } else {
      this.set(ctx, delegator, operator, left);
      hooks.afterDelegationModified(ctx, delegator, operator);
    }
    const { pool, tokens } = removeShares(validator, shares);
    validators.set(ctx, pool);
    // One that is not unbonded yet goes when it is.
    if (pool.delegatorShares === 0n && pool.status === BondStatus.UNBONDED) validators.remove(ctx, pool);
    return tokens;
  }
}
