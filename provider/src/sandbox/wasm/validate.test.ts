// Tier: make test. Budget: 5 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import wabt from "wabt";

import { assemble, sampleJob, SAMPLE_JOBS } from "../../sample-jobs.js";
import { WasmRefusedError } from "../errors.js";
import { MAX_WASM_BYTES } from "../limits.js";
import { validateModule } from "./validate.js";

const LIMIT = 16 << 20;
const MEMORY = `(memory (export "memory") 1 2)`;
const RUN = `(func (export "run") (result i32) (i32.const 0))`;

const refusal = (wasm: Uint8Array): string => {
  try {
    validateModule(wasm, LIMIT);
    return "accepted";
  } catch (error) {
    if (error instanceof WasmRefusedError) return error.reason;
    throw error;
  }
};
const refusalOf = async (...fields: string[]): Promise<string> =>
  refusal(await assemble(`(module ${fields.join("\n")})`));
/** Assembles text with features that wabt leaves off by default. */
const assembleWith = async (text: string, features: Record<string, boolean>): Promise<Uint8Array> =>
  new Uint8Array((await wabt()).parseWat("x.wat", text, features).toBinary({}).buffer);

describe("validateModule", () => {
  it.each(SAMPLE_JOBS)("accepts the sample job %s", async (name) => {
    const { initialMemoryBytes, maximumMemoryBytes } = validateModule(await sampleJob(name), LIMIT);
    expect(initialMemoryBytes).toBeLessThanOrEqual(maximumMemoryBytes);
  });

  it("accepts every construct of the subset", async () => {
    expect(
      await refusalOf(
        `(type $t (func (param i32 i64) (result i64)))
         (import "computronium" "log" (func $log (param i32 i32)))
         (table 4 4 funcref) (elem (i32.const 0) $f $f) (elem $passive func $f)
         (global $g (mut i64) (i64.const -9223372036854775808)) (global $k i32 (i32.const -1))
         (data (i32.const 8) "abc") (data $d "def")`,
        MEMORY,
        `(func $f (type $t) (local.get 1))
         (func $two (result i32 i64) (i32.const 1) (i64.const 2))
         (func (export "run") (result i32) (local $x i32) (local i64 i64)
           (block (result i32) (i32.const 1)) (if (then (nop)) (else (unreachable)))
           (call $two) drop drop
           (drop (call_indirect (type $t) (i32.const 1) (i64.const 2) (i32.const 0)))
           (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d)
           (memory.copy (i32.const 0) (i32.const 9) (i32.const 3)) (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))
           (table.init $passive (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $passive)
           (table.copy (i32.const 0) (i32.const 1) (i32.const 1))
           (drop (i32.extend8_s (i32.wrap_i64 (i64.extend_i32_s (i32.clz (memory.size))))))
           (block $a (block $b (br_table $a $b (i32.const 1))))
           (drop (select (i32.const 1) (i32.const 2) (i32.const 0)))
           (drop (select (result i64) (i64.const 1) (i64.const 2) (i32.const 0)))
           (i64.store8 offset=4294967295 (i32.const 0) (i64.load32_u (i32.const 0)))
           (local.set $x (i32.const -2147483648)) (global.set $g (i64.rotl (i64.const 1) (i64.const 2)))
           (return (local.tee $x (i32.const 0))))`,
      ),
    ).toBe("accepted");
  });

  it("refuses an import from anywhere else, of another name, another kind, another type", async () => {
    for (const what of [
      `"wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))`,
      `"env" "abort" (func)`,
      `"computronium" "clock" (func (result i64))`,
      `"computronium" "toString" (func)`,
      `"computronium" "__proto__" (func)`,
      `"computronium" "log" (func (param i32))`,
      `"computronium" "input_length" (func (result i64))`,
      `"computronium" "log" (global i32)`,
      `"computronium" "input_length" (table 1 funcref)`,
      `"computronium" "memory" (memory 1 2)`,
    ])
      expect([what, await refusalOf(`(import ${what})`, MEMORY, RUN)]).toEqual([what, "import"]);
  });

  it("refuses other exports than memory and run, and their absence", async () => {
    expect(await refusalOf(MEMORY, RUN, `(func (export "more"))`)).toBe("export");
    expect(await refusalOf(MEMORY, RUN, `(global (export "g") i32 (i32.const 0))`)).toBe("export");
    expect(await refusalOf(MEMORY)).toBe("export");
    expect(await refusalOf(`(memory 1 2)`, RUN)).toBe("export");
    expect(await refusalOf(MEMORY, `(func (export "run"))`)).toBe("export");
    expect(await refusalOf(MEMORY, `(func (export "run") (param i32) (result i32) (i32.const 0))`)).toBe("export");
    expect(await refusalOf(`(memory (export "run") 1 2)`, `(func (export "memory") (result i32) (i32.const 0))`)).toBe(
      "export",
    );
  });

  it("refuses a memory without maximum, beyond the limit, or none", async () => {
    expect(await refusalOf(`(memory (export "memory") 1)`, RUN)).toBe("memory");
    expect(await refusalOf(`(memory (export "memory") 1 256)`, RUN)).toBe("accepted");
    expect(await refusalOf(`(memory (export "memory") 1 257)`, RUN)).toBe("memory");
    expect(await refusalOf(`(memory (export "memory") 1 65536)`, RUN)).toBe("memory");
  });

  it("refuses a large table, and a start function", async () => {
    expect(await refusalOf(MEMORY, RUN, "(table 65537 funcref)")).toBe("table");
    expect(await refusalOf(MEMORY, RUN, "(func $s) (start $s)")).toBe("start");
  });

  it("refuses floating point wherever it may occur", async () => {
    for (const field of [
      "(func (param f32))",
      "(func (result f64) (f64.const 0))",
      "(func (local f32))",
      "(global f64 (f64.const 0))",
      "(func (drop (f32.const 1)))",
      "(func (drop (f64.load (i32.const 0))))",
      "(func (drop (i32.trunc_f32_s (f32.const 1))))",
      "(func (drop (f64.convert_i32_s (i32.const 1))))",
      "(func (drop (i64.reinterpret_f64 (f64.const 1))))",
      "(func (drop (i32.trunc_sat_f64_s (f64.const 1))))",
      "(func (drop (block (result f32) (unreachable))))",
    ])
      expect([field, await refusalOf(MEMORY, RUN, field)]).toEqual([field, "float"]);
  });

  it("refuses vectors, threads, tail calls, exceptions and growing tables", async () => {
    const all = { simd: true, threads: true, tail_call: true, exceptions: true, reference_types: true, memory64: true };
    for (const field of [
      "(func (drop (i32x4.splat (i32.const 1))))",
      "(func (drop (i32.atomic.load (i32.const 0))))",
      "(func (return_call 0))",
      "(tag)",
      "(table $t 1 2 funcref) (func (drop (table.grow $t (ref.null func) (i32.const 1))))",
      "(table 1 2 externref)",
      "(global externref (ref.null extern))",
    ])
      expect([field, refusal(await assembleWith(`(module ${MEMORY} ${RUN} ${field})`, all))]).toEqual([
        field,
        "feature",
      ]);
    const shared = `(module (memory (export "memory") 1 2 shared) ${RUN})`;
    expect(refusal(await assembleWith(shared, all))).toBe("feature");
    expect(refusal(await assembleWith(`(module (memory (export "memory") i64 1 2) ${RUN})`, all))).toBe("feature");
  });

  it("refuses what is no module, too long, or cut short anywhere", async () => {
    expect(refusal(new Uint8Array())).toBe("malformed");
    expect(refusal(Buffer.from("#!/bin/sh"))).toBe("malformed");
    expect(refusal(Buffer.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]))).toBe("malformed");
    expect(refusal(new Uint8Array(MAX_WASM_BYTES + 1))).toBe("too-large");
    const whole = await sampleJob("prime-sieve"); // whose last section, the code, can't be left out
    for (let length = 8; length < whole.length; length++)
      expect(refusal(whole.subarray(0, length))).not.toBe("accepted");
  });

  it("answers huge counts and overlong numbers at once", () => {
    const module = (...section: number[]): Uint8Array => Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section]);
    expect(refusal(module(1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f))).toBe("malformed"); // 2^32-1 types
    expect(refusal(module(1, 6, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00))).toBe("malformed"); // a zero of six bytes
    expect(refusal(module(1, 0xff, 0xff, 0xff, 0xff, 0x7f))).toBe("malformed"); // more than 32 bits
    expect(refusal(module(1, 1, 0, 1, 1, 0))).toBe("malformed"); // a section twice
  });

  it("accepts no mutated module that the engine would not also understand, and never fails otherwise", async () => {
    const engine = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } })
      .WebAssembly;
    const { Module } = engine as unknown as {
      Module: {
        new (bytes: Uint8Array): object;
        imports(m: object): { module: string }[];
        exports(m: object): unknown[];
      };
    };
    const whole = await sampleJob("prime-sieve");
    const mutations = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(mutations, (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        if (refusal(bytes) !== "accepted") return;
        let compiled: object;
        try {
          compiled = new Module(bytes);
        } catch {
          return; // types within bodies are the engine's part
        }
        expect(Module.imports(compiled).every(({ module }) => module === "computronium")).toBe(true);
        expect(Module.exports(compiled)).toHaveLength(2);
      }),
      { numRuns: 3000 },
    );
  });
});
