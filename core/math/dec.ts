/**
 * Decimals with 18 places, as cosmossdk.io/math.LegacyDec: a bigint that counts 10^-18. Every rounding
 * direction has a name.
 */
declare const decBrand: unique symbol;

/** A decimal, as a whole number of 10^-18. */
export type Dec = bigint & { readonly [decBrand]: true };

export const DEC_PLACES = 18;
const ONE_RAW = 10n ** 18n;
/** LegacyDec's bound: 256 bits and 18 decimals. */
const MAX_RAW = (1n << 315n) - 1n;

export const DEC_ZERO = 0n as Dec;
export const DEC_ONE = ONE_RAW as Dec;

export function decFromInteger(value: bigint): Dec {
  return (value * ONE_RAW) as Dec;
}

/** A decimal from the raw count of 10^-18 that the wire carries as text. */
export function decFromRaw(raw: bigint): Dec {
  return raw as Dec;
}

/** Reads `-1.25` and the like, at most 18 places; undefined when the text is no decimal or too large. */
export function parseDec(text: string): Dec | undefined {
  if (text.length > 120) return undefined;
  const match = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "0", fraction = ""] = match;
  const raw = BigInt(whole) * ONE_RAW + BigInt(fraction.padEnd(DEC_PLACES, "0"));
  if (raw > MAX_RAW) return undefined;
  return (sign === "-" ? -raw : raw) as Dec;
}

/** With all 18 places, as Cosmos writes it. */
export function formatDec(value: Dec): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(DEC_PLACES + 1, "0");
  const cut = digits.length - DEC_PLACES;
  return `${negative ? "-" : ""}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** `a × b`, towards zero. */
export function decMulTruncate(a: Dec, b: Dec): Dec {
  return ((a * b) / ONE_RAW) as Dec;
}

/** `a ÷ b`, towards zero. Throws RangeError for a divisor of zero. */
export function decQuoTruncate(a: Dec, b: Dec): Dec {
  if (b === 0n) throw new RangeError("division by zero");
  return ((a * ONE_RAW) / b) as Dec;
}

/** `amount × factor`, down to whole units. Neither may be negative. */
export function decMulAmountFloor(amount: bigint, factor: Dec): bigint {
  return (amount * factor) / ONE_RAW;
}

/** `amount × factor`, up to whole units. Neither may be negative. */
export function decMulAmountCeil(amount: bigint, factor: Dec): bigint {
  return (amount * factor + ONE_RAW - 1n) / ONE_RAW;
}
