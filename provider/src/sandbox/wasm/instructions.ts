import { WasmRefusedError } from "../errors.js";
import type { Cursor } from "./cursor.js";

/** Value types (core specification 2.0, 5.3.1–5.3.4). Only the first two may occur in a job. */
export const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;
export const FUNCREF = 0x70;

/** What follows an opcode. `float` and `feature` are not followed by anything: they are refused. */
type Immediate =
  | "none"
  | "block"
  | "index"
  | "index2"
  | "table-branch"
  | "types"
  | "memarg"
  | "zero"
  | "zero2"
  | "index-zero"
  | "i32"
  | "i64"
  | "float"
  | "feature";

/** Ranges of one-byte opcodes in order (core specification 2.0, 5.4); what no range names is refused as a feature. */
const RANGES: readonly (readonly [first: number, last: number, immediate: Immediate])[] = [
  [0x00, 0x01, "none"], // unreachable, nop
  [0x02, 0x04, "block"], // block, loop, if
  [0x05, 0x05, "none"], // else
  [0x0b, 0x0b, "none"], // end
  [0x0c, 0x0d, "index"], // br, br_if
  [0x0e, 0x0e, "table-branch"],
  [0x0f, 0x0f, "none"], // return
  [0x10, 0x10, "index"], // call
  [0x11, 0x11, "index2"], // call_indirect
  [0x1a, 0x1b, "none"], // drop, select
  [0x1c, 0x1c, "types"], // select t
  [0x20, 0x24, "index"], // local and global access
  [0x28, 0x29, "memarg"], // i32.load, i64.load
  [0x2a, 0x2b, "float"],
  [0x2c, 0x37, "memarg"], // narrow integer loads, i32.store, i64.store
  [0x38, 0x39, "float"],
  [0x3a, 0x3e, "memarg"], // narrow integer stores
  [0x3f, 0x40, "zero"], // memory.size, memory.grow
  [0x41, 0x41, "i32"],
  [0x42, 0x42, "i64"],
  [0x43, 0x44, "float"],
  [0x45, 0x5a, "none"], // integer comparisons
  [0x5b, 0x66, "float"],
  [0x67, 0x8a, "none"], // integer arithmetic
  [0x8b, 0xa6, "float"],
  [0xa7, 0xa7, "none"], // i32.wrap_i64
  [0xa8, 0xab, "float"],
  [0xac, 0xad, "none"], // i64.extend_i32_s, i64.extend_i32_u
  [0xae, 0xbf, "float"],
  [0xc0, 0xc4, "none"], // sign extension
];

const ONE_BYTE: readonly Immediate[] = Array.from(
  { length: 256 },
  (_, opcode) => RANGES.find(([first, last]) => opcode >= first && opcode <= last)?.[2] ?? "feature",
);

/** Opcodes after the prefix 0xfc: saturating truncation (float), bulk memory; table.grow and its kin are refused. */
const PREFIX_FC: readonly Immediate[] = [
  ...Array.from({ length: 8 }, () => "float" as const),
  "index-zero", // memory.init
  "index", // data.drop
  "zero2", // memory.copy
  "zero", // memory.fill
  "index2", // table.init
  "index", // elem.drop
  "index2", // table.copy
];

/** Reads a value type and refuses all but the integers. */
export function integerType(cursor: Cursor): typeof I32 | typeof I64 {
  const type = cursor.byte();
  if (type === I32 || type === I64) return type;
  if (type === F32 || type === F64) throw floatError(cursor);
  throw featureError(cursor, `value type 0x${type.toString(16)}`);
}

export function floatError(cursor: Cursor): WasmRefusedError {
  return new WasmRefusedError(
    "float",
    `floating point at byte ${cursor.offset - 1}: the bits of a NaN differ between machines, so nobody could check ` +
      "the result; compute with integers or fixed point",
  );
}

export function featureError(cursor: Cursor, what: string): WasmRefusedError {
  return new WasmRefusedError(
    "feature",
    `${what} at byte ${cursor.offset - 1} is outside the deterministic subset (WebAssembly 1.0 integers, sign ` +
      "extension, multi-value, bulk memory); compile without it",
  );
}

/** Walks the instructions up to the cursor's end. Types and jumps are left to the engine, which validates them. */
export function walkInstructions(cursor: Cursor): void {
  while (!cursor.done) instruction(cursor);
}

/** A constant expression: an integer constant, a global, or (in element segments) a function; then `end`. */
export function constantExpression(cursor: Cursor): void {
  for (;;) {
    const opcode = cursor.byte();
    if (opcode === 0x0b) return;
    if (opcode === 0x41) cursor.skipSigned(32);
    else if (opcode === 0x42) cursor.skipSigned(64);
    else if (opcode === 0x23 || opcode === 0xd2) cursor.u32();
    else if (opcode === 0xd0 && cursor.byte() === FUNCREF) continue;
    else if (opcode === 0x43 || opcode === 0x44) throw floatError(cursor);
    else throw featureError(cursor, `constant instruction 0x${opcode.toString(16)}`);
  }
}

function instruction(cursor: Cursor): void {
  const opcode = cursor.byte();
  let immediate = ONE_BYTE[opcode];
  let name = `instruction 0x${opcode.toString(16)}`;
  if (opcode === 0xfc) {
    const second = cursor.u32();
    immediate = PREFIX_FC[second];
    name = `instruction 0xfc ${second}`;
  }
  switch (immediate) {
    case "none":
      return;
    case "block":
      return blockType(cursor);
    case "index":
      return void cursor.u32();
    case "memarg":
      // Alignment below 32: higher bits choose another memory, which this subset has not.
      if (cursor.u32() >= 32) throw featureError(cursor, "a memory access with an index");
      return void cursor.u32();
    case "index2":
      cursor.u32();
      return void cursor.u32();
    case "table-branch":
      for (let left = cursor.count(); left >= 0; left--) cursor.u32();
      return;
    case "types":
      for (let left = cursor.count(); left > 0; left--) integerType(cursor);
      return;
    case "zero":
      return zero(cursor);
    case "zero2":
      zero(cursor);
      return zero(cursor);
    case "index-zero":
      cursor.u32();
      return zero(cursor);
    case "i32":
      return cursor.skipSigned(32);
    case "i64":
      return cursor.skipSigned(64);
    case "float":
      throw floatError(cursor);
    default:
      throw featureError(cursor, name);
  }
}

function blockType(cursor: Cursor): void {
  const first = cursor.byte();
  if (first === 0x40 || first === I32 || first === I64) return;
  if (first === F32 || first === F64) throw floatError(cursor);
  // One-byte negative numbers are value types; the rest is a type index.
  if (first >= 0x40 && first < 0x80) throw featureError(cursor, `block type 0x${first.toString(16)}`);
  cursor.offset--;
  cursor.skipSigned(33);
}

function zero(cursor: Cursor): void {
  if (cursor.byte() !== 0) throw featureError(cursor, "a second memory");
}
