import type { AccAddress, ValAddress } from "../../../core/address.js";
import type { StoreReader } from "../../../core/collections/collections.js";
import type { Coins } from "../../../core/math/coins.js";
import { formatCoin, formatCoins } from "../../../core/math/coins.js";
import type { DecCoins } from "../../../core/math/dec-coins.js";
import { addDecCoins, intersectDecCoins, mulDecCoinsTruncate, NO_DEC_COINS } from "../../../core/math/dec-coins.js";
import type { Dec } from "../../../core/math/dec.js";
import {
  DEC_ONE,
  DEC_ZERO,
  decMin,
  decMulInt,
  decMulTruncate,
  decQuo,
  decQuoTruncate,
  decSub,
} from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { DelegationView, ValidatorView } from "../types.js";
import { take } from "./books.js";
import { ErrNoDelegation, ErrNoValidatorFound } from "../staking/errors.js";
import { ErrEmptyDelegationDistInfo } from "./errors.js";
import { rewardsWithdrawn } from "./events.js";
import { endPeriod, ratioNow, release, requireHistorical, requireRewards, retain } from "./periods.js";
import { slashEventKey, slashEvents, startingInfos, validatorRewards } from "./state.js";
import type { DistributionDeps } from "./types.js";
import type { Destination } from "./withdraw-address.js";
import { askedDestination, payOut } from "./withdraw-address.js";

/** Throws `staking` 3 where there is none. */
export function requireValidator(ctx: ReadContext, { staking }: DistributionDeps, operator: ValAddress): ValidatorView {
  const validator = staking.validator(ctx, operator);
  if (validator === undefined) throw ErrNoValidatorFound.plain();
  return validator;
}

/** Throws `staking` 19 where there is none. */
export function requireDelegation(
  ctx: ReadContext,
  { staking }: DistributionDeps,
  delegator: AccAddress,
  validator: ValAddress,
): DelegationView {
  const delegation = staking.delegation(ctx, delegator, validator);
  if (delegation === undefined) throw ErrNoDelegation.plain();
  return delegation;
}

/** From now on a delegation earns by the shares that it has; the period before has just ended. */
export function beginDelegation(
  ctx: Context,
  deps: DistributionDeps,
  validator: ValidatorView,
  { delegator, shares }: DelegationView,
): void {
  const { operator, tokens, delegatorShares } = validator;
  const previousPeriod = requireRewards(ctx, operator).period - 1n;
  retain(ctx, deps.addresses, operator, previousPeriod);
  // Truncated, so that no more is withdrawn than is owed.
  const stake = delegatorShares === DEC_ZERO ? DEC_ZERO : decQuoTruncate(decMulInt(shares, tokens), delegatorShares);
  startingInfos.set(ctx, [operator, delegator], { previousPeriod, stake, height: ctx.block.height });
}

/** Where a period of a validator ended, or would end now. */
interface PeriodEnd {
  readonly period: bigint;
  readonly ratio: DecCoins;
}

/** What a delegator has earned if the validator's period ended now, all slashes borne. Changes nothing. */
export function rewardsNow(
  ctx: ReadContext,
  deps: DistributionDeps,
  delegator: AccAddress,
  operator: ValAddress,
): DecCoins {
  const settled = deps.staking.asSettled(ctx, delegator, operator);
  const validator = requireValidator(settled, deps, operator);
  return rewardsOf(settled, deps, validator, requireDelegation(settled, deps, delegator, operator));
}

/** {@link rewardsNow} of the state as it is. */
export function rewardsOf(
  ctx: ReadContext,
  deps: DistributionDeps,
  validator: ValidatorView,
  delegation: DelegationView,
): DecCoins {
  const rewards = requireRewards(ctx, validator.operator);
  const last = requireHistorical(ctx, deps.addresses, validator.operator, rewards.period - 1n);
  const ending = { period: rewards.period, ratio: ratioNow(last, rewards, validator.tokens) };
  return rewardsUntil(ctx, deps, validator, delegation, ending);
}

/**
 * What a delegation has earned since it last withdrew: from slash to slash, its stake then times what a unit of stake earned
 * (x/distribution/keeper/delegation.go, CalculateDelegationRewards).
 *
 * Roundings can leave the stake that is reckoned here some 10^-18 above that which its shares are worth now; and by much more
 * where a slash of what was redelegated is on record and not settled yet. It never earns more than its shares are worth: what
 * that leaves over stays with the validator's outstanding rewards.
 */
function rewardsUntil(
  ctx: ReadContext,
  { addresses }: DistributionDeps,
  validator: ValidatorView,
  { delegator, shares }: DelegationView,
  ending: PeriodEnd,
): DecCoins {
  const { operator, tokens, delegatorShares } = validator;
  const info = startingInfos.get(ctx, [operator, delegator]);
  if (info === undefined) throw ErrEmptyDelegationDistInfo.plain();
  const { height } = ctx.block;
  if (info.height === height) return NO_DEC_COINS;

  const earned = (from: DecCoins, to: DecCoins, stake: Dec): DecCoins => mulDecCoinsTruncate(take(to, from), stake);
  const ratioAt = (period: bigint): DecCoins => requireHistorical(ctx, addresses, operator, period).ratio;
  let rewards = NO_DEC_COINS;
  let { stake, previousPeriod: period } = info;
  let ratio = ratioAt(period);
  for (const event of slashesBetween(ctx, operator, info.height, height)) {
    if (event.period <= period) continue;
    const next = ratioAt(event.period);
    rewards = addDecCoins(rewards, earned(ratio, next, stake));
    stake = decMulTruncate(stake, decSub(DEC_ONE, event.fraction));
    ({ period } = event);
    ratio = next;
  }
  const worth = delegatorShares === DEC_ZERO ? DEC_ZERO : decQuo(decMulInt(shares, tokens), delegatorShares);
  return addDecCoins(rewards, earned(ratio, ending.ratio, decMin(stake, worth)));
}

/** Slashes of a validator from one height to another, both included. */
export function* slashesBetween(ctx: StoreReader, operator: ValAddress, from: bigint, to: bigint) {
  const start = slashEventKey.encode([operator, [from, 0n]]);
  const end = slashEventKey.encode([operator, [to + 1n, 0n]]);
  for (const [, event] of slashEvents.entries(ctx, { start, end })) yield event;
}

/**
 * Pays what a delegation has earned, and forgets from where on it was reckoned: {@link beginDelegation} comes next, unless
 * nothing stays delegated. Throws `distribution` 5 when nothing is known of it.
 */
export function withdraw(
  ctx: Context,
  deps: DistributionDeps,
  validator: ValidatorView,
  delegation: DelegationView,
  destination: Destination,
): Coins {
  const { addresses, staking } = deps;
  const { operator } = validator;
  const { delegator } = delegation;
  const info = startingInfos.get(ctx, [operator, delegator]);
  if (info === undefined) throw ErrEmptyDelegationDistInfo.plain();
  const ended = endPeriod(ctx, addresses, validator);
  const { outstanding } = ended.rewards;
  // The order of operations can make the last places differ.
  const rewards = intersectDecCoins(rewardsUntil(ctx, deps, validator, delegation, ended), outstanding);
  const paid = payOut(ctx, deps, rewards, destination);
  validatorRewards.set(ctx, operator, { ...ended.rewards, outstanding: take(outstanding, rewards) });
  release(ctx, addresses, operator, info.previousPeriod);
  startingInfos.remove(ctx, [operator, delegator]);

  const nothing = { denom: staking.bondDenom(ctx), amount: 0n };
  const amount = paid.length === 0 ? formatCoin(nothing) : formatCoins(paid);
  const [of, to] = [addresses.validator.encode(operator), addresses.account.encode(delegator)];
  ctx.events.emit(rewardsWithdrawn({ amount, validator: of, delegator: to }));
  // As the SDK answers, one zero stands for nothing.
  return paid.length === 0 ? [nothing] : paid;
}

/** {@link withdraw} as the delegator asks for it, after what slashes it still has to bear; the delegation goes on. */
export function withdrawAsAsked(
  ctx: Context,
  deps: DistributionDeps,
  delegator: AccAddress,
  operator: ValAddress,
): Coins {
  requireValidator(ctx, deps, operator);
  deps.staking.settle(ctx, delegator, operator);
  const delegation = requireDelegation(ctx, deps, delegator, operator);
  const validator = requireValidator(ctx, deps, operator);
  const destination = askedDestination(ctx, deps, delegator);
  const paid = withdraw(ctx, deps, validator, delegation, destination);
  beginDelegation(ctx, deps, validator, delegation);
  return paid;
}
