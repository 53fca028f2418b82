import type { ConsAddress } from "../../../core/address.js";
import { toByteString } from "../../../core/bytes.js";
import type { StoreWriter } from "../../../core/collections/collections.js";
import type { DecCoins } from "../../../core/math/dec-coins.js";
import {
  addDecCoins,
  decCoinsFromCoins,
  formatDecCoins,
  mulDecCoins,
  mulDecCoinsTruncate,
  NO_DEC_COINS,
} from "../../../core/math/dec-coins.js";
import { DEC_ONE, decFromInteger, decQuoTruncate, decSub } from "../../../core/math/dec.js";
import type { Context } from "../../../core/runtime/context.js";
import type { ValidatorView } from "../types.js";
import { acceptable, changeBooks, take } from "./books.js";
import { commissionAllocated, rewardsAllocated } from "./events.js";
import { communityTax } from "./params.js";
import { validatorRewards } from "./state.js";
import { requireParams } from "./stored-params.js";
import type { DistributionDeps } from "./types.js";
import { MAX_DENOMS, MAX_REWARD } from "./types.js";

/**
 * Hands out what came together in the block before: to the validators whose votes are in its commit, signed or not, by
 * their power; the community tax, what rounding leaves, and the shares of whoever is no validator here any more go to the
 * community pool (x/distribution/keeper/allocation.go). Costs as much as there are validators.
 */
export function allocateCollected(ctx: Context, deps: DistributionDeps): void {
  if (ctx.block.height <= 1n) return;
  const collected = acceptable(ctx, deps.fees.balances(ctx, MAX_DENOMS));
  if (collected.length === 0) return;
  deps.purse.collect(ctx, deps.fees.address, ...collected);

  const fit = collected.filter(({ amount }) => amount <= MAX_REWARD);
  const forValidators = mulDecCoinsTruncate(decCoinsFromCoins(fit), decSub(DEC_ONE, communityTax(requireParams(ctx))));
  const votes = ctx.block.lastCommit ?? [];
  const totalPower = votes.reduce((sum, { power }) => sum + power, 0n);
  let given = NO_DEC_COINS;
  for (const { validator, power } of votes) {
    const view = deps.staking.validatorByConsAddress(ctx, toByteString(validator) as ConsAddress);
    if (view === undefined) continue;
    const fraction = decQuoTruncate(decFromInteger(power), decFromInteger(totalPower));
    const reward = mulDecCoinsTruncate(forValidators, fraction);
    if (addReward(ctx, deps, view, reward)) given = addDecCoins(given, reward);
  }
  changeBooks(ctx, { toOutstanding: given, toPool: take(decCoinsFromCoins(collected), given) });
}

/** Coins that are in the module account already become rewards of a validator and its delegators. */
export function giveReward(ctx: Context, deps: DistributionDeps, validator: ValidatorView, reward: DecCoins): void {
  changeBooks(ctx, addReward(ctx, deps, validator, reward) ? { toOutstanding: reward } : { toPool: reward });
}

/** Splits a reward by the validator's commission, the books left to the caller. False where nothing is known of the validator. */
function addReward(
  ctx: StoreWriter & Pick<Context, "events">,
  { addresses }: DistributionDeps,
  { operator, commissionRate }: ValidatorView,
  reward: DecCoins,
): boolean {
  const before = validatorRewards.get(ctx, operator);
  if (before === undefined) return false;
  const commission = mulDecCoins(reward, commissionRate);
  const text = addresses.validator.encode(operator);
  ctx.events.emit(commissionAllocated(formatDecCoins(commission), text));
  ctx.events.emit(rewardsAllocated(formatDecCoins(reward), text));
  validatorRewards.set(ctx, operator, {
    ...before,
    commission: addDecCoins(before.commission, commission),
    current: addDecCoins(before.current, take(reward, commission)),
    outstanding: addDecCoins(before.outstanding, reward),
  });
  return true;
}
