import type { AccAddress, ConsAddress, ValAddress } from "../../../core/address.js";
import type { Coins } from "../../../core/math/coins.js";
import { formatCoins } from "../../../core/math/coins.js";
import { decCoinsFromCoins, truncateDecCoins } from "../../../core/math/dec-coins.js";
import type { Context } from "../../../core/runtime/context.js";
import { changeBooks, take } from "./books.js";
import { ErrNoValidatorCommission } from "./errors.js";
import { commissionWithdrawn } from "./events.js";
import { historicalRewards, historicalRewardsKey, slashEventKey, slashEvents, validatorRewards } from "./state.js";
import type { DistributionDeps } from "./types.js";
import { askedDestination, forcedDestination, payOut, tellRedirection } from "./withdraw-address.js";

/** The account of an operator has the same bytes. */
export function accountOf(operator: ValAddress): AccAddress {
  return operator as unknown as AccAddress;
}

/** Pays the whole units of a validator's commission; the rest waits. Throws `distribution` 7 when there is none. */
export function withdrawCommission(ctx: Context, deps: DistributionDeps, operator: ValAddress): Coins {
  const rewards = validatorRewards.get(ctx, operator);
  if (rewards === undefined || rewards.commission.length === 0) throw ErrNoValidatorCommission.plain();
  const { whole, change } = truncateDecCoins(rewards.commission);
  const taken = decCoinsFromCoins(whole);
  validatorRewards.set(ctx, operator, {
    ...rewards,
    commission: change,
    outstanding: take(rewards.outstanding, taken),
  });
  if (whole.length > 0) payOut(ctx, deps, taken, askedDestination(ctx, deps, accountOf(operator)));
  ctx.events.emit(commissionWithdrawn(formatCoins(whole)));
  return whole;
}

/**
 * Forgets a validator that is gone, and nobody delegates to: pays its commission, and puts what rounding left over into the
 * community pool. Costs as much as the validator had slashes.
 */
export function forgetValidator(ctx: Context, deps: DistributionDeps, _: ConsAddress, operator: ValAddress): void {
  const rewards = validatorRewards.get(ctx, operator);
  if (rewards === undefined) return;
  const { commission } = rewards;
  if (commission.length > 0) {
    const destination = forcedDestination(ctx, deps, accountOf(operator));
    payOut(ctx, deps, commission, destination);
    tellRedirection(ctx, deps, destination, { validator: deps.addresses.validator.encode(operator) });
  }
  const dust = take(rewards.outstanding, commission);
  changeBooks(ctx, { fromOutstanding: dust, toPool: dust });
  validatorRewards.remove(ctx, operator);
  for (const key of [...slashEvents.keys(ctx, { prefix: slashEventKey.prefix(operator) })]) {
    slashEvents.remove(ctx, key);
  }
  for (const key of [...historicalRewards.keys(ctx, { prefix: historicalRewardsKey.prefix(operator) })]) {
    historicalRewards.remove(ctx, key);
  }
}
