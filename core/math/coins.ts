import { ErrInvalidCoins } from "../errors.js";
import { MAX_AMOUNT, parseAmount } from "./amount.js";

/** An amount of one denom in base units. */
export interface Coin {
  readonly denom: string;
  readonly amount: bigint;
}

/** Coins in order of their denoms, each denom once, every amount positive. Made by {@link parseCoins} or the arithmetic below. */
export type Coins = readonly Coin[];

/** A coin as protobuf carries it. */
export interface CoinMessage {
  readonly denom: string;
  readonly amount: string;
}

/** cosmos-sdk/types/coin.go, `reDnmString`. */
const DENOM = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/;

export const NO_COINS: Coins = [];

/** Whether a text can name a coin: a letter, then 2 to 127 letters, digits or any of `/:._-`. */
export function isDenom(text: string): boolean {
  return DENOM.test(text);
}

/** `5ucptm`. */
export function formatCoin({ amount, denom }: Coin): string {
  return `${amount}${denom}`;
}

/** `3atoken,5ucptm`; empty for no coins. */
export function formatCoins(coins: readonly Coin[]): string {
  if (coins.length === 1) return formatCoin(coins[0]!);
  return coins.map(formatCoin).join(",");
}

/** Something wrong in a list of coins, and where: `[1].denom`. */
export interface CoinListProblem {
  readonly path: string;
  readonly problem: string;
}

/** What is wrong with a list of coins, whole or decimal: denoms that are none, unsorted or twice, or what `amountProblem` says. */
export function coinListProblem(
  coins: readonly CoinMessage[],
  amountProblem: (coin: CoinMessage) => string | undefined,
): CoinListProblem | undefined {
  let before = "";
  for (const [i, coin] of coins.entries()) {
    const { denom } = coin;
    const at = (field: string, problem: string) => ({ path: `[${i}].${field}`, problem });
    if (!isDenom(denom)) return at("denom", `invalid denom: ${denom}`);
    if (denom < before) return at("denom", `denomination ${denom} is not sorted`);
    if (denom === before) return at("denom", `duplicate denomination ${denom}`);
    const problem = amountProblem(coin);
    if (problem !== undefined) return at("amount", problem);
    before = denom;
  }
  return undefined;
}

/** What is wrong with the coins of a message, with the place in the list; undefined when they are {@link Coins}. */
export function coinsProblem(coins: readonly CoinMessage[]): CoinListProblem | undefined {
  return coinListProblem(coins, ({ denom, amount }) => {
    const value = parseAmount(amount);
    if (value === undefined) return `"${amount}" is no amount: a whole number from 1 to 2^256-1 is needed`;
    return value === 0n ? `coin ${amount}${denom} amount is not positive` : undefined;
  });
}

/** The coins of a message. Throws `sdk` 10 (invalid coins) with their text unless they are sorted, unique and positive. */
export function parseCoins(messages: readonly CoinMessage[]): Coins {
  const coins: Coin[] = [];
  let before = "";
  for (const { denom, amount } of messages) {
    const value = parseAmount(amount);
    if (value === undefined || value === 0n || denom <= before || !isDenom(denom)) throw invalidCoins(messages);
    before = denom;
    coins.push({ denom, amount: value });
  }
  return coins;
}

/** Longest text of refused coins that an error repeats. */
const MAX_ERROR_TEXT = 256;

function invalidCoins(messages: readonly CoinMessage[]): Error {
  const text = messages.map(({ amount, denom }) => `${amount}${denom}`).join(",");
  return ErrInvalidCoins.with(text.length > MAX_ERROR_TEXT ? `${text.slice(0, MAX_ERROR_TEXT)}…` : text);
}

/** {@link Coins} of any coins, sorted and summed up, zeros left out. Amounts must not be negative. */
export function coinsOf(coins: Iterable<Coin>): Coins {
  if (Array.isArray(coins) && coins.length === 1)
    return checked((coins as Coins).filter(({ amount }) => amount !== 0n));
  const sums = new Map<string, bigint>();
  for (const { denom, amount } of coins) sums.set(denom, (sums.get(denom) ?? 0n) + amount);
  const list = [...sums].filter(([, amount]) => amount !== 0n).map(([denom, amount]) => ({ denom, amount }));
  return checked(list.sort((a, b) => (a.denom < b.denom ? -1 : 1)));
}

function checked(coins: Coins): Coins {
  for (const { amount, denom } of coins) {
    if (amount < 0n || amount > MAX_AMOUNT) throw new RangeError(`an amount of ${denom} is out of range: ${amount}`);
  }
  return coins;
}

/** The sum. Throws `sdk` 10 (invalid coins) above 2^256-1. */
export function addCoins(a: Coins, b: Coins): Coins {
  return merge(a, b, (x, y) => addAmounts(x, y));
}

/** The sum of all, in time that grows with the number of coins alone. Throws `sdk` 10 (invalid coins) above 2^256-1. */
export function sumCoins(lists: Iterable<Coins>): Coins {
  const sums = new Map<string, bigint>();
  for (const coins of lists) {
    for (const { denom, amount } of coins) sums.set(denom, addAmounts(sums.get(denom) ?? 0n, amount));
  }
  return coinsOf([...sums].map(([denom, amount]) => ({ denom, amount })));
}

/** `a + b`. Throws `sdk` 10 (invalid coins) above 2^256-1. */
export function addAmounts(a: bigint, b: bigint): bigint {
  const sum = a + b;
  if (sum > MAX_AMOUNT) throw ErrInvalidCoins.with(`${a} + ${b} has more than 256 bits`);
  return sum;
}

/** The difference; undefined when `a` does not hold all of `b`. */
export function subtractCoins(a: Coins, b: Coins): Coins | undefined {
  const difference = merge(a, b, (x, y) => x - y);
  return difference.some(({ amount }) => amount < 0n) ? undefined : difference;
}

function merge(a: Coins, b: Coins, combine: (x: bigint, y: bigint) => bigint): Coins {
  const merged: Coin[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    const denom = y === undefined || (x !== undefined && x.denom < y.denom) ? x!.denom : y.denom;
    const fromA = x?.denom === denom ? (i++, x.amount) : 0n;
    const fromB = y?.denom === denom ? (j++, y.amount) : 0n;
    const amount = combine(fromA, fromB);
    if (amount !== 0n) merged.push({ denom, amount });
  }
  return merged;
}

/** How much of a denom there is among the coins. */
export function amountOf(coins: readonly Coin[], denom: string): bigint {
  for (const coin of coins) if (coin.denom === denom) return coin.amount;
  return 0n;
}

export function equalCoins(a: Coins, b: Coins): boolean {
  return a.length === b.length && a.every((coin, i) => coin.denom === b[i]!.denom && coin.amount === b[i]!.amount);
}

/** Whether at least one of the coins is in `required` with no more than what is here; cosmos-sdk Coins.IsAnyGTE. */
export function holdsAnyOf(coins: Coins, required: Coins): boolean {
  return coins.some(({ denom, amount }) => {
    const needed = amountOf(required, denom);
    return needed !== 0n && amount >= needed;
  });
}

export function coinMessage({ denom, amount }: Coin): CoinMessage {
  return { denom, amount: amount.toString() };
}

export function coinMessages(coins: readonly Coin[]): CoinMessage[] {
  return coins.map(coinMessage);
}

/** Reads `5ucptm` or `3atoken,5ucptm`, in any order, each denom once. Throws `sdk` 10 (invalid coins) for anything else. */
export function parseCoinsText(text: string): Coins {
  if (text === "") return NO_COINS;
  const coins = text.split(",").map((part) => {
    const match = /^([0-9]+)([a-zA-Z].*)$/.exec(part.trim());
    const amount = match === null ? undefined : parseAmount(match[1]!);
    const denom = match?.[2] ?? "";
    if (amount === undefined || amount === 0n || !isDenom(denom)) {
      throw ErrInvalidCoins.with(`"${part}" is no coin: an amount and a denom are needed, as in 5ucptm`);
    }
    return { denom, amount };
  });
  if (new Set(coins.map(({ denom }) => denom)).size !== coins.length)
    throw ErrInvalidCoins.with(`${text}: a denom twice`);
  return coinsOf(coins);
}
