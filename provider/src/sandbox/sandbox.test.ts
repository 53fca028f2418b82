// Tier: make test. Budget: 20 s (hostile jobs are killed by real limits of one to two seconds).
import { createHash } from "node:crypto";

import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";

import { assemble, sampleJob } from "../sample-jobs.js";
import { SandboxUnavailableError, WasmRefusedError } from "./errors.js";
import type { JobLimits } from "./limits.js";
import { processTree } from "./process-tree.js";
import { PROTECTIONS } from "./protections.js";
import { Sandbox, type JobOutcome } from "./sandbox.js";

const LIMITS: JobLimits = { cpuMilliseconds: 1000, wallMilliseconds: 20_000, memoryBytes: 8 << 20, outputBytes: 4096 };
const IMPORTS = `
  (import "computronium" "input_length" (func $input_length (result i32)))
  (import "computronium" "input_read" (func $input_read (param i32 i32 i32) (result i32)))
  (import "computronium" "output_write" (func $output_write (param i32 i32)))
  (import "computronium" "log" (func $log (param i32 i32)))`;
const guest = (body: string, memory = "1 128"): string =>
  `(module ${IMPORTS} (memory (export "memory") ${memory}) (func (export "run") (result i32) ${body}))`;

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** Processes of this suite's making; what suites before it in the same jest worker left is not its business. */
const earlier = new Set(processTree(process.pid));
const children = (): number[] => processTree(process.pid).filter((pid) => !earlier.has(pid));

describe("a job in the sandbox", () => {
  let sandbox: Sandbox;
  const run = async (text: string, limits = LIMITS, input = Buffer.from("input")): Promise<JobOutcome> =>
    sandbox.runJob({ wasm: await assemble(text), input, limits });

  beforeAll(async () => {
    // The least that every Linux machine gives: what is on top is tested where it is there.
    sandbox = await Sandbox.open({ require: ["limits"] });
  });
  afterEach(() => {
    expect(children()).toEqual([]);
  });

  it("multiplies matrices", async () => {
    const n = 24;
    const numbers = Array.from({ length: 2 * n * n }, (_, i) => Math.imul(i + 1, 2654435761) >>> 0);
    const { exit, output, usage } = await sandbox.runJob({
      wasm: await sampleJob("matrix-multiply"),
      input: Buffer.concat([u32(n), ...numbers.map(u32)]),
      limits: LIMITS,
    });
    const product = Buffer.concat(
      Array.from({ length: n * n }, (_, at) => {
        let sum = 0;
        for (let k = 0; k < n; k++)
          sum =
            (sum + Math.imul(numbers[Math.floor(at / n) * n + k] ?? 0, numbers[n * n + k * n + (at % n)] ?? 0)) >>> 0;
        return u32(sum);
      }),
    );
    expect(exit).toEqual({ kind: "completed", status: 0 });
    expect(Buffer.from(output).equals(product)).toBe(true);
    expect(usage.peakMemoryBytes).toBe(65_536);
    expect(usage.cpuMilliseconds).toBeGreaterThan(0);
  });

  it("finds the 148933 primes up to two million and their sum", async () => {
    const { exit, output } = await sandbox.runJob({
      wasm: await sampleJob("prime-sieve"),
      input: u32(2_000_000),
      limits: LIMITS,
    });
    expect(exit).toEqual({ kind: "completed", status: 0 });
    // The number: OEIS A006880 gives 148933 for 2*10^6; the sum is problem 10 of Project Euler.
    expect(Buffer.from(output).readUInt32LE(0)).toBe(148_933);
    expect(Buffer.from(output).readBigUInt64LE(4)).toBe(142_913_828_922n);
  });

  it("hashes as Node's own SHA-256 does, and gives the same bytes when run again", async () => {
    const seed = createHash("sha256").update("seed").digest();
    let expected = seed;
    for (let i = 0; i < 1000; i++) expected = createHash("sha256").update(expected).digest();
    const job = { wasm: await sampleJob("sha256-chain"), input: Buffer.concat([seed, u32(1000)]), limits: LIMITS };
    const [first, second] = [await sandbox.runJob(job), await sandbox.runJob(job)];
    expect(Buffer.from(first.output).toString("hex")).toBe(expected.toString("hex"));
    expect(second.output).toEqual(first.output);
  });

  it("has its own status and log, which is bounded and no part of the output", async () => {
    const { exit, output, log } = await run(
      guest(`(call $log (i32.const 0) (call $input_read (i32.const 0) (i32.const 1) (i32.const 100)))
             (call $log (i32.const 0) (i32.const 60000)) (i32.const 7)`),
    );
    expect({ exit, log, length: output.length }).toEqual({
      exit: { kind: "completed", status: 7 },
      log: "nput",
      length: 0,
    });
  });

  it("is killed by the kernel when it loops for ever", async () => {
    const { exit, usage, output } = await run(guest(`(loop (br 0)) (i32.const 0)`));
    expect(exit).toEqual({ kind: "limit", limit: "cpu" });
    expect(output.length).toBe(0);
    expect(usage.cpuMilliseconds).toBeGreaterThanOrEqual(1000);
  });

  it("is killed by the parent when its time by the clock is over, and its CPU time is known", async () => {
    const { exit, usage } = await run(guest(`(loop (br 0)) (i32.const 0)`), {
      ...LIMITS,
      cpuMilliseconds: 60_000,
      wallMilliseconds: 800,
    });
    expect(exit).toEqual({ kind: "limit", limit: "wall" });
    expect(usage.cpuMilliseconds).toBeGreaterThan(0);
  });

  it("gets no memory beyond its declared maximum, however often it asks", async () => {
    const { exit, usage } = await run(
      guest(
        `(local $i i32)
         (block $out (loop $more
           (br_if $out (i32.eq (memory.grow (i32.const 1)) (i32.const -1)))
           (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br $more)))
         (memory.fill (i32.const 0) (i32.const 255) (i32.const 8388608))
         (local.get $i)`,
      ),
    );
    expect(exit).toEqual({ kind: "completed", status: 127 });
    expect(usage.peakMemoryBytes).toBe(8 << 20);
  });

  it("can't flood the output", async () => {
    const { exit, output } = await run(
      guest(`(loop (call $output_write (i32.const 0) (i32.const 1000)) (br 0)) (i32.const 0)`),
    );
    expect(exit).toEqual({ kind: "limit", limit: "output" });
    expect(output.length).toBe(0);
  });

  it.each([
    ["unreachable", "unreachable"],
    ["(i32.div_u (i32.const 1) (i32.const 0))", "divide by zero"],
    ["(i32.load (i32.const -4))", "memory access out of bounds"],
    ["(call $output_write (i32.const 65535) (i32.const 2)) (i32.const 0)", "address outside the guest's memory"],
    ["(call $output_write (i32.const -1) (i32.const -1)) (i32.const 0)", "address outside the guest's memory"],
    ["(call $input_read (i32.const 65530) (i32.const 0) (i32.const 10))", "address outside the guest's memory"],
  ])("traps at %s, without output", async (body, message) => {
    const { exit, output } = await run(guest(`(call $output_write (i32.const 0) (i32.const 4)) ${body}`));
    expect(exit).toEqual({ kind: "trap", message });
    expect(output.length).toBe(0);
  });

  it("traps when it recurses without end", async () => {
    expect((await run(guest("(call 4)"))).exit).toEqual({ kind: "trap", message: "Maximum call stack size exceeded" });
  });

  it("is refused when only the engine sees that its types are wrong", async () => {
    const wasm = await assemble(guest("(i32.const 0)"));
    const wrong = wasm.slice();
    const at = Buffer.from(wrong).lastIndexOf(Buffer.from([0x41, 0x00, 0x0b]));
    wrong[at] = 0x42; // i64.const 0 as the i32 result
    await expect(sandbox.runJob({ wasm: wrong, input: Buffer.alloc(0), limits: LIMITS })).rejects.toBeInstanceOf(
      WasmRefusedError,
    );
  });

  it("is refused with limits that are no numbers", async () => {
    for (const wrong of [0, -1, 0.5, NaN, Infinity, 2 ** 60])
      await expect(run(guest("(i32.const 0)"), { ...LIMITS, outputBytes: wrong })).rejects.toBeInstanceOf(RangeError);
  });

  it("is not run at all where a required protection is missing", async () => {
    const { active, missing } = sandbox.protections;
    expect([...active, ...missing].sort()).toEqual([...PROTECTIONS].sort());
    if (missing.length === 0) return void (await expect(Sandbox.open({ require: PROTECTIONS })).resolves.toBeDefined());
    await expect(Sandbox.open({ require: missing })).rejects.toBeInstanceOf(SandboxUnavailableError);
  });
});
