import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";

import { create } from "./protobuf.js";

const NANOS_PER_SECOND = 1_000_000_000n;

/** Unix nanoseconds of `0001-01-01T00:00:00Z`, Go's `time.Time{}`: what "no time" looks like on the wire. */
export const GO_ZERO_TIME_NANOS = -62_135_596_800n * NANOS_PER_SECOND;

/** A time, from Unix nanoseconds. */
export function timestampOf(unixNanos: bigint): Timestamp {
  const nanos = ((unixNanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return create(TimestampSchema, { seconds: (unixNanos - nanos) / NANOS_PER_SECOND, nanos: Number(nanos) });
}

/** Unix nanoseconds of a time; a missing one is Go's zero time. */
export function nanosOfTimestamp(time: Timestamp | undefined): bigint {
  return time === undefined ? GO_ZERO_TIME_NANOS : time.seconds * NANOS_PER_SECOND + BigInt(time.nanos);
}

export function durationOf(nanos: bigint): Duration {
  const rest = nanos % NANOS_PER_SECOND;
  return create(DurationSchema, { seconds: (nanos - rest) / NANOS_PER_SECOND, nanos: Number(rest) });
}

/** Nanoseconds; none for a missing duration. */
export function nanosOfDuration(duration: Duration | undefined): bigint {
  return duration === undefined ? 0n : duration.seconds * NANOS_PER_SECOND + BigInt(duration.nanos);
}
