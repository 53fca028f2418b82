import { NANOS_PER_SECOND } from "./context.js";

/** A google.protobuf.Timestamp or Duration. */
interface SecondsAndNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Years 1 to 9999, as google.protobuf.Timestamp has them. */
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
/** 10,000 years, as google.protobuf.Duration has them. */
const MAX_DURATION_SECONDS = 315_576_000_000n;

/** The time that Go's `time.Time` has when nobody set it: the first of January of year 1. Unix nanoseconds. */
export const ZERO_TIME_NANOS = FIRST_SECOND * NANOS_PER_SECOND;

/** The last time that a Timestamp can tell. Unix nanoseconds. */
export const LAST_TIME_NANOS = (LAST_SECOND + 1n) * NANOS_PER_SECOND - 1n;

/** Whether a Timestamp is one: within its years, nanoseconds from 0 to 999,999,999. */
export function isTimestamp({ seconds, nanos }: SecondsAndNanos): boolean {
  return seconds >= FIRST_SECOND && seconds <= LAST_SECOND && nanos >= 0 && nanos < 1_000_000_000;
}

/** Whether a Duration is one: within its bounds, both parts of one sign. */
export function isDuration({ seconds, nanos }: SecondsAndNanos): boolean {
  if (seconds > MAX_DURATION_SECONDS || seconds < -MAX_DURATION_SECONDS) return false;
  if (nanos <= -1_000_000_000 || nanos >= 1_000_000_000) return false;
  return seconds === 0n || nanos === 0 || seconds > 0n === nanos > 0;
}

/** Nanoseconds of a Timestamp since 1970, or of a Duration. */
export function nanosOf({ seconds, nanos }: SecondsAndNanos): bigint {
  return seconds * NANOS_PER_SECOND + BigInt(nanos);
}

/** The Timestamp of a Unix time in nanoseconds; the last one there is for times behind it. */
export function timestampOf(unixNanos: bigint): { readonly seconds: bigint; readonly nanos: number } {
  const time = unixNanos > LAST_TIME_NANOS ? LAST_TIME_NANOS : unixNanos;
  const nanos = ((time % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return { seconds: (time - nanos) / NANOS_PER_SECOND, nanos: Number(nanos) };
}
