import { existsSync, readFileSync } from "node:fs";

import { parse, TomlError } from "smol-toml";
import type { z } from "zod";

/** Settings that do not fit: says file, key and what is wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Where settings come from: defaults of the schema < file < environment < flags. */
export interface Sources {
  /** A TOML file; it may be missing. */
  readonly file: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Dotted key → value as given on the command line. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly warn: (message: string) => void;
}

type Table = { [key: string]: unknown };
/** What a setting is, as far as its text form goes. */
export type SettingKind = "text" | "list" | "other";
const ENV_PREFIX = "COMPUTRONIUMD_";

/** Reads, merges and checks settings. Keys that nobody knows are warned about, with the nearest known one. */
export function readConfig<S extends z.ZodType>(schema: S, sources: Sources): z.infer<S> {
  const known = keysOf(schema);
  const origins = new Map<string, string>();
  const merged: Table = {};
  for (const [key, value] of flatten(readToml(sources.file), known)) {
    if (!known.has(key)) {
      const near = nearest(key, [...known.keys()]);
      sources.warn(
        `${sources.file}: nothing is called ${key}${near === undefined ? "." : `; is ${near} meant?`} It has no effect.`,
      );
      continue;
    }
    put(merged, key, value);
    origins.set(key, `${sources.file}: ${key}`);
  }
  for (const [key, def] of known) {
    const name = ENV_PREFIX + key.toUpperCase().replaceAll(/[.-]/g, "_");
    const text = sources.env?.[name];
    if (text !== undefined) {
      put(merged, key, fromText(text, def));
      origins.set(key, `environment: ${name}`);
    }
    const flag = sources.flags?.[key];
    if (flag !== undefined) {
      put(merged, key, typeof flag === "string" ? fromText(flag, def) : flag);
      origins.set(key, `flag: --${key}`);
    }
  }
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const key = path.filter((part) => typeof part === "string").join(".");
    return `${origins.get(key) ?? `${sources.file}: ${key}`}: ${message}`;
  });
  throw new ConfigError(lines.join("\n"));
}

function readToml(file: string): Table {
  if (!existsSync(file)) return {};
  try {
    return parse(readFileSync(file, "utf8")) as Table;
  } catch (error) {
    if (error instanceof TomlError)
      throw new ConfigError(`${file}: line ${error.line}: ${error.message.split("\n")[0]}`);
    throw error;
  }
}

/** Dotted keys of a schema, with what stands in for each value in text form. */
export function keysOf(schema: z.ZodType): ReadonlyMap<string, SettingKind> {
  const keys = new Map<string, SettingKind>();
  const visit = (node: z.ZodType, path: string): void => {
    const inner = unwrap(node);
    if ("shape" in inner.def) {
      for (const [key, child] of Object.entries(inner.def.shape as Record<string, z.ZodType>)) {
        visit(child, path === "" ? key : `${path}.${key}`);
      }
      return;
    }
    const { type } = inner.def;
    keys.set(path, type === "array" ? "list" : type === "string" || type === "enum" ? "text" : "other");
  };
  visit(schema, "");
  return keys;
}

/** What is inside of defaults. */
function unwrap(schema: z.ZodType): z.ZodType {
  const { def } = schema;
  return "innerType" in def ? unwrap(def.innerType as z.ZodType) : schema;
}

/** The value that a text from environment or command line stands for. What is no number stays text, for the check to say so. */
export function fromText(text: string, kind: SettingKind): unknown {
  if (kind === "text") return text;
  if (kind === "list") {
    return text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

/** The values of a TOML document by dotted key; what is one setting in the schema stays whole. */
export function flatten(table: Table, known: ReadonlyMap<string, unknown>, path = ""): [key: string, value: unknown][] {
  return Object.entries(table).flatMap(([name, value]) => {
    const key = path === "" ? name : `${path}.${name}`;
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    return isTable && !known.has(key) ? flatten(value as Table, known, key) : [[key, value] as [string, unknown]];
  });
}

function put(table: Table, key: string, value: unknown): void {
  const parts = key.split(".");
  const last = parts.pop()!;
  let at = table;
  for (const part of parts) at = (at[part] ??= {}) as Table;
  at[last] = value;
}

/** The known key that is the fewest edits away, if those are few. */
export function nearest(key: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(key.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editDistance(key, candidate);
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
