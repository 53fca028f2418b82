// Tier: test. Budget: 40 s. One run of random blocks, executed in processes of their own under conditions that must not matter.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { makeMarketRun } from "../kit/market-run.js";
import type { Conditions } from "./execute.js";
import type { OtherProcess } from "./other-process.js";
import { execute, executeProgram, expectSame } from "./other-process.js";
import { formatRun } from "./run-file.js";

const BLOCKS = 40;
const SEED = 20_260_701;
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
  expected = await execute(runFile, {});
});
afterAll(() => rmSync(folder, { recursive: true }));

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
    expect(expected).toHaveLength(BLOCKS);
    const hashes = expected.map((line) => (JSON.parse(line) as Block).appHashHex);
    expect(new Set(hashes).size).toBe(BLOCKS);
  });

  it.each<[string, Conditions, OtherProcess]>([
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
    expectSame(await execute(runFile, conditions, process_), expected);
  });

  it.each([
    ["in order" as const, 20],
    ["out of order" as const, 5],
  ])("give the same when their transactions were executed ahead %s", async (ahead, fewest) => {
    const { blocks, takenAhead } = await executeProgram(runFile, { ahead });
    expectSame(blocks, expected);
    // Transactions that ask for the time, which is most of the market's, and those behind one that was not foreseen are not.
    expect(takenAhead).toBeGreaterThan(fewest);
  });
});
