// Tier: interop. Budget: 3 min, most of it the first download of other Nodes. The same blocks under every supported Node.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { makeMarketRun } from "../kit/market-run.js";
import { provideNode } from "../kit/node-binary.js";
import { execute, expectSame } from "./other-process.js";
import { formatRun } from "./run-file.js";

const BLOCKS = 60;
/** The lowest that we support, and a late release of each further LTS line. */
const VERSIONS = ["20.19.0", "22.23.1", "24.21.0"];
const folder = mkdtempSync(join(tmpdir(), "computronium-versions-"));
const runFile = join(folder, "run.json");
// A fresh seed each time; a failure names it.
const seed = Math.floor(Math.random() * 1e9);
let expected: readonly string[];

beforeAll(async () => {
  writeFileSync(runFile, formatRun(await makeMarketRun({ seed, blocks: BLOCKS })));
  expected = await execute(runFile, {});
  expect(expected).toHaveLength(BLOCKS);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe(`The same blocks (seed ${seed})`, () => {
  it.each(VERSIONS)("give the same hashes, results and events under Node %s", async (version) => {
    const node = await provideNode(version);
    expectSame(await execute(runFile, {}, { node }), expected);
    // With caches cold, signatures on a thread, and everything else that runs between blocks.
    const conditions = { interleaves: true, cacheBytes: 1, signatureThread: true };
    expectSame(await execute(runFile, conditions, { node }), expected);
  });
});
