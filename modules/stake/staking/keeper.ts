import type { Params } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { AccAddress, Addresses, ConsAddress, ValAddress } from "../../../core/address.js";
import { nanosOfDuration } from "../../../core/codec/timestamps.js";
import type { Dec } from "../../../core/math/dec.js";
import { decFromRaw } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";
import type { ValidatorUpdate } from "../../../core/runtime/module.js";
import type { DelegationView, StakingHooks, StakingPowers, StakingReader, ValidatorView } from "../types.js";
import { ActiveSet, updateOf } from "./active-set.js";
import { Delegations } from "./delegations.js";
import type { ReadConsensusParams, StakePurse } from "./expected.js";
import { History } from "./history.js";
import { HookList } from "./hooks.js";
import { Liabilities } from "./liabilities.js";
import { Maturity } from "./maturity.js";
import { Pools } from "./pools.js";
import { Redelegations } from "./redelegations.js";
import type { SettlementPace, SlashesParts } from "./slashes.js";
import { Slashes } from "./slashes.js";
import { stakingState } from "./state.js";
import { Unbondings } from "./unbondings.js";
import type { ValidatorRecord } from "./validator.js";
import { POWER_REDUCTION, potentialPower, viewOf } from "./validator.js";
import { Validators } from "./validators.js";

export interface StakingDeps {
  readonly addresses: Addresses;
  /** May change the parameters: the account of the governance module. */
  readonly authority: AccAddress;
  readonly bondedPurse: StakePurse;
  readonly notBondedPurse: StakePurse;
  /** Which kinds of keys CometBFT takes. */
  readonly consensusParams: ReadConsensusParams;
  /** Other than that of the chain, in tests that look at what is between a slash and its settlement. */
  readonly pace?: SettlementPace | undefined;
}

/** State without what genesis always writes. It means that the database is damaged. */
export class MissingStateError extends Error {
  override readonly name = "MissingStateError";
}

/** What staking is made of. Its own messages and queries work with these; others get the keeper. */
export interface StakingParts extends Omit<SlashesParts, "pace"> {
  readonly slashes: Slashes;
  readonly activeSet: ActiveSet;
  readonly history: History;
  readonly maturity: Maturity;
}

/** Delegated proof of stake: the parts of it, put together, and what other modules may ask and do. */
export class StakingKeeper implements StakingReader, StakingPowers {
  readonly deps: StakingDeps;
  readonly parts: StakingParts;
  readonly powerReduction = POWER_REDUCTION;

  constructor(deps: StakingDeps) {
    this.deps = deps;
    const { addresses } = deps;
    const state = stakingState(addresses);
    const hooks = new HookList();
    const bondDenom = (ctx: ReadContext) => this.bondDenom(ctx);
    const pools = new Pools({ bonded: deps.bondedPurse, notBonded: deps.notBondedPurse, denom: bondDenom });
    const validators = new Validators(state, hooks);
    const liabilities = new Liabilities(state);
    const unbondings = new Unbondings(state, addresses, liabilities);
    const redelegations = new Redelegations(state, addresses, liabilities);
    const delegations = new Delegations({ state, hooks, pools, validators, bondDenom });
    const entries = { unbondings, redelegations, liabilities };
    const slashes = new Slashes({ state, hooks, pools, validators, delegations, ...entries, pace: deps.pace });
    this.parts = {
      state,
      hooks,
      pools,
      validators,
      delegations,
      ...entries,
      slashes,
      history: new History(state, addresses, validators),
      maturity: new Maturity({ state, addresses, pools, unbondings, redelegations, slashes, bondDenom }),
      activeSet: new ActiveSet({
        state,
        hooks,
        pools,
        validators,
        maxValidators: (ctx) => this.params(ctx).maxValidators,
        unbondingNanos: (ctx) => this.unbondingNanos(ctx),
      }),
    };
  }

  /** Names who is told of changes; once, where the chain is put together. */
  listen(listeners: readonly StakingHooks[]): void {
    this.parts.hooks.set(listeners);
  }

  params(ctx: ReadContext): Params {
    const params = this.parts.state.params.get(ctx);
    if (params === undefined) throw new MissingStateError("staking has no parameters");
    return params;
  }

  bondDenom(ctx: ReadContext): string {
    return this.params(ctx).bondDenom;
  }

  unbondingNanos(ctx: ReadContext): bigint {
    return nanosOfDuration(this.params(ctx).unbondingTime);
  }

  unbondingSeconds(ctx: ReadContext): bigint {
    return this.unbondingNanos(ctx) / NANOS_PER_SECOND;
  }

  minCommissionRate(ctx: ReadContext): Dec {
    return decFromRaw(BigInt(this.params(ctx).minCommissionRate));
  }

  validator(ctx: ReadContext, operator: ValAddress): ValidatorView | undefined {
    return optionalView(this.parts.validators.get(ctx, operator));
  }

  validatorByConsAddress(ctx: ReadContext, address: ConsAddress): ValidatorView | undefined {
    return optionalView(this.parts.validators.byConsAddress(ctx, address));
  }

  *validators(ctx: ReadContext): IterableIterator<ValidatorView> {
    for (const [, record] of this.parts.state.validators.entries(ctx)) yield viewOf(record);
  }

  bondedValidators(ctx: ReadContext): readonly ValidatorView[] {
    const bonded: ValidatorView[] = [];
    const limit = this.params(ctx).maxValidators;
    for (const record of this.parts.validators.byPower(ctx)) {
      if (bonded.length === limit || potentialPower(record) === 0n) break;
      if (record.status === BondStatus.BONDED) bonded.push(viewOf(record));
    }
    return bonded;
  }

  totalBonded(ctx: ReadContext): bigint {
    return this.parts.pools.balance(ctx, true);
  }

  delegation(ctx: ReadContext, delegator: AccAddress, validator: ValAddress): DelegationView | undefined {
    const settled = this.asSettled(ctx, delegator, validator);
    const shares = this.parts.delegations.shares(settled, delegator, validator);
    return shares === undefined ? undefined : { delegator, validator, shares };
  }

  *delegationsOf(ctx: ReadContext, delegator: AccAddress): IterableIterator<DelegationView> {
    const { state } = this.parts;
    for (const [[, validator]] of state.delegations.entries(ctx, { prefix: state.ofDelegator(delegator) })) {
      const delegation = this.delegation(ctx, delegator, validator);
      // A slash may have left nothing of it.
      if (delegation !== undefined) yield delegation;
    }
  }

  *delegations(ctx: ReadContext): IterableIterator<DelegationView> {
    const settled = this.parts.slashes.allSettled(ctx);
    for (const [[delegator, validator], shares] of this.parts.state.delegations.entries(settled)) {
      yield { delegator, validator, shares };
    }
  }

  asSettled(ctx: ReadContext, delegator: AccAddress, validator: ValAddress): ReadContext {
    return this.parts.slashes.asSettled(ctx, delegator, validator);
  }

  settle(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    this.parts.slashes.settle(ctx, delegator, validator);
  }

  slash(ctx: Context, slash: Parameters<StakingPowers["slash"]>[1]): bigint {
    return this.parts.slashes.slash(ctx, slash);
  }

  jail(ctx: Context, address: ConsAddress): void {
    this.parts.validators.jail(ctx, this.#byConsAddress(ctx, address));
  }

  unjail(ctx: Context, address: ConsAddress): void {
    this.parts.validators.unjail(ctx, this.#byConsAddress(ctx, address));
  }

  #byConsAddress(ctx: ReadContext, address: ConsAddress): ValidatorRecord {
    const record = this.parts.validators.byConsAddress(ctx, address);
    if (record === undefined) throw new Error("no validator has the consensus address");
    return record;
  }

  /** {@link ActiveSet.retireAll}. */
  retireValidators(ctx: Context): void {
    this.parts.activeSet.retireAll(ctx);
  }

  /** The active set as of the end of the block, as a genesis file names it. */
  activeValidators(ctx: ReadContext): readonly (ValidatorUpdate & { readonly name: string })[] {
    return [...this.parts.validators.last(ctx)].map(([record, power]) => ({
      ...updateOf(record, power),
      name: record.description.moniker,
    }));
  }

  beginBlock(ctx: Context): void {
    this.parts.history.track(ctx, BigInt(this.params(ctx).historicalEntries));
  }

  /** x/staking/keeper/val_state_change.go, BlockValidatorUpdates; slashed entries first, since they change powers. */
  endBlock(ctx: Context): readonly ValidatorUpdate[] {
    const { slashes, activeSet, maturity } = this.parts;
    slashes.settleSlice(ctx);
    const updates = activeSet.update(ctx);
    activeSet.completeUnbonding(ctx);
    maturity.complete(ctx);
    return updates;
  }
}

function optionalView(record: ValidatorRecord | undefined): ValidatorView | undefined {
  return record === undefined ? undefined : viewOf(record);
}
