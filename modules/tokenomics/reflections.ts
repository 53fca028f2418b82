import { EventReflectionsClaimedSchema } from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import type { AccAddress, Addresses, ValAddress } from "../../core/address.js";
import type { Coin } from "../../core/math/coins.js";
import type { Dec } from "../../core/math/dec.js";
import { DEC_ZERO, decFromInteger, decTruncateInt } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { StakingHooks } from "../stake/types.js";
import { ErrNothingToClaim } from "./errors.js";
import type { Delegate, Purse, Staking } from "./expected.js";
import {
  delegationReflections,
  owedReflections,
  reflectionCarried,
  reflectionIndex,
  validatorReflections,
} from "./state.js";
import type { ValidatorIndex } from "./values.js";

export interface ReflectionsOptions {
  /** Holds what was reflected and not claimed yet. */
  readonly purse: Purse;
  readonly addresses: Addresses;
  readonly staking: Staking;
  readonly delegate: Delegate;
  readonly denomOf: (ctx: ReadContext) => string;
}

/**
 * A share of the fees for all bonded stake alike, whatever commission its validators take (docs/adr/012). One index for the
 * chain counts what a bonded base unit has got; a validator's index per share follows it while the validator is bonded, and is
 * brought up to date before its tokens or shares change; a delegation remembers the validator's index up to which it was
 * reckoned. No step grows with the number of delegators. Everything is rounded down; what an index cannot express is carried to the next block.
 */
export class Reflections implements StakingHooks {
  readonly #o: ReflectionsOptions;

  constructor(options: ReflectionsOptions) {
    this.#o = options;
  }

  /** Takes coins that are to be reflected. Those of other denoms than the chain's own would never come out again. */
  take(ctx: Context, from: AccAddress, coin: Coin): void {
    if (coin.denom !== this.#o.denomOf(ctx)) throw new Error(`${coin.denom} cannot be reflected`);
    this.#o.purse.collect(ctx, from, coin);
    reflectionCarried.set(ctx, add(reflectionCarried.get(ctx), decFromInteger(coin.amount)));
  }

  /** Once a block: what is carried goes to the stake that is bonded now. */
  reflect(ctx: Context): void {
    const carried = reflectionCarried.get(ctx) ?? DEC_ZERO;
    if (carried === 0n) return;
    const bonded = this.#o.staking.totalBonded(ctx);
    const rise = bonded === 0n ? 0n : carried / bonded;
    if (rise === 0n) return;
    reflectionIndex.set(ctx, add(reflectionIndex.get(ctx), rise as Dec));
    reflectionCarried.set(ctx, (carried - rise * bonded) as Dec);
  }

  /** What a delegator could claim now, with the part of a base unit that stays. */
  claimable(ctx: ReadContext, delegator: AccAddress): Dec {
    let sum = owedReflections.get(ctx, delegator) ?? DEC_ZERO;
    for (const { validator, shares } of this.#o.staking.delegationsOf(ctx, delegator)) {
      const { perShare } = this.#current(ctx, validator);
      sum = add(sum, this.#earned(ctx, { delegator, validator, shares, perShare }));
    }
    return sum;
  }

  /**
   * Pays a delegator all whole units, or delegates them on. Throws `tokenomics` 20 when there is not even one, and what
   * staking throws.
   */
  claim(ctx: Context, delegator: AccAddress, compoundTo: ValAddress | undefined): Coin {
    const { staking, purse, addresses, delegate, denomOf } = this.#o;
    for (const { validator } of [...staking.delegationsOf(ctx, delegator)]) {
      this.#reckon(ctx, delegator, validator);
    }
    const owed = owedReflections.get(ctx, delegator) ?? DEC_ZERO;
    const coin = { denom: denomOf(ctx), amount: decTruncateInt(owed) };
    if (coin.amount === 0n) throw ErrNothingToClaim.with("no whole base unit was reflected to this delegator yet");
    setOrRemove(ctx, delegator, (owed - decFromInteger(coin.amount)) as Dec);
    purse.pay(ctx, delegator, coin);
    if (compoundTo !== undefined) delegate(ctx, { delegator, validator: compoundTo, coin });
    ctx.events.emit(
      typedEvent(EventReflectionsClaimedSchema, {
        delegator: addresses.account.encode(delegator),
        amount: coin.amount.toString(),
        compoundTo: compoundTo === undefined ? "" : addresses.validator.encode(compoundTo),
      }),
    );
    return coin;
  }

  afterValidatorBonded(ctx: Context, _consAddress: unknown, validator: ValAddress): void {
    const { perShare } = this.#settle(ctx, validator);
    validatorReflections.set(ctx, validator, { perShare, index: indexOf(ctx), bonded: true });
  }

  afterValidatorBeginUnbonding(ctx: Context, _consAddress: unknown, validator: ValAddress): void {
    const { perShare, index } = this.#settle(ctx, validator);
    validatorReflections.set(ctx, validator, { perShare, index, bonded: false });
  }

  afterValidatorRemoved(ctx: Context, _consAddress: unknown, validator: ValAddress): void {
    validatorReflections.remove(ctx, validator);
  }

  beforeValidatorSlashed(ctx: Context, validator: ValAddress): void {
    this.#settle(ctx, validator);
  }

  beforeDelegationCreated(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    const { perShare } = this.#settle(ctx, validator);
    delegationReflections.set(ctx, [delegator, validator], perShare);
  }

  beforeDelegationSharesModified(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    this.#settle(ctx, validator);
    this.#reckon(ctx, delegator, validator);
  }

  beforeDelegationRemoved(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    // Its last shares were reckoned before they were taken: beforeDelegationSharesModified comes first.
    delegationReflections.remove(ctx, [delegator, validator]);
  }

  /** Adds what a delegation has earned to what its delegator is owed. */
  #reckon(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    const delegation = this.#o.staking.delegation(ctx, delegator, validator);
    if (delegation === undefined) return;
    const { perShare } = this.#current(ctx, validator);
    const earned = this.#earned(ctx, { delegator, validator, shares: delegation.shares, perShare });
    if (earned > 0n) setOrRemove(ctx, delegator, add(owedReflections.get(ctx, delegator), earned));
    delegationReflections.set(ctx, [delegator, validator], perShare);
  }

  #earned(
    ctx: ReadContext,
    of: {
      readonly delegator: AccAddress;
      readonly validator: ValAddress;
      readonly shares: Dec;
      readonly perShare: Dec;
    },
  ): Dec {
    const before = delegationReflections.get(ctx, [of.delegator, of.validator]) ?? DEC_ZERO;
    const risen = of.perShare - before;
    return risen <= 0n ? DEC_ZERO : multiply(of.shares, risen as Dec);
  }

  /** Brings a validator's index up to the chain's, and stores it. */
  #settle(ctx: Context, validator: ValAddress): ValidatorIndex {
    const current = this.#current(ctx, validator);
    validatorReflections.set(ctx, validator, current);
    return current;
  }

  /** Its index as it is now. One that is met for the first time begins now. */
  #current(ctx: ReadContext, operator: ValAddress): ValidatorIndex {
    const index = indexOf(ctx);
    const known = validatorReflections.get(ctx, operator);
    const validator = this.#o.staking.validator(ctx, operator);
    if (known === undefined) return { perShare: DEC_ZERO, index, bonded: validator?.status === "bonded" };
    const rise = index - known.index;
    if (!known.bonded || rise === 0n) return { ...known, index };
    if (validator === undefined || validator.delegatorShares === 0n) return { ...known, index };
    // tokens × rise is raw; divided by raw shares it is a plain number, and 10^18 of it a Dec again.
    const perShare = (validator.tokens * rise * decFromInteger(1n)) / validator.delegatorShares;
    return { perShare: add(known.perShare, perShare as Dec), index, bonded: true };
  }
}

function indexOf(ctx: ReadContext): Dec {
  return reflectionIndex.get(ctx) ?? DEC_ZERO;
}

function add(a: Dec | undefined, b: Dec): Dec {
  return ((a ?? 0n) + b) as Dec;
}

/** Rounded down; without the bound of decMulTruncate, since it runs in blocks. */
function multiply(a: Dec, b: Dec): Dec {
  return ((a * b) / decFromInteger(1n)) as Dec;
}

function setOrRemove(ctx: Context, delegator: AccAddress, owed: Dec): void {
  if (owed === 0n) owedReflections.remove(ctx, delegator);
  else owedReflections.set(ctx, delegator, owed);
}
