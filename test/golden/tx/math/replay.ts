import type { DecCoins } from "../../../../core/math/dec-coins.js";
import {
  addDecCoins,
  formatDecCoins,
  intersectDecCoins,
  mulDecCoins,
  mulDecCoinsTruncate,
  quoDecCoins,
  quoDecCoinsTruncate,
  subtractDecCoins,
  truncateDecCoins,
} from "../../../../core/math/dec-coins.js";
import { formatCoins } from "../../../../core/math/coins.js";
import type { Dec } from "../../../../core/math/dec.js";
import {
  decAdd,
  decCeilInt,
  decFromRaw,
  decMul,
  decMulInt,
  decMulRoundUp,
  decMulTruncate,
  decQuo,
  decQuoInt,
  decQuoRoundUp,
  decQuoTruncate,
  decRoundInt,
  decSub,
  decTruncateInt,
  parseDec,
} from "../../../../core/math/dec.js";
import { RegisteredError } from "../../../../core/errors.js";

export interface Vectors {
  readonly seed: number;
  readonly vectors: readonly { readonly op: string; readonly args: readonly string[]; readonly result: string }[];
}

const DECIMALS: Record<string, (a: Dec, b: Dec) => bigint> = {
  add: decAdd,
  sub: decSub,
  mul: decMul,
  mulTruncate: decMulTruncate,
  mulRoundUp: decMulRoundUp,
  quo: decQuo,
  quoTruncate: decQuoTruncate,
  quoRoundUp: decQuoRoundUp,
  mulInt: decMulInt,
  quoInt: decQuoInt,
  truncateInt: decTruncateInt,
  roundInt: decRoundInt,
  ceilInt: decCeilInt,
};

const TWO_LISTS: Record<string, (a: DecCoins, b: DecCoins) => string> = {
  "coins.add": (a, b) => formatDecCoins(addDecCoins(a, b)),
  "coins.intersect": (a, b) => formatDecCoins(intersectDecCoins(a, b)),
  "coins.whole": (a) => formatCoins(truncateDecCoins(a).whole),
  "coins.change": (a) => formatDecCoins(truncateDecCoins(a).change),
  "coins.subtract": (a, b) => {
    const difference = subtractDecCoins(a, b);
    return difference === undefined ? "panic" : formatDecCoins(difference);
  },
};

const COINS_AND_NUMBER: Record<string, (a: DecCoins, by: Dec) => DecCoins> = {
  "coins.mul": mulDecCoins,
  "coins.mulTruncate": mulDecCoinsTruncate,
  "coins.quo": quoDecCoins,
  "coins.quoTruncate": quoDecCoinsTruncate,
};

function readCoins(text: string): DecCoins {
  if (text === "") return [];
  return text.split(",").map((part) => {
    const [, amount, denom] = /^([0-9.]+)(.*)$/.exec(part)!;
    return { denom: denom!, amount: parseDec(amount!)! };
  });
}

function compute(op: string, args: readonly string[]): string {
  const [first = "", second = ""] = args;
  const decimals = DECIMALS[op];
  if (decimals !== undefined) return decimals(decFromRaw(BigInt(first)), decFromRaw(BigInt(second))).toString();
  const lists = TWO_LISTS[op];
  if (lists !== undefined) return lists(readCoins(first), readCoins(second));
  return formatDecCoins(COINS_AND_NUMBER[op]!(readCoins(first), decFromRaw(BigInt(second))));
}

/** Where ours differ from Go's; where Go panics, ours refuses with a registered error, or with RangeError for a divisor of zero. */
export function replay({ vectors }: Vectors) {
  const differences: unknown[] = [];
  const counts: Record<string, number> = {};
  let refused = 0;
  for (const { op, args, result } of vectors) {
    counts[op] = (counts[op] ?? 0) + 1;
    let ours: string;
    try {
      ours = compute(op, args);
    } catch (error) {
      if (!(error instanceof RegisteredError || error instanceof RangeError)) throw error;
      ours = "panic";
    }
    if (ours === "panic") refused++;
    if (ours !== result) differences.push({ op, args, result, ours });
  }
  return { differences, refused, operations: Object.keys(counts).length };
}
