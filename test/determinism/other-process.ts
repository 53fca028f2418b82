import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

import { expect } from "@jest/globals";

import type { Conditions } from "./execute.js";

const PROGRAM = resolve(import.meta.dirname, "execute.js");

export interface OtherProcess {
  /** Node's binary; by default this one. */
  readonly node?: string;
  readonly env?: Record<string, string>;
  readonly nodeFlags?: readonly string[];
}

/** Executes the run of a file in a process of its own; each block's result as a line of JSON. */
export async function execute(
  runFile: string,
  conditions: Conditions,
  { node = process.execPath, env = {}, nodeFlags = [] }: OtherProcess = {},
): Promise<readonly string[]> {
  const args = ["--no-warnings", ...nodeFlags, PROGRAM, runFile, JSON.stringify(conditions)];
  const { stdout } = await promisify(execFile)(node, args, { env: { ...process.env, ...env }, maxBuffer: 64 << 20 });
  return stdout.trimEnd().split("\n");
}

/** The lines one by one: the first that differs is the one to look at. */
export function expectSame(actual: readonly string[], expected: readonly string[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, line] of actual.entries()) expect(JSON.parse(line)).toEqual(JSON.parse(expected[i]!));
  expect(actual).toEqual(expected);
}
