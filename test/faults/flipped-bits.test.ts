// Tier: test. Budget: 30 s. Bits flipped in the database of a stopped node: it goes on with the right state, or it stops and says why.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { formatRun } from "../determinism/run-file.js";
import { makeMarketRun } from "../kit/market-run.js";
import { SeededRandom } from "../kit/random.js";

const PROGRAM = resolve(import.meta.dirname, "go-on.js");
const SEED = 12;
const TRIALS = 12;
const BLOCKS = 24;
const BLOCKS_BEFORE = 18;
const folder = mkdtempSync(join(tmpdir(), "computronium-bits-"));
const home = join(folder, "home");
const runFile = join(folder, "run.json");

interface Outcome {
  readonly lines: readonly string[];
  readonly status: number | null;
  readonly stderr: string;
}

function goOn(at: string, file = runFile): Outcome {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--no-warnings", PROGRAM, file, at], {
    encoding: "utf8",
  });
  return { lines: stdout.trimEnd().split("\n"), stderr, status };
}

let expected: Outcome;

beforeAll(async () => {
  const run = await makeMarketRun({ seed: SEED, blocks: BLOCKS });
  const first = join(folder, "first.json");
  writeFileSync(first, formatRun({ ...run, blocks: run.blocks.slice(0, BLOCKS_BEFORE) }));
  writeFileSync(runFile, formatRun(run));
  mkdirSync(home);
  expect(goOn(home, first).status).toBe(0);
  const intact = join(folder, "intact");
  cpSync(home, intact, { recursive: true });
  expected = goOn(intact);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("A database with flipped bits", () => {
  it("that has none flipped goes on", () => {
    expect(expected.status).toBe(0);
    expect(expected.lines).toHaveLength(1 + BLOCKS - BLOCKS_BEFORE);
    expect(expected.lines[0]).toBe(String(BLOCKS_BEFORE));
  });

  it("gives no wrong balance and no wrong hash, and names the damage where it stops", () => {
    const random = new SeededRandom(SEED);
    const bytes = readFileSync(join(home, "application.db", "data.mdb"));
    let stopped = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      const damaged = join(folder, `damaged-${trial}`);
      cpSync(home, damaged, { recursive: true });
      const copy = Buffer.from(bytes);
      for (let flip = 0; flip <= trial; flip++) {
        // Only where something is written.
        let at = random.below(copy.length);
        while (copy[at] === 0) at = random.below(copy.length);
        copy[at] = copy[at]! ^ (1 << random.below(8));
      }
      writeFileSync(join(damaged, "application.db", "data.mdb"), copy);
      const { lines, status, stderr } = goOn(damaged);
      rmSync(damaged, { recursive: true });
      // Blocks up to where it stopped are those of the intact chain.
      const complete = lines.filter((line) => line.startsWith("["));
      expect([trial, complete]).toEqual([trial, expected.lines.slice(1, 1 + complete.length)]);
      if (status !== 0) stopped++;
      if (status === 3) expect([trial, stderr]).toEqual([trial, expect.stringMatching(/damaged|database/)]);
    }
    expect(stopped).toBeGreaterThan(0);
  });
});
