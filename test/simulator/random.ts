import { SeededRandom } from "../kit/random.js";

export type { SeededRandom } from "../kit/random.js";

/** Numbers that are the same for the same seed; neighbouring seeds have nothing in common (splitmix32 stirs them). */
export function randomOf(seed: number): SeededRandom {
  let z = (seed + 0x9e3779b9) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b) >>> 0;
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35) >>> 0;
  const random = new SeededRandom((z ^ (z >>> 16)) >>> 0);
  // The first numbers of a generator whose state has few ones are small.
  for (let i = 0; i < 4; i++) random.below(2);
  return random;
}

/** A seed for another generator. */
export function seedFrom(random: SeededRandom): number {
  return random.below(2 ** 31);
}

/** One of the entries, each as likely as its weight says. */
export function weighted<T extends { readonly weight: number }>(random: SeededRandom, entries: readonly T[]): T {
  let left = random.below(entries.reduce((sum, { weight }) => sum + weight, 0));
  for (const entry of entries) {
    left -= entry.weight;
    if (left < 0) return entry;
  }
  throw new Error("nothing to choose from");
}

export function oneIn(random: SeededRandom, times: number): boolean {
  return random.below(times) === 0;
}

/** From 1 to `most`, small numbers as likely as large ones: as many of each length. */
export function amountUpTo(random: SeededRandom, most: bigint): bigint {
  if (most <= 1n) return 1n;
  const digits = BigInt(most.toString().length);
  const bound = 10n ** BigInt(1 + random.below(Number(digits)));
  const raw = BigInt(random.below(2 ** 31)) * 2n ** 31n + BigInt(random.below(2 ** 31));
  const amount = 1n + (raw % bound);
  return amount > most ? 1n + (raw % most) : amount;
}
