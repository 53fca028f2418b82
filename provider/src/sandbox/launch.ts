import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { Readable } from "node:stream";

import { SandboxFault } from "./errors.js";
import { LAUNCH_SCRIPT } from "./launch-script.js";
import type { Mechanism } from "./mechanisms.js";
import { treeCpuMilliseconds } from "./process-tree.js";

/** What the operating system holds the child to. */
export interface ChildLimits {
  readonly cpuSeconds: number;
  readonly wallMilliseconds: number;
  /** Private writable memory (RLIMIT_DATA), beside what the engine reserves for code before it runs anything. */
  readonly dataBytes: number;
  /** Bytes on stdout after which the child is killed. */
  readonly stdoutBytes: number;
}

export interface ChildTask {
  /** JavaScript module text for the child; it may import Node's own modules. */
  readonly source: string;
  readonly stdin: Uint8Array;
  readonly limits: ChildLimits;
  /** Node's permission model on top (off only to show that the operating system's layer holds without it). */
  readonly permissionModel: boolean;
  /** Kills the child when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

export interface ChildEnd {
  readonly stdout: Buffer;
  readonly stderr: string;
  /** As a shell tells it: above 128, the signal that ended the child is the rest. Undefined when the parent killed it. */
  readonly status: number | undefined;
  readonly killedFor: "wall" | "stdout" | "abort" | undefined;
  /** User and system time of the child, as the kernel counted it. */
  readonly cpuMilliseconds: number;
  readonly wallMilliseconds: number;
}

/** Address space beyond the data limit: code, libraries and what V8 reserves without using (0.7 GB in Node 20). */
const ADDRESS_SPACE_MARGIN_BYTES = 8 * 2 ** 30;
/**
 * Newer engines (V8 in Node 24 and later) reserve a range for code that is writable from the start, 512 MiB on x64, which
 * the kernel counts as data although most of it is never touched. This process has the same engine: read off here.
 */
const CODE_RESERVE_BYTES = writableCodeBytes();
/** Threads count as processes: Node has about six; the rest lets several jobs share one user id. */
const PROCESS_LIMIT = 256;
const STDERR_BYTES = 16 << 10;

/** V8 and Node flags of the child. Bounds checks in place of guard regions, so that limits on memory may be low. */
const NODE_FLAGS = [
  "--disable-wasm-trap-handler",
  "--single-threaded",
  "--v8-pool-size=0",
  "--max-old-space-size=64",
  "--stack-size=984",
  "--disallow-code-generation-from-strings",
  "--disable-proto=delete",
  "--no-addons",
  "--no-warnings",
];
const PERMISSION_FLAG = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

/** Starts one child under this mechanism and waits for its end; nothing of it is left then. Throws {@link SandboxFault}. */
export async function runChild(mechanism: Mechanism, task: ChildTask): Promise<ChildEnd> {
  const { limits } = task;
  const dataBytes = limits.dataBytes + CODE_RESERVE_BYTES;
  const [command = "", ...args] = [
    ...mechanism.prefix,
    mechanism.shell,
    "-c",
    LAUNCH_SCRIPT,
    "sh",
    mechanism.enter,
    mechanism.enterTool,
    mechanism.rootFolder,
    String(limits.cpuSeconds),
    String(Math.ceil(dataBytes / 1024)),
    String(Math.ceil((dataBytes + ADDRESS_SPACE_MARGIN_BYTES) / 1024)),
    String(PROCESS_LIMIT),
    String(mechanism.userId),
    ...mechanism.files,
    "--",
    process.execPath,
    ...NODE_FLAGS,
    ...(task.permissionModel ? [PERMISSION_FLAG] : []),
    "--input-type=module",
    "--eval",
    task.source,
  ];
  const started = performance.now();
  // detached: a process group of its own, which dies as one. Empty environment; PATH only for the script's mounts.
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    detached: true,
    cwd: "/",
    env: { PATH: mechanism.path },
  });
  let killedFor: ChildEnd["killedFor"];
  let cpuAtKill = 0;
  const killGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // ESRCH: all gone already
    }
  };
  const kill = (reason: "wall" | "stdout" | "abort"): void => {
    if (killedFor) return;
    killedFor = reason;
    if (child.pid !== undefined) cpuAtKill = treeCpuMilliseconds(child.pid);
    killGroup();
  };
  const timer = setTimeout(() => kill("wall"), limits.wallMilliseconds);
  const abort = (): void => kill("abort");
  task.signal?.addEventListener("abort", abort);
  if (task.signal?.aborted) abort();
  try {
    const stdout = collect(child.stdout, limits.stdoutBytes, () => kill("stdout"));
    const stderr = collect(child.stderr, STDERR_BYTES, () => undefined);
    const report = collect(child.stdio[3] as Readable, STDERR_BYTES, () => undefined);
    child.stdin.on("error", () => undefined); // EPIPE: the child ended without reading all
    child.stdin.end(task.stdin);
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      // "close": exited and every descriptor closed, so no descendant holds one
      child.once("close", () => resolve());
    });
    const wallMilliseconds = Math.ceil(performance.now() - started);
    const stderrText = Buffer.concat(stderr).toString("utf8");
    const ended = parseReport(Buffer.concat(report).toString("latin1"));
    if (!killedFor && !ended) throw new SandboxFault(`the child could not be set up: ${stderrText.trim()}`);
    return {
      stdout: Buffer.concat(stdout),
      stderr: stderrText,
      status: ended?.status,
      killedFor,
      cpuMilliseconds: ended?.cpuMilliseconds ?? cpuAtKill,
      wallMilliseconds,
    };
  } catch (error) {
    if (error instanceof SandboxFault) throw error;
    throw new SandboxFault(`the child could not be started: ${String(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    task.signal?.removeEventListener("abort", abort);
    killGroup();
  }
}

/** Sum of this process's private mappings that are writable and executable, bytes. */
function writableCodeBytes(): number {
  const mappings = readFileSync("/proc/self/maps", "latin1").matchAll(/^([0-9a-f]+)-([0-9a-f]+) rwxp/gm);
  return [...mappings].reduce((sum, [, from = "0", to = "0"]) => sum + parseInt(to, 16) - parseInt(from, 16), 0);
}

/** Collects a stream's first `limit` bytes; calls `overflow` at the first byte beyond, and drops what follows. */
function collect(stream: Readable, limit: number, overflow: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let left = limit;
  stream.on("data", (chunk: Buffer) => {
    if (left > 0) chunks.push(chunk.subarray(0, left));
    if (chunk.length > left) overflow();
    left = Math.max(0, left - chunk.length);
  });
  stream.on("error", () => undefined); // ends as "close" does
  return chunks;
}

/** The script's lines: `exit 0`, then what `times` prints, whose second line is about the children. */
function parseReport(text: string): { status: number; cpuMilliseconds: number } | undefined {
  const status = /^exit (\d+)$/m.exec(text)?.[1];
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)].map((m) => Number(m[1]) * 60_000 + Number(m[2]) * 1000);
  if (status === undefined || times.length !== 4) return undefined;
  return { status: Number(status), cpuMilliseconds: Math.ceil((times[2] ?? 0) + (times[3] ?? 0)) };
}
