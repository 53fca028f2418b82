import type { AccAddress } from "../address.js";
import type { Coins } from "../math/coins.js";
import { addCoins } from "../math/coins.js";

/** Coins that an account has been given and that it gets when the block ends. */
export interface Credit {
  readonly to: AccAddress;
  readonly coins: Coins;
}

const NONE: readonly Credit[] = [];

/**
 * What accounts get at the end of the block. A balance into which every transaction pays (that of the fee collector) would
 * make each of them depend on all before it; a sum that is added up once does not. Until then the coins are in no
 * balance: nobody can spend them, and nobody sees them.
 */
export class Credits {
  #list: Credit[] | undefined;

  add(to: AccAddress, coins: Coins): void {
    (this.#list ??= []).push({ to, coins });
  }

  append(credits: readonly Credit[]): void {
    if (credits.length > 0) (this.#list ??= []).push(...credits);
  }

  /** In the order in which they were given. */
  list(): readonly Credit[] {
    return this.#list ?? NONE;
  }

  /** All, summed up for each account, in byte order of their addresses; there are none afterwards. */
  take(): readonly Credit[] {
    const sums = new Map<AccAddress, Coins>();
    for (const { to, coins } of this.list()) sums.set(to, addCoins(sums.get(to) ?? [], coins));
    this.#list = undefined;
    const totals = [...sums].map(([to, coins]) => ({ to, coins }));
    return totals.sort((a, b) => (a.to < b.to ? -1 : 1));
  }
}
