// Tier: long. Budget: 30 min. Thousands of simulated blocks, of seeds that nobody has seen before; a failure names its seed.
import { describe, expect, it } from "@jest/globals";

import { DEEDS } from "./deeds.js";
import { OPERATIONS } from "./operations/index.js";
import { makePlan } from "./plan.js";
import { Progress } from "./progress.js";
import { simulate } from "./simulation.js";

const BLOCKS = 2_000;
const first = Math.floor(Math.random() * 1e8);

describe("A simulated chain", () => {
  it.each([first, first + 1, first + 2])(`keeps every promise over ${BLOCKS} blocks, seed %i`, async (seed) => {
    const progress = new Progress(process.stderr);
    const plan = makePlan({ seed, blocks: BLOCKS }, { operations: OPERATIONS, deeds: DEEDS });
    const { failure } = await simulate(plan, {
      progress: (done, all, height) => progress.show(done, all, `seed ${seed}, height ${height}`),
    });
    expect(failure?.message).toBeUndefined();
  });
});
