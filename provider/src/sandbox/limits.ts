/** What one job may use. All are enforced outside the guest: by the operating system or by the parent process. */
export interface JobLimits {
  /** CPU time of the child process, milliseconds. The kernel counts whole seconds (RLIMIT_CPU): rounded up. */
  readonly cpuMilliseconds: number;
  /** From start to end by the clock, milliseconds; the parent kills the child. */
  readonly wallMilliseconds: number;
  /** The guest's linear memory, bytes. The module must declare a maximum that is no larger. */
  readonly memoryBytes: number;
  /** The result, bytes. */
  readonly outputBytes: number;
}

/** Longest module accepted, bytes. */
export const MAX_WASM_BYTES = 8 << 20;
/** Longest input accepted, bytes. */
export const MAX_INPUT_BYTES = 64 << 20;
/** Most that a guest may log, bytes; what is more is dropped (a log is no part of the result). */
export const MAX_LOG_BYTES = 16 << 10;

/** The widest limits that this program accepts from anybody, so that sums below stay small integers. */
export const LIMIT_CEILINGS: JobLimits = {
  cpuMilliseconds: 24 * 3_600_000,
  wallMilliseconds: 24 * 3_600_000,
  memoryBytes: 2 ** 31,
  outputBytes: 64 << 20,
};

export const DEFAULT_LIMITS: JobLimits = {
  cpuMilliseconds: 10_000,
  wallMilliseconds: 30_000,
  memoryBytes: 64 << 20,
  outputBytes: 1 << 20,
};

const NAMES = ["cpuMilliseconds", "wallMilliseconds", "memoryBytes", "outputBytes"] as const;

/** Throws a `RangeError` for limits that are no positive integers or above the ceilings. */
export function checkLimits(limits: JobLimits): void {
  for (const name of NAMES) {
    const value = limits[name];
    if (!Number.isSafeInteger(value) || value <= 0 || value > LIMIT_CEILINGS[name])
      throw new RangeError(`limit ${name} is a whole number from 1 to ${LIMIT_CEILINGS[name]}, not ${value}`);
  }
}

/** The first limit in which `asked` goes beyond `offered`, or undefined. */
export function exceededLimit(asked: JobLimits, offered: JobLimits): keyof JobLimits | undefined {
  return NAMES.find((name) => asked[name] > offered[name]);
}
