// Tier: test. Budget: 40 s. One run of random blocks, executed in processes of their own under conditions that must not matter.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { makeMarketRun } from "../kit/market-run.js";
import type { Conditions } from "./execute.js";
import { formatRun } from "./run-file.js";

const BLOCKS = 40;
const SEED = 20_260_701;
const PROGRAM = resolve(import.meta.dirname, "execute.js");
const folder = mkdtempSync(join(tmpdir(), "computronium-run-"));
const runFile = join(folder, "run.json");

interface Block {
  readonly height: string;
  readonly appHashHex: string;
  readonly txResults: readonly {
    readonly code: number;
    readonly log: string;
    readonly events?: readonly { readonly type: string }[];
  }[];
}

let expected: readonly string[];

beforeAll(async () => {
  writeFileSync(runFile, formatRun(await makeMarketRun({ seed: SEED, blocks: BLOCKS })));
  expected = await execute({});
});
afterAll(() => rmSync(folder, { recursive: true }));

async function execute(
  conditions: Conditions,
  process_: { readonly env?: Record<string, string>; readonly nodeFlags?: readonly string[] } = {},
): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--no-warnings", ...(process_.nodeFlags ?? []), PROGRAM, runFile, JSON.stringify(conditions)],
    { env: { ...process.env, ...process_.env }, maxBuffer: 64 << 20 },
  );
  return stdout.trimEnd().split("\n");
}

/** The lines one by one: the first that differs is the one to look at. */
function expectSame(actual: readonly string[]): void {
  expect(actual).toHaveLength(BLOCKS);
  for (const [i, line] of actual.entries()) expect(JSON.parse(line)).toEqual(JSON.parse(expected[i]!));
  expect(actual).toEqual(expected);
}

describe("The same blocks", () => {
  it("hold transactions that succeed and ones that fail in many ways", () => {
    const results = expected.flatMap((line) => (JSON.parse(line) as Block).txResults);
    const codes = new Set(results.map(({ code }) => code));
    expect(results.filter(({ code }) => code === 0).length).toBeGreaterThan(50);
    expect(codes.size).toBeGreaterThan(8);
    const types = new Set(results.flatMap(({ events = [] }) => events.map(({ type }) => type)));
    expect([...types]).toEqual(
      expect.arrayContaining([
        "transfer",
        "computronium.marketplace.v1.EventOrderPosted",
        "computronium.marketplace.v1.EventLeaseStarted",
      ]),
    );
    const hashes = expected.map((line) => (JSON.parse(line) as Block).appHashHex);
    expect(new Set(hashes).size).toBe(BLOCKS);
  });

  it.each<[string, Conditions, Parameters<typeof execute>[1]]>([
    ["once more", {}, {}],
    [
      "in another time zone and language",
      {},
      { env: { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", LANGUAGE: "tr" } },
    ],
    ["with a database and all caches opened anew before every block", { reopens: true }, {}],
    ["with next to no cache", { cacheBytes: 1 }, {}],
    ["among CheckTx, recheck, simulations, queries and rejected proposals", { interleaves: true }, {}],
    [
      "among all those with next to no cache and a thread for signatures",
      { interleaves: true, cacheBytes: 1, signatureThread: true },
      {},
    ],
    ["while everything is measured", { interleaves: true, metrics: true }, {}],
    ["without the optimizing compilers", {}, { nodeFlags: ["--no-opt", "--no-sparkplug"] }],
    ["compiled at the first call", {}, { nodeFlags: ["--always-sparkplug", "--no-lazy"] }],
  ])("give the same hashes, results and events %s", async (_, conditions, process_) => {
    expectSame(await execute(conditions, process_));
  });
});
