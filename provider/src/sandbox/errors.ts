/** Why the validator refused a module. Stable: buyers' programs may switch on it. */
export type RefusalReason =
  /** Not the binary format: bad magic, truncated, overlong number, section out of order, trailing bytes. */
  | "malformed"
  /** Longer than the host accepts. */
  | "too-large"
  /** An import that the ABI does not offer, or with another type. */
  | "import"
  /** An export other than `memory` and `run`, one of the two missing, or with another type. */
  | "export"
  /** Not exactly one 32-bit, unshared memory with a declared maximum within the job's limit. */
  | "memory"
  /** More than one table, or one without a bounded maximum. */
  | "table"
  /** Floating point: the bits of a NaN may differ between machines. */
  | "float"
  /** A feature outside the deterministic subset: vectors, threads, tail calls, exceptions, garbage collection, … */
  | "feature"
  /** A start function: `run` is the only way in. */
  | "start";

/** A module that may not run here. The message names the place (byte offset) and what to do about it. */
export class WasmRefusedError extends Error {
  override readonly name = "WasmRefusedError";
  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }
}

/** This machine does not give the protections that the configuration asks for; nothing was run. */
export class SandboxUnavailableError extends Error {
  override readonly name = "SandboxUnavailableError";
}

/** The host failed (not the job): the child could not be started or spoke nonsense. The job may be tried again. */
export class SandboxFault extends Error {
  override readonly name = "SandboxFault";
}
