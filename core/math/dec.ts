import { ErrInvalidRequest } from "../errors.js";

/**
 * Decimals with 18 places, as cosmossdk.io/math.LegacyDec (v1.5.3): a bigint that counts 10^-18. Every rounding
 * direction has a name. Sums, products and quotients beyond what LegacyDec holds are refused with `sdk` 18, where Go
 * panics; a divisor of zero is a fault of whoever divides, and a RangeError.
 */
declare const decBrand: unique symbol;

/** A decimal, as a whole number of 10^-18. */
export type Dec = bigint & { readonly [decBrand]: true };

export const DEC_PLACES = 18;
const ONE_RAW = 10n ** 18n;
const HALF_RAW = ONE_RAW / 2n;
/** LegacyDec's bound in either direction, `upperLimit`: 2^256 and its decimals, less the last of them. */
const MAX_RAW = (1n << 256n) * ONE_RAW - 1n;

export const DEC_ZERO = 0n as Dec;
export const DEC_ONE = ONE_RAW as Dec;
/** 10^-18. */
export const DEC_SMALLEST = 1n as Dec;

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

/** Reads the raw count of 10^-18 that the wire carries as text; undefined when it is none or too large. */
export function parseRawDec(text: string): Dec | undefined {
  if (text.length > 120 || !/^-?\d+$/.test(text)) return undefined;
  const raw = BigInt(text);
  return raw > MAX_RAW || raw < -MAX_RAW ? undefined : (raw as Dec);
}

/** With all 18 places, as Cosmos writes it. */
export function formatDec(value: Dec): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(DEC_PLACES + 1, "0");
  const cut = digits.length - DEC_PLACES;
  return `${negative ? "-" : ""}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** `a + b`. */
export function decAdd(a: Dec, b: Dec): Dec {
  return inRange(a + b);
}

/** `a − b`. */
export function decSub(a: Dec, b: Dec): Dec {
  return inRange(a - b);
}

/** `a × b`, to the nearest; in the middle to the even one (LegacyDec.Mul). */
export function decMul(a: Dec, b: Dec): Dec {
  return inRange(chopRound(a * b));
}

/** `a × b`, towards zero (LegacyDec.MulTruncate). */
export function decMulTruncate(a: Dec, b: Dec): Dec {
  return inRange((a * b) / ONE_RAW);
}

/** `a × b`, up: away from zero above it, towards zero below it (LegacyDec.MulRoundUp). */
export function decMulRoundUp(a: Dec, b: Dec): Dec {
  return inRange(chopUp(a * b));
}

/** `a × n`, exactly (LegacyDec.MulInt). */
export function decMulInt(a: Dec, n: bigint): Dec {
  return inRange(a * n);
}

/**
 * `a ÷ b`, to the nearest; in the middle to the even one (LegacyDec.Quo). As there, what is beyond the 36th place does not
 * count.
 */
export function decQuo(a: Dec, b: Dec): Dec {
  return inRange(chopRound((a * ONE_RAW * ONE_RAW) / decDivisor(b)));
}

/** `a ÷ b`, towards zero (LegacyDec.QuoTruncate). */
export function decQuoTruncate(a: Dec, b: Dec): Dec {
  return inRange((a * ONE_RAW) / decDivisor(b));
}

/** `a ÷ b`, up (LegacyDec.QuoRoundUp). Neither may be negative: Go rounds those wrongly. */
export function decQuoRoundUp(a: Dec, b: Dec): Dec {
  if (a < 0n || b < 0n) throw new RangeError("a quotient is rounded up of non-negative decimals only");
  const by = decDivisor(b);
  return inRange((a * ONE_RAW + by - 1n) / by);
}

/** `a ÷ n`, towards zero (LegacyDec.QuoInt). */
export function decQuoInt(a: Dec, n: bigint): Dec {
  return (a / decDivisor(n)) as Dec;
}

/** The whole part: towards zero (LegacyDec.TruncateInt). */
export function decTruncateInt(a: Dec): bigint {
  return a / ONE_RAW;
}

/** The nearest whole number; in the middle the even one (LegacyDec.RoundInt). Throws `sdk` 18 for 2^256, which it can reach. */
export function decRoundInt(a: Dec): bigint {
  return wholeInRange(chopRound(a));
}

/** The smallest whole number that is not below (LegacyDec.Ceil). Throws `sdk` 18 for 2^256, which it can reach. */
export function decCeilInt(a: Dec): bigint {
  return wholeInRange(chopUp(a));
}

/** Whether there is nothing behind the point. */
export function decIsInteger(a: Dec): boolean {
  return a % ONE_RAW === 0n;
}

/** `a` to the power `exponent`, by LegacyDec.Power's squarings, each rounded as {@link decMul}. The exponent is not negative. */
export function decPower(a: Dec, exponent: bigint): Dec {
  if (exponent < 0n) throw new RangeError("a power of a decimal has no negative exponent");
  if (exponent === 0n) return DEC_ONE;
  let base = a;
  let odd = DEC_ONE;
  for (let left = exponent; left > 1n; left /= 2n) {
    if (left % 2n !== 0n) odd = decMul(odd, base);
    base = decMul(base, base);
  }
  return decMul(base, odd);
}

export function decMin(a: Dec, b: Dec): Dec {
  return a < b ? a : b;
}

export function decMax(a: Dec, b: Dec): Dec {
  return a > b ? a : b;
}

/** `amount × factor`, down to whole units. Neither may be negative. */
export function decMulAmountFloor(amount: bigint, factor: Dec): bigint {
  return (amount * factor) / ONE_RAW;
}

/** `amount × factor`, up to whole units. Neither may be negative. */
export function decMulAmountCeil(amount: bigint, factor: Dec): bigint {
  return (amount * factor + ONE_RAW - 1n) / ONE_RAW;
}

function inRange(raw: bigint): Dec {
  if (raw > MAX_RAW || raw < -MAX_RAW) throw ErrInvalidRequest.with("a decimal is out of range: 2^256 is too much");
  return raw as Dec;
}

function wholeInRange(whole: bigint): bigint {
  inRange(whole * ONE_RAW);
  return whole;
}

/** The value, which something is divided by. Throws RangeError for zero. */
export function decDivisor(value: bigint): bigint {
  if (value === 0n) throw new RangeError("division by zero");
  return value;
}

/** Takes 18 places off, to the nearest, in the middle to the even one: LegacyDec's chopPrecisionAndRound. */
function chopRound(raw: bigint): bigint {
  if (raw < 0n) return -chopRound(-raw);
  const whole = raw / ONE_RAW;
  const rest = raw % ONE_RAW;
  if (rest < HALF_RAW || (rest === HALF_RAW && whole % 2n === 0n)) return whole;
  return whole + 1n;
}

/** Takes 18 places off, up: LegacyDec's chopPrecisionAndRoundUp. */
function chopUp(raw: bigint): bigint {
  const whole = raw / ONE_RAW;
  return raw > 0n && raw % ONE_RAW !== 0n ? whole + 1n : whole;
}
