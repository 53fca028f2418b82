import type { AccAddress } from "../../../core/address.js";
import type { Coin } from "../../../core/math/coins.js";
import { coinsOf } from "../../../core/math/coins.js";
import { decCoinsFromCoins, subtractDecCoins } from "../../../core/math/dec-coins.js";
import type { Context } from "../../../core/runtime/context.js";
import type { CommunityPool } from "../types.js";
import { changeBooks, readBooks, requireAcceptable } from "./books.js";
import { ErrBadDistribution } from "./errors.js";
import type { DistributionDeps } from "./types.js";

/** What everybody owns together: coins in distribution's account, of which a vote decides. */
export function communityPoolOf({ purse }: Pick<DistributionDeps, "purse">): CommunityPool {
  return {
    fund(ctx: Context, from: AccAddress, given: readonly Coin[]): void {
      const coins = coinsOf(given);
      requireAcceptable(ctx, coins);
      purse.collect(ctx, from, ...coins);
      changeBooks(ctx, { toPool: decCoinsFromCoins(coins) });
    },

    spend(ctx: Context, to: AccAddress, spent: readonly Coin[]): void {
      const coins = coinsOf(spent);
      const amount = decCoinsFromCoins(coins);
      if (subtractDecCoins(readBooks(ctx).communityPool, amount) === undefined) throw ErrBadDistribution.plain();
      purse.pay(ctx, to, ...coins);
      changeBooks(ctx, { fromPool: amount });
    },
  };
}
