import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";

/** google.protobuf.Timestamp and google.protobuf.Duration alike. */
export interface SecondsAndNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Nanoseconds of a time (since 1970) or of a duration; 0 for none. */
export function nanosOf(time: SecondsAndNanos | undefined): bigint {
  return time === undefined ? 0n : time.seconds * NANOS_PER_SECOND + BigInt(time.nanos);
}

/** Fields of a time or a duration that is not negative. */
export function secondsAndNanos(nanos: bigint): SecondsAndNanos {
  return { seconds: nanos / NANOS_PER_SECOND, nanos: Number(nanos % NANOS_PER_SECOND) };
}
