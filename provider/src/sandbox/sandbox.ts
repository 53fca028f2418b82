import { readFileSync } from "node:fs";

import { SandboxFault, WasmRefusedError } from "./errors.js";
import { runChild, type ChildEnd } from "./launch.js";
import { checkLimits, MAX_INPUT_BYTES, MAX_LOG_BYTES, type JobLimits } from "./limits.js";
import { findMechanism, type Protection, type ProtectionReport } from "./protections.js";
import type { RunnerReply, RunnerRequest } from "./runner.js";
import { validateModule } from "./wasm/validate.js";

export interface Job {
  readonly wasm: Uint8Array;
  readonly input: Uint8Array;
  readonly limits: JobLimits;
  /** Ends the job early. */
  readonly signal?: AbortSignal;
}

/** How a job ended. Only `completed` has an output. */
export type JobExit =
  /** `run` returned; 0 says success by convention, other numbers are the guest's own. */
  | { readonly kind: "completed"; readonly status: number }
  /** The guest did what WebAssembly forbids: division by zero, memory out of bounds, unreachable, stack exhausted. */
  | { readonly kind: "trap"; readonly message: string }
  /** A limit ended it. */
  | { readonly kind: "limit"; readonly limit: "cpu" | "wall" | "memory" | "output" }
  /** The caller's signal ended it. */
  | { readonly kind: "cancelled" };

/** What the job used, for billing and for the buyer to see. */
export interface JobUsage {
  /** CPU time of the whole child process as the kernel counted it, with the start of the engine (some 40 ms). */
  readonly cpuMilliseconds: number;
  readonly wallMilliseconds: number;
  /** The guest's linear memory at its end, which is its peak; undefined where a limit ended the child before it could say. */
  readonly peakMemoryBytes: number | undefined;
}

export interface JobOutcome {
  readonly exit: JobExit;
  readonly output: Uint8Array;
  /** What the guest logged; no part of the result. */
  readonly log: string;
  readonly usage: JobUsage;
}

export interface SandboxOptions {
  /** Without these, nothing is run. Default: limits, network, files. */
  readonly require?: readonly Protection[];
  /** User and group id of jobs where the provider runs as root. Default: 65534 (nobody). */
  readonly jobUserId?: number;
}

export const DEFAULT_REQUIRE: readonly Protection[] = ["limits", "network", "files"];
const NOBODY = 65534;

/** Private writable memory that Node takes beside the guest's: heap, code, stacks. Measured 25 MB idle on Node 20. */
const ENGINE_DATA_BYTES = 192 << 20;
/** Start of the engine, on top of what the job may use. */
const ENGINE_CPU_SECONDS = 1;
const REPLY_HEADER_BYTES = 4096;

/** Runs jobs, each in a child process that the operating system confines. */
export class Sandbox {
  private readonly source = readFileSync(new URL("./runner.js", import.meta.url), "utf8");

  private constructor(readonly protections: ProtectionReport) {}

  /** Finds out what this machine offers. Throws SandboxUnavailableError when that is less than what is required. */
  static async open(options: SandboxOptions = {}): Promise<Sandbox> {
    const report = await findMechanism(options.require ?? DEFAULT_REQUIRE, options.jobUserId ?? NOBODY);
    return new Sandbox(report);
  }

  /**
   * Validates and runs one job. The same module and input give the same output on every machine, or none.
   * Throws {@link WasmRefusedError} (the job's fault), `RangeError` (limits out of range), {@link SandboxFault} (ours).
   */
  async runJob(job: Job): Promise<JobOutcome> {
    const { wasm, input, limits } = job;
    checkLimits(limits);
    if (input.length > MAX_INPUT_BYTES) throw new RangeError(`an input has at most ${MAX_INPUT_BYTES} bytes`);
    const { maximumMemoryBytes } = validateModule(wasm, limits.memoryBytes);
    const end = await runChild(this.protections.mechanism, {
      source: this.source,
      stdin: encodeRequest(job),
      permissionModel: true,
      signal: job.signal,
      limits: {
        cpuSeconds: Math.ceil(limits.cpuMilliseconds / 1000) + ENGINE_CPU_SECONDS,
        wallMilliseconds: limits.wallMilliseconds,
        // The whole declared memory, so that growing it never fails for the host's reasons.
        dataBytes: ENGINE_DATA_BYTES + maximumMemoryBytes + input.length + 2 * limits.outputBytes + 16 * wasm.length,
        stdoutBytes: REPLY_HEADER_BYTES + limits.outputBytes + MAX_LOG_BYTES,
      },
    });
    return outcome(end, limits);
  }
}

function encodeRequest({ wasm, input, limits }: Job): Uint8Array {
  const request: RunnerRequest = {
    wasmBytes: wasm.length,
    inputBytes: input.length,
    outputLimitBytes: limits.outputBytes,
    logLimitBytes: MAX_LOG_BYTES,
  };
  const header = Buffer.from(JSON.stringify(request));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, wasm, input]);
}

function outcome(end: ChildEnd, limits: JobLimits): JobOutcome {
  const { cpuMilliseconds, wallMilliseconds } = end;
  const limited = limitThatEnded(end, limits);
  if (limited !== undefined || end.killedFor === "abort") {
    const exit: JobExit = limited === undefined ? { kind: "cancelled" } : { kind: "limit", limit: limited };
    const usage = { cpuMilliseconds, wallMilliseconds, peakMemoryBytes: undefined };
    return { exit, output: new Uint8Array(), log: "", usage };
  }
  const { reply, output, log } = decodeReply(end);
  const usage = { cpuMilliseconds, wallMilliseconds, peakMemoryBytes: reply.memoryBytes };
  const nothing = { output: new Uint8Array(), log, usage };
  switch (reply.exit.kind) {
    case "completed":
      return { exit: reply.exit, output, log, usage };
    case "trap":
      return { exit: reply.exit, ...nothing };
    case "output-limit":
      return { exit: { kind: "limit", limit: "output" }, ...nothing };
    case "invalid":
      throw new WasmRefusedError("malformed", `the engine refuses the module: ${reply.exit.message}`);
    case "fault":
      throw new SandboxFault(`the engine failed: ${reply.exit.message}`);
  }
}

const SIGNAL_STATUS = { abort: 134, trap: 133, kill: 137, segv: 139, cpu: 152 };

function limitThatEnded(end: ChildEnd, limits: JobLimits): "cpu" | "wall" | "memory" | "output" | undefined {
  if (end.killedFor === "wall") return "wall";
  if (end.killedFor === "stdout") return "output";
  if (end.status === SIGNAL_STATUS.cpu) return "cpu";
  if (end.status === SIGNAL_STATUS.kill && end.cpuMilliseconds >= limits.cpuMilliseconds) return "cpu";
  // V8 aborts when the kernel refuses it memory, and says so.
  const aborted = [SIGNAL_STATUS.abort, SIGNAL_STATUS.trap, SIGNAL_STATUS.segv].some((status) => status === end.status);
  if (aborted && /out of memory|allocation failed|OOM/i.test(end.stderr)) return "memory";
  return undefined;
}

function decodeReply(end: ChildEnd): { reply: RunnerReply; output: Uint8Array; log: string } {
  const { stdout } = end;
  const fault = (what: string): SandboxFault =>
    new SandboxFault(`the child ${what} (status ${end.status}): ${end.stderr.trim().slice(0, 500)}`);
  if (end.status !== 0 || stdout.length < 4) throw fault("ended without a reply");
  const headerEnd = 4 + stdout.readUInt32LE(0);
  if (headerEnd > stdout.length) throw fault("sent a reply cut short");
  const reply = JSON.parse(stdout.toString("utf8", 4, headerEnd)) as RunnerReply;
  if (stdout.length !== headerEnd + reply.outputBytes + reply.logBytes) throw fault("sent a reply of another length");
  const outputEnd = headerEnd + reply.outputBytes;
  return { reply, output: stdout.subarray(headerEnd, outputEnd), log: stdout.toString("utf8", outputEnd) };
}
