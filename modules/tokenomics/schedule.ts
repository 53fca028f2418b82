import type { Schedule } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { minAmount, mulDivFloor, parseAmount } from "../../core/math/amount.js";

/** Unix times and spans stay below it (about the year 36,812), so that sums fit in 64 bits. */
export const MAX_TIME_SECONDS = 1n << 40n;

/** A schedule in calculable form; see the message for what the fields mean. */
export interface ReleaseSchedule {
  readonly startTime: bigint;
  readonly cliffSeconds: bigint;
  readonly durationSeconds: bigint;
  readonly periodSeconds: bigint;
  readonly atStart: bigint;
}

/**
 * What of `total` is free at a time, in closed form: nobody has to do anything for it to become so. Never more than
 * `total`, and never less than at an earlier time.
 */
export function releasedAt(total: bigint, schedule: ReleaseSchedule, timeSeconds: bigint): bigint {
  const { startTime, cliffSeconds, durationSeconds, periodSeconds } = schedule;
  if (timeSeconds < startTime) return 0n;
  const atStart = minAmount(schedule.atStart, total);
  const elapsed = timeSeconds - startTime;
  if (elapsed < cliffSeconds) return atStart;
  const whole = periodSeconds === 0n ? elapsed : elapsed - (elapsed % periodSeconds);
  if (elapsed >= durationSeconds || whole >= durationSeconds) return total;
  return atStart + mulDivFloor(total - atStart, whole, durationSeconds);
}

/** What is wrong with a schedule for such a total, with the field; undefined when nothing is. */
export function scheduleProblem(schedule: Schedule, total: bigint): string | undefined {
  const { startTime, cliffSeconds, durationSeconds, periodSeconds } = schedule;
  const spans = { start_time: startTime, cliff_seconds: cliffSeconds, duration_seconds: durationSeconds };
  for (const [name, value] of Object.entries(spans)) {
    if (value > MAX_TIME_SECONDS) return `${name}: ${value} is above ${MAX_TIME_SECONDS}`;
  }
  if (periodSeconds > durationSeconds) return "period_seconds: longer than duration_seconds";
  const atStart = parseAmount(schedule.atStart);
  if (atStart === undefined) return `at_start: "${schedule.atStart}" is no amount`;
  return atStart > total ? "at_start: above the total" : undefined;
}

/** A schedule of state, which was checked when it came in. */
export function readSchedule(schedule: Schedule | undefined): ReleaseSchedule {
  const atStart = parseAmount(schedule?.atStart ?? "");
  if (schedule === undefined || atStart === undefined) throw new RangeError("a schedule in state is none");
  const { startTime, cliffSeconds, durationSeconds, periodSeconds } = schedule;
  return { startTime, cliffSeconds, durationSeconds, periodSeconds, atStart };
}
