import { ErrInvalidRequest } from "../../../core/errors.js";
import type { StoreReader, StoreWriter } from "../../../core/collections/collections.js";
import type { Coins } from "../../../core/math/coins.js";
import type { DecCoins } from "../../../core/math/dec-coins.js";
import {
  addDecCoins,
  formatDecCoins,
  NO_DEC_COINS,
  subtractDecCoins,
  truncateDecCoins,
} from "../../../core/math/dec-coins.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import type { Purse } from "./expected.js";
import type { Books } from "./state.js";
import { books } from "./state.js";
import { CorruptDistributionError, MAX_DENOMS } from "./types.js";

const EMPTY: Books = { communityPool: NO_DEC_COINS, outstanding: NO_DEC_COINS };

/** Of a chain that got this module by an upgrade there are none yet. */
export function readBooks(ctx: StoreReader): Books {
  return books.get(ctx) ?? EMPTY;
}

/** What the community pool and the validators' outstanding rewards gain and lose. */
export interface BooksChange {
  readonly toPool?: DecCoins;
  readonly fromPool?: DecCoins;
  readonly toOutstanding?: DecCoins;
  readonly fromOutstanding?: DecCoins;
}

export function changeBooks(ctx: StoreWriter, change: BooksChange): void {
  const { toPool = [], fromPool = [], toOutstanding = [], fromOutstanding = [] } = change;
  if ([toPool, fromPool, toOutstanding, fromOutstanding].every(({ length }) => length === 0)) return;
  const before = readBooks(ctx);
  books.set(ctx, {
    communityPool: take(addDecCoins(before.communityPool, toPool), fromPool),
    outstanding: take(addDecCoins(before.outstanding, toOutstanding), fromOutstanding),
  });
}

/** `from − taken`. The callers have seen that it is there: if it is not, the books are wrong. */
export function take(from: DecCoins, taken: DecCoins): DecCoins {
  const left = subtractDecCoins(from, taken);
  if (left === undefined) {
    throw new CorruptDistributionError(`${formatDecCoins(taken)} are to be taken from ${formatDecCoins(from)}`);
  }
  return left;
}

/** Of some coins those that can come in: of a denom that is known here already, or while there are not too many. */
export function acceptable(ctx: StoreReader, coins: Coins): Coins {
  const { communityPool, outstanding } = readBooks(ctx);
  const known = new Set([...communityPool, ...outstanding].map(({ denom }) => denom));
  return coins.filter(({ denom }) => {
    if (!known.has(denom) && known.size >= MAX_DENOMS) return false;
    known.add(denom);
    return true;
  });
}

/** Throws `sdk` 18 unless all of the coins can come in. */
export function requireAcceptable(ctx: StoreReader, coins: Coins): void {
  if (acceptable(ctx, coins).length === coins.length) return;
  throw ErrInvalidRequest.with(`rewards and the community pool hold at most ${MAX_DENOMS} denoms`);
}

/** What the module account must hold: whole units of all that it owes. */
export function holdings({ communityPool, outstanding }: Books): Coins {
  return truncateDecCoins(addDecCoins(communityPool, outstanding)).whole;
}

/** What is wrong if the module account does not hold what the books say; costs as much as there are denoms. */
export function holdingsProblem(ctx: ReadContext, purse: Purse): string | undefined {
  for (const { denom, amount } of holdings(readBooks(ctx))) {
    const held = purse.balance(ctx, denom);
    if (held !== amount) return `the distribution account holds ${held}${denom}, it owes ${amount}${denom}`;
  }
  return undefined;
}
