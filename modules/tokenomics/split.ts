import { mulDivFloor } from "../../core/math/amount.js";

/** 100 % in 1/10,000. */
export const ALL_BPS = 10_000;

/**
 * Divides an amount by shares in 1/10,000: each part rounded down, and what is left over for `rest`. The parts add up to the
 * amount, whatever the shares are, as long as they do not exceed 10,000.
 */
export function splitByBps<K extends string>(
  amount: bigint,
  shares: Readonly<Record<K, number>>,
): { readonly parts: Readonly<Record<K, bigint>>; readonly rest: bigint } {
  let rest = amount;
  const parts = {} as Record<K, bigint>;
  for (const [name, bps] of Object.entries(shares) as [K, number][]) {
    parts[name] = mulDivFloor(amount, BigInt(bps), BigInt(ALL_BPS));
    rest -= parts[name];
  }
  if (rest < 0n) throw new RangeError(`shares above ${ALL_BPS}`);
  return { parts, rest };
}
