const NANOS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_DAY = 86_400n;
/** Days from 1 March of year 0 to 1 January 1970, and in 400 years of the Gregorian calendar. */
const DAYS_TO_1970 = 719_468n;
const DAYS_PER_ERA = 146_097n;

/**
 * A time as Go's `time.Time` prints it, `2026-01-02 03:04:05.6 +0000 UTC`: error texts carry it. Calculated from the
 * number alone, since the engine's own calendar has no place inside a block.
 */
export function timeText(unixNanos: bigint): string {
  const nanos = mod(unixNanos, NANOS_PER_SECOND);
  const seconds = (unixNanos - nanos) / NANOS_PER_SECOND;
  const ofDay = mod(seconds, SECONDS_PER_DAY);
  const { year, month, day } = civil((seconds - ofDay) / SECONDS_PER_DAY);
  const fraction = nanos === 0n ? "" : `.${digits(nanos, 9).replace(/0+$/, "")}`;
  const clock = [ofDay / 3600n, (ofDay / 60n) % 60n, ofDay % 60n].map((part) => digits(part, 2)).join(":");
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)} ${clock}${fraction} +0000 UTC`;
}

/** A time as Go's `time.RFC3339` prints it, `2026-01-02T03:04:05Z`: without the fraction of the second. */
export function rfc3339(unixNanos: bigint): string {
  const text = timeText(unixNanos);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}Z`;
}

/** Date of a day counted from 1970, in years that begin with March so that the leap day comes last. */
function civil(daysSince1970: bigint): { readonly year: bigint; readonly month: bigint; readonly day: bigint } {
  const days = daysSince1970 + DAYS_TO_1970;
  const dayOfEra = mod(days, DAYS_PER_ERA);
  const era = (days - dayOfEra) / DAYS_PER_ERA;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const marchMonth = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * marchMonth + 2n) / 5n + 1n;
  const month = marchMonth < 10n ? marchMonth + 3n : marchMonth - 9n;
  return { year: yearOfEra + era * 400n + (month <= 2n ? 1n : 0n), month, day };
}

function mod(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b;
}

function digits(value: bigint, width: number): string {
  return value.toString().padStart(width, "0");
}
