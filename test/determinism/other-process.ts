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

export interface Execution {
  /** Each block's result as a line of JSON. */
  readonly blocks: readonly string[];
  /** How many results had been found ahead of their block. */
  readonly takenAhead: number;
}

/** Executes the run of a file in a process of its own. */
export async function executeProgram(
  runFile: string,
  conditions: Conditions,
  { node = process.execPath, env = {}, nodeFlags = [] }: OtherProcess = {},
): Promise<Execution> {
  const args = ["--no-warnings", ...nodeFlags, PROGRAM, runFile, JSON.stringify(conditions)];
  const options = { env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
  const { stdout, stderr } = await promisify(execFile)(node, args, options);
  return { blocks: stdout.trimEnd().split("\n"), takenAhead: Number(stderr) };
}

/** {@link executeProgram}, for its blocks. */
export async function execute(...args: Parameters<typeof executeProgram>): Promise<readonly string[]> {
  return (await executeProgram(...args)).blocks;
}

/** The lines one by one: the first that differs is the one to look at. */
export function expectSame(actual: readonly string[], expected: readonly string[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, line] of actual.entries()) expect(JSON.parse(line)).toEqual(JSON.parse(expected[i]!));
  expect(actual).toEqual(expected);
}
