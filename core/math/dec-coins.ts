import { MAX_AMOUNT } from "./amount.js";
import type { CoinListProblem, Coins } from "./coins.js";
import { coinListProblem } from "./coins.js";
import type { Dec } from "./dec.js";
import {
  DEC_ZERO,
  decAdd,
  decDivisor,
  decFromInteger,
  decMin,
  decMul,
  decMulTruncate,
  decQuo,
  decQuoTruncate,
  decSub,
  decTruncateInt,
  formatDec,
  parseRawDec,
} from "./dec.js";

/** A decimal amount of one denom, in base units. */
export interface DecCoin {
  readonly denom: string;
  readonly amount: Dec;
}

/**
 * Decimal coins in order of their denoms, each denom once, every amount positive; as cosmos-sdk/types.DecCoins. Made by
 * {@link parseDecCoins} or the arithmetic below, which leaves out what comes to zero.
 */
export type DecCoins = readonly DecCoin[];

/** A decimal coin as protobuf carries it: the amount is the text of its raw count of 10^-18. */
export interface DecCoinMessage {
  readonly denom: string;
  readonly amount: string;
}

export const NO_DEC_COINS: DecCoins = [];

/** `1.500000000000000000atoken,2.000000000000000000ucptm`; empty for no coins. */
export function formatDecCoins(coins: DecCoins): string {
  return coins.map(({ denom, amount }) => `${formatDec(amount)}${denom}`).join(",");
}

export function decCoinsFromCoins(coins: Coins): DecCoins {
  return coins.map(({ denom, amount }) => ({ denom, amount: decFromInteger(amount) }));
}

/** What is wrong with the decimal coins of a message, with the place in the list; undefined when they are {@link DecCoins}. */
export function decCoinsProblem(coins: readonly DecCoinMessage[]): CoinListProblem | undefined {
  return coinListProblem(coins, ({ denom, amount }) => {
    const value = parseRawDec(amount);
    if (value === undefined) return `"${amount}" is no decimal below 2^256`;
    return value <= 0n ? `coin ${denom} amount is not positive` : undefined;
  });
}

/** The decimal coins of a message that was checked, or that state holds. Throws RangeError for others. */
export function parseDecCoins(messages: readonly DecCoinMessage[]): DecCoins {
  const wrong = decCoinsProblem(messages);
  if (wrong !== undefined) throw new RangeError(`decimal coins${wrong.path}: ${wrong.problem}`);
  return messages.map(({ denom, amount }) => ({ denom, amount: parseRawDec(amount)! }));
}

export function decCoinMessages(coins: DecCoins): DecCoinMessage[] {
  return coins.map(({ denom, amount }) => ({ denom, amount: amount.toString() }));
}

/** The sum. Throws `sdk` 18 for a decimal out of range. */
export function addDecCoins(a: DecCoins, b: DecCoins): DecCoins {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  return merge(a, b, decAdd);
}

/** The difference; undefined when `a` does not hold all of `b`. */
export function subtractDecCoins(a: DecCoins, b: DecCoins): DecCoins | undefined {
  if (b.length === 0) return a;
  const difference = merge(a, b, decSub);
  return difference.some(({ amount }) => amount < 0n) ? undefined : difference;
}

/** Each × `factor`, to the nearest, in the middle to the even one. */
export function mulDecCoins(coins: DecCoins, factor: Dec): DecCoins {
  return each(coins, (amount) => decMul(amount, factor));
}

/** Each × `factor`, towards zero. */
export function mulDecCoinsTruncate(coins: DecCoins, factor: Dec): DecCoins {
  return each(coins, (amount) => decMulTruncate(amount, factor));
}

/** Each ÷ `by`, to the nearest, in the middle to the even one. Throws RangeError for zero, though there be no coins (DecCoins.QuoDec). */
export function quoDecCoins(coins: DecCoins, by: Dec): DecCoins {
  decDivisor(by);
  return each(coins, (amount) => decQuo(amount, by));
}

/** Each ÷ `by`, towards zero. Throws RangeError for zero, though there be no coins (DecCoins.QuoDecTruncate). */
export function quoDecCoinsTruncate(coins: DecCoins, by: Dec): DecCoins {
  decDivisor(by);
  return each(coins, (amount) => decQuoTruncate(amount, by));
}

/** The whole units, and what is left behind the points. */
export function truncateDecCoins(coins: DecCoins): { readonly whole: Coins; readonly change: DecCoins } {
  const whole: { denom: string; amount: bigint }[] = [];
  for (const { denom, amount } of coins) {
    const units = decTruncateInt(amount);
    if (units > MAX_AMOUNT) throw new RangeError(`an amount of ${denom} is out of range: ${units}`);
    if (units !== 0n) whole.push({ denom, amount: units });
  }
  return { whole, change: each(coins, (amount) => decSub(amount, decFromInteger(decTruncateInt(amount)))) };
}

/** Of each denom the lesser amount: what both hold. */
export function intersectDecCoins(a: DecCoins, b: DecCoins): DecCoins {
  return merge(a, b, decMin);
}

/** How much of a denom there is among the coins. */
export function decAmountOf(coins: DecCoins, denom: string): Dec {
  for (const coin of coins) if (coin.denom === denom) return coin.amount;
  return DEC_ZERO;
}

export function equalDecCoins(a: DecCoins, b: DecCoins): boolean {
  return a.length === b.length && a.every((coin, i) => coin.denom === b[i]!.denom && coin.amount === b[i]!.amount);
}

function each(coins: DecCoins, change: (amount: Dec) => Dec): DecCoins {
  const changed: DecCoin[] = [];
  for (const { denom, amount } of coins) {
    const value = change(amount);
    if (value !== 0n) changed.push({ denom, amount: value });
  }
  return changed;
}

function merge(a: DecCoins, b: DecCoins, combine: (x: Dec, y: Dec) => Dec): DecCoins {
  const merged: DecCoin[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    const denom = y === undefined || (x !== undefined && x.denom < y.denom) ? x!.denom : y.denom;
    const fromA = x?.denom === denom ? (i++, x.amount) : DEC_ZERO;
    const fromB = y?.denom === denom ? (j++, y.amount) : DEC_ZERO;
    const amount = combine(fromA, fromB);
    if (amount !== 0n) merged.push({ denom, amount });
  }
  return merged;
}
