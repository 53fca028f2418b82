// Tier: test. Budget: 60 s. Random operations of all modules on the real application, with validators that come and go: every
// promise is checked after every transaction, for a few seeds; the long run is in simulator.long.test.ts.
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it } from "@jest/globals";

import { DEEDS } from "./deeds.js";
import { OPERATIONS } from "./operations/index.js";
import { makePlan } from "./plan.js";
import type { Count, Outcome } from "./simulation.js";
import { simulate } from "./simulation.js";

const planOf = (seed: number, blocks: number) => makePlan({ seed, blocks }, { operations: OPERATIONS, deeds: DEEDS });

describe("A simulated chain", () => {
  const outcomes: Outcome[] = [];

  it.each([1, 2])("keeps every promise over 40 blocks of random operations, seed %i", async (seed) => {
    const outcome = await simulate(planOf(seed, 40));
    expect(outcome.failure?.message).toBeUndefined();
    outcomes.push(outcome);
  });

  it("sees every module at work", () => {
    const modules = new Map<string, Pick<Count, "made" | "succeeded">>();
    for (const [name, { made, succeeded }] of outcomes.flatMap(({ counts }) => [...counts])) {
      const module = name.split("/")[0]!;
      const sum = modules.get(module) ?? { made: 0, succeeded: 0 };
      modules.set(module, { made: sum.made + made, succeeded: sum.succeeded + succeeded });
    }
    for (const [name, fewest] of [
      ["bank", 5],
      ["marketplace", 5],
      ["staking", 5],
      ["gov", 3],
      ["distribution", 1],
      ["tokenomics", 3],
    ] as const) {
      expect([name, (modules.get(name)?.succeeded ?? 0) > fewest]).toEqual([name, true]);
    }
    expect(outcomes.some(({ comet }) => comet.absent > 0)).toBe(true);
    expect(outcomes.some(({ comet }) => comet.evidence > 0)).toBe(true);
    expect(outcomes.some(({ restarts }) => restarts > 0)).toBe(true);
    expect(outcomes.some(({ takenAhead }) => takenAhead > 0)).toBe(true);
  });

  it("comes to the same hashes in another process, under other conditions", async () => {
    const here = await simulate(planOf(4, 10), { disturbed: false, everyTransaction: false });
    const program = resolve(import.meta.dirname, "main.js");
    const args = ["--no-warnings", program, "--seed", "4", "--blocks", "10", "--json"];
    const env = { ...process.env, TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const there = JSON.parse(stdout) as Record<string, string>;
    expect(there).toEqual({ appHash: here.appHash, digest: here.digest, stateHash: here.stateHash });
  });
});
