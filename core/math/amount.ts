/**
 * Amounts are `bigint` base units. The chain's integers have at most 256 bits, as cosmossdk.io/math.Int: what
 * comes in from outside is checked here, so that no amount in state is ever wider.
 */
export const MAX_AMOUNT = (1n << 256n) - 1n;

/** A non-negative decimal integer without sign, spaces or superfluous zeros; undefined when the text is not one or is too large. */
export function parseAmount(text: string): bigint | undefined {
  if (text.length > 78 || !/^(0|[1-9][0-9]*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_AMOUNT ? value : undefined;
}

/** `a × b ÷ c`, towards zero. All non-negative, c positive. The remainder stays with whoever pays. */
export function mulDivFloor(a: bigint, b: bigint, c: bigint): bigint {
  if (c <= 0n) throw new RangeError("division by a number that is not positive");
  return (a * b) / c;
}

/** `a × b ÷ c`, away from zero. All non-negative, c positive. The remainder goes to whoever is paid. */
export function mulDivCeil(a: bigint, b: bigint, c: bigint): bigint {
  if (c <= 0n) throw new RangeError("division by a number that is not positive");
  return (a * b + c - 1n) / c;
}

export function minAmount(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function maxAmount(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
