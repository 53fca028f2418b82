import type { AccAddress, ConsAddress, ValAddress } from "../../core/address.js";
import type { Dec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";

/** Module accounts, named as cosmos-sdk names them: clients and explorers know their addresses. */
export const BONDED_POOL = "bonded_tokens_pool";
export const NOT_BONDED_POOL = "not_bonded_tokens_pool";
export const DISTRIBUTION_ACCOUNT = "distribution";

export type BondStatus = "unbonded" | "unbonding" | "bonded";

/** A validator as other modules see it. */
export interface ValidatorView {
  readonly operator: ValAddress;
  readonly consAddress: ConsAddress;
  readonly status: BondStatus;
  readonly jailed: boolean;
  /** Base units that are delegated to it, its own included. */
  readonly tokens: bigint;
  /** What all delegations to it add up to. `tokens ÷ delegatorShares` is worth one share. */
  readonly delegatorShares: Dec;
  readonly commissionRate: Dec;
  readonly minSelfDelegation: bigint;
}

export interface DelegationView {
  readonly delegator: AccAddress;
  readonly validator: ValAddress;
  readonly shares: Dec;
}

/** What other modules may ask of staking. Delegations are as they are after every slash that is on record, settled or not. */
export interface StakingReader {
  bondDenom(ctx: ReadContext): string;
  /** Seconds that an undelegation takes. */
  unbondingSeconds(ctx: ReadContext): bigint;
  /** Base units of a unit of CometBFT's power; 10^6. */
  readonly powerReduction: bigint;
  validator(ctx: ReadContext, operator: ValAddress): ValidatorView | undefined;
  validatorByConsAddress(ctx: ReadContext, address: ConsAddress): ValidatorView | undefined;
  /** All validators, in byte order of their operators. Their number is bounded by nothing but fees: for genesis and queries. */
  validators(ctx: ReadContext): Iterable<ValidatorView>;
  /** The bonded ones, strongest first; at most `max_validators`. */
  bondedValidators(ctx: ReadContext): readonly ValidatorView[];
  /** Base units in the bonded pool. */
  totalBonded(ctx: ReadContext): bigint;
  delegation(ctx: ReadContext, delegator: AccAddress, validator: ValAddress): DelegationView | undefined;
  /** In byte order of the validators. As many as the delegator paid for. */
  delegationsOf(ctx: ReadContext, delegator: AccAddress): Iterable<DelegationView>;
  /** All delegations, by delegator and validator: for genesis, invariants and simulations only. */
  delegations(ctx: ReadContext): Iterable<DelegationView>;
  /**
   * Lets a delegation bear the slashes of redelegated stake that are on record and were not its turn yet, with all hooks.
   * Whoever keeps something of his own beside a delegation calls it before he touches that.
   */
  settle(ctx: Context, delegator: AccAddress, validator: ValAddress): void;
  /** The state as {@link settle} would leave it, for questions; `ctx` itself when nothing is pending. */
  asSettled(ctx: ReadContext, delegator: AccAddress, validator: ValAddress): ReadContext;
}

/** What slashing and evidence may do to a validator. */
export interface StakingPowers {
  /**
   * Burns `fraction` of the stake that `power` stood for at `infractionHeight`: of the validator's tokens, and of what was
   * undelegated or redelegated from it since. Returns the base units that are burned of its own tokens, as cosmos-sdk does:
   * what left it may bear its part over the blocks that follow (staking/README.md).
   */
  slash(
    ctx: Context,
    slash: {
      readonly validator: ConsAddress;
      readonly infractionHeight: bigint;
      readonly power: bigint;
      readonly fraction: Dec;
      readonly reason: "downtime" | "double-sign";
    },
  ): bigint;
  jail(ctx: Context, validator: ConsAddress): void;
  unjail(ctx: Context, validator: ConsAddress): void;
}

/**
 * What staking tells others, at the moments and in the order in which cosmos-sdk 0.53 does (x/staking/types StakingHooks).
 * Hooks run inside of the change; what they throw undoes it. Whoever listens is named where the chain is put together.
 */
export interface StakingHooks {
  afterValidatorCreated?(ctx: Context, validator: ValAddress): void;
  beforeValidatorModified?(ctx: Context, validator: ValAddress): void;
  afterValidatorRemoved?(ctx: Context, consAddress: ConsAddress, validator: ValAddress): void;
  /** It came into the active set. */
  afterValidatorBonded?(ctx: Context, consAddress: ConsAddress, validator: ValAddress): void;
  /** It left the active set. */
  afterValidatorBeginUnbonding?(ctx: Context, consAddress: ConsAddress, validator: ValAddress): void;
  beforeDelegationCreated?(ctx: Context, delegator: AccAddress, validator: ValAddress): void;
  /** Before a delegation's shares become more or less, by a message or by the settling of a slashed redelegation. */
  beforeDelegationSharesModified?(ctx: Context, delegator: AccAddress, validator: ValAddress): void;
  beforeDelegationRemoved?(ctx: Context, delegator: AccAddress, validator: ValAddress): void;
  afterDelegationModified?(ctx: Context, delegator: AccAddress, validator: ValAddress): void;
  /** Before a validator's tokens are cut; `fraction` is of the tokens that it has now, at most 1. */
  beforeValidatorSlashed?(ctx: Context, validator: ValAddress, fraction: Dec): void;
}

/** What others may ask distribution to do. */
export interface CommunityPool {
  /** From an account, with the consent of its owner, into the community pool. */
  fund(ctx: Context, from: AccAddress, coins: readonly { readonly denom: string; readonly amount: bigint }[]): void;
  /** Out of the community pool. Throws `distribution` errors when there is too little. */
  spend(ctx: Context, to: AccAddress, coins: readonly { readonly denom: string; readonly amount: bigint }[]): void;
}
