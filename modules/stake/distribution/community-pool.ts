import type { AccAddress } from "../../../core/address.js";
import type { Coin } from "../../../core/math/coins.js";
import { coinsOf } from "../../../core/math/coins.js";
import { decCoinsFromCoins, subtractDecCoins } from "../../../core/math/dec-coins.js";
import { decTruncateInt } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { CommunityPool } from "../types.js";
import { changeBooks, readBooks, requireAcceptable } from "./books.js";
import { ErrBadDistribution } from "./errors.js";
import type { DistributionDeps } from "./types.js";

/** Whole base units of a denom in the community pool. */
export function communityPoolBalance(ctx: ReadContext, denom: string): bigint {
  const coin = readBooks(ctx).communityPool.find((held) => held.denom === denom);
  return coin === undefined ? 0n : decTruncateInt(coin.amount);
}

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
