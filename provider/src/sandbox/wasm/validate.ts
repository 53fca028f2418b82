import { WasmRefusedError } from "../errors.js";
import { MAX_WASM_BYTES } from "../limits.js";
import { Cursor } from "./cursor.js";
import { constantExpression, featureError, FUNCREF, I32, integerType, walkInstructions } from "./instructions.js";

/** The host functions of the ABI with their types; see provider/README.md. */
export const ABI_MODULE = "computronium";
const PARAMS_RESULTS: Readonly<Record<string, string>> = {
  input_length: "->i32",
  input_read: "i32,i32,i32->i32",
  output_write: "i32,i32->",
  log: "i32,i32->",
};
const RUN_TYPE = "->i32";

export const WASM_PAGE_BYTES = 65_536;
const MAX_TABLE_ELEMENTS = 65_536;
/** As engines do (V8 `kV8MaxWasmFunctionLocals`): otherwise three bytes could ask for gigabytes while compiling. */
const MAX_LOCALS = 50_000;

/** Section ids in the order in which they must stand; the data count (12) stands before the code (10). */
const SECTION_ORDER = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];
const KIND = { func: 0, table: 1, memory: 2, global: 3 } as const;

/** What the validator learned. */
export interface ModuleFacts {
  readonly initialMemoryBytes: number;
  readonly maximumMemoryBytes: number;
}

interface Draft {
  types: string[];
  /** Type index of each function, imported ones first. */
  functions: number[];
  defined: number;
  bodies: number;
  tables: number;
  memory?: { initial: number; maximum: number };
  exports: Map<string, { kind: number; index: number }>;
}

/**
 * Checks that these bytes are a job of the deterministic subset: only the ABI's imports, exactly the exports `memory`
 * and `run`, one bounded memory, integers only. Types within function bodies are left to the engine, which validates
 * them in the child process. Throws {@link WasmRefusedError}.
 */
export function validateModule(wasm: Uint8Array, memoryLimitBytes: number): ModuleFacts {
  if (wasm.length > MAX_WASM_BYTES)
    throw new WasmRefusedError("too-large", `the module has ${wasm.length} bytes; at most ${MAX_WASM_BYTES} may run`);
  const cursor = new Cursor(wasm);
  for (const expected of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    if (cursor.byte() !== expected) throw cursor.malformed("no WebAssembly binary of version 1");

  const draft: Draft = { types: [], functions: [], defined: 0, bodies: 0, tables: 0, exports: new Map() };
  let place = -1;
  while (!cursor.done) {
    const id = cursor.byte();
    const section = cursor.part(cursor.u32());
    if (id === 0) {
      section.name(); // a custom section means nothing to the guest
      continue;
    }
    const next = SECTION_ORDER.indexOf(id);
    if (next === -1) throw featureError(cursor, `section ${id}`);
    if (next <= place) throw cursor.malformed(`section ${id} stands out of order or twice`);
    place = next;
    readSection(id, section, draft);
    section.mustBeDone(`section ${id}`);
  }
  if (draft.bodies !== draft.defined) throw cursor.malformed("functions without bodies");
  checkExports(draft);
  return memoryFacts(draft, memoryLimitBytes);
}

function readSection(id: number, cursor: Cursor, draft: Draft): void {
  switch (id) {
    case 1:
      return each(cursor, () => readType(cursor, draft));
    case 2:
      return each(cursor, () => readImport(cursor, draft));
    case 3:
      return each(cursor, () => {
        draft.functions.push(cursor.u32());
        draft.defined++;
      });
    case 4:
      return each(cursor, () => readTable(cursor, draft));
    case 5:
      return each(cursor, () => readMemory(cursor, draft));
    case 6:
      return each(cursor, () => {
        integerType(cursor);
        if (cursor.byte() > 1) throw cursor.malformed("a global is neither constant nor variable");
        constantExpression(cursor);
      });
    case 7:
      return each(cursor, () => {
        const name = cursor.name();
        if (draft.exports.has(name)) throw cursor.malformed(`two exports "${name}"`);
        draft.exports.set(name, { kind: cursor.byte(), index: cursor.u32() });
      });
    case 8:
      throw new WasmRefusedError("start", "the module has a start function: do its work at the beginning of run");
    case 9:
      return each(cursor, () => readElement(cursor));
    case 10:
      return each(cursor, () => readBody(cursor, draft));
    case 11:
      return each(cursor, () => readData(cursor));
    case 12:
      return void cursor.u32();
  }
}

function each(cursor: Cursor, read: () => void): void {
  for (let left = cursor.count(); left > 0; left--) read();
}

function readType(cursor: Cursor, draft: Draft): void {
  const form = cursor.byte();
  if (form !== 0x60) throw featureError(cursor, `type form 0x${form.toString(16)}`);
  const list = (): string => {
    const names: string[] = [];
    each(cursor, () => names.push(integerType(cursor) === I32 ? "i32" : "i64"));
    return names.join(",");
  };
  const params = list();
  draft.types.push(`${params}->${list()}`);
}

function readImport(cursor: Cursor, draft: Draft): void {
  const module = cursor.name();
  const name = cursor.name();
  const kind = cursor.byte();
  const type = module === ABI_MODULE && Object.hasOwn(PARAMS_RESULTS, name) ? PARAMS_RESULTS[name] : undefined;
  if (type === undefined || kind !== KIND.func)
    throw new WasmRefusedError(
      "import",
      `the module imports "${module}"."${name}"; a job gets the functions ` +
        `${Object.keys(PARAMS_RESULTS).join(", ")} of "${ABI_MODULE}" and nothing else`,
    );
  const index = cursor.u32();
  if (draft.types[index] !== type)
    throw new WasmRefusedError(
      "import",
      `"${ABI_MODULE}"."${name}" has the type (${type}), not (${draft.types[index]})`,
    );
  draft.functions.push(index);
}

function limits(cursor: Cursor): { initial: number; maximum: number | undefined } {
  const flags = cursor.byte();
  if (flags > 1) throw featureError(cursor, "a shared or 64-bit memory or table");
  return { initial: cursor.u32(), maximum: flags === 1 ? cursor.u32() : undefined };
}

function readTable(cursor: Cursor, draft: Draft): void {
  const type = cursor.byte();
  if (type !== FUNCREF) throw featureError(cursor, `a table of type 0x${type.toString(16)}`);
  const { initial, maximum } = limits(cursor);
  // Without table.grow (refused) a table keeps its initial size, and a maximum only has to be consistent.
  if (++draft.tables > 1 || initial > MAX_TABLE_ELEMENTS || (maximum !== undefined && maximum < initial))
    throw new WasmRefusedError("table", `a job has at most one table of at most ${MAX_TABLE_ELEMENTS} functions`);
}

function readMemory(cursor: Cursor, draft: Draft): void {
  const { initial, maximum } = limits(cursor);
  if (draft.memory) throw new WasmRefusedError("memory", "the module has more than one memory");
  if (maximum === undefined)
    throw new WasmRefusedError("memory", "the memory has no maximum: declare one, so that growing is deterministic");
  draft.memory = { initial: initial * WASM_PAGE_BYTES, maximum: maximum * WASM_PAGE_BYTES };
}

function readElement(cursor: Cursor): void {
  const flags = cursor.u32();
  if (flags > 7) throw cursor.malformed(`element segment with flags ${flags}`);
  const active = (flags & 1) === 0;
  if (active && (flags & 2) !== 0) cursor.u32(); // table
  if (active) constantExpression(cursor); // offset
  const expressions = (flags & 4) !== 0;
  if ((flags & 3) !== 0) {
    const kind = cursor.byte();
    if (kind !== (expressions ? FUNCREF : 0)) throw featureError(cursor, "elements that are no functions");
  }
  each(cursor, () => (expressions ? constantExpression(cursor) : void cursor.u32()));
}

function readBody(cursor: Cursor, draft: Draft): void {
  const body = cursor.part(cursor.u32());
  let locals = 0;
  each(body, () => {
    locals += body.u32();
    integerType(body);
    if (locals > MAX_LOCALS) throw body.malformed(`a function has more than ${MAX_LOCALS} locals`);
  });
  walkInstructions(body);
  draft.bodies++;
}

function readData(cursor: Cursor): void {
  const flags = cursor.u32();
  if (flags > 2) throw cursor.malformed(`data segment with flags ${flags}`);
  if (flags === 2 && cursor.u32() !== 0) throw featureError(cursor, "a second memory");
  if (flags !== 1) constantExpression(cursor);
  cursor.part(cursor.u32());
}

function checkExports({ exports, functions, types }: Draft): void {
  for (const name of exports.keys())
    if (name !== "memory" && name !== "run")
      throw new WasmRefusedError("export", `the module exports "${name}"; a job exports "memory" and "run" only`);
  if (exports.get("memory")?.kind !== KIND.memory)
    throw new WasmRefusedError("export", 'the module does not export its memory as "memory"');
  const run = exports.get("run");
  const type = run?.kind === KIND.func ? types[functions[run.index] ?? -1] : undefined;
  if (type !== RUN_TYPE)
    throw new WasmRefusedError(
      "export",
      'the module does not export a function "run" without parameters returning i32',
    );
}

function memoryFacts({ memory }: Draft, limitBytes: number): ModuleFacts {
  if (!memory) throw new WasmRefusedError("memory", "the module has no memory");
  if (memory.maximum > limitBytes)
    throw new WasmRefusedError(
      "memory",
      `the module declares a memory of up to ${memory.maximum} bytes; its limit is ${limitBytes}`,
    );
  if (memory.initial > memory.maximum)
    throw new WasmRefusedError("memory", "the memory starts larger than its maximum");
  return { initialMemoryBytes: memory.initial, maximumMemoryBytes: memory.maximum };
}
