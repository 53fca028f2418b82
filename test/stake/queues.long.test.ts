// Tier: long. Budget: 15 min. Row 23 of docs/reliability.md: a million undelegations whose time comes with one block.
import { afterAll, describe, expect, it } from "@jest/globals";

import { delegateInBulk } from "../kit/bulk-delegations.js";
import { DiskWorld } from "../kit/disk-world.js";
import { DELEGATED, DENOM } from "../kit/stake-world.js";

const PEOPLE = 1_000_000;
const BATCH = 10_000;
const UNBONDING = 21n * 86_400n;
/** maturity.ts, COMPLETED_PER_BLOCK. */
const SLICE = 1_000;
/** Reads and writes for each of those, and for everything else in a block of two validators: many times what it takes. */
const MOST_FOR_EACH = 40;
const MOST_FOR_THE_REST = 2_000;

describe("A million undelegations that mature with one block", () => {
  const disk = new DiskWorld(2);
  const { world } = disk;
  afterAll(() => disk.close());

  const balance = (i: number) => world.wiring.bank.balance(world.context(), world.delegator(i), DENOM);

  it("are paid out a slice a block, each block at the same bounded cost, and all of them", () => {
    for (let from = 0; from < PEOPLE; from += BATCH) {
      disk.block({ between: (ctx) => delegateInBulk(world, ctx, { from, to: from + BATCH, validator: 0 }) });
    }
    // All within less time than passes until the first is due, at times of their own.
    for (let from = 0; from < PEOPLE; from += BATCH) {
      disk.block({
        between(ctx) {
          for (let i = from; i < from + BATCH; i++) world.undelegate(ctx, i, DELEGATED);
        },
      });
    }
    let completed = 0;
    let seconds = UNBONDING;
    for (let block = 0; block < PEOPLE / SLICE; block++) {
      const { events, reads, walked, writes } = disk.block({ seconds });
      seconds = 1n;
      const ended = events.filter(({ type }) => type === "complete_unbonding").length;
      completed += ended;
      expect({ block, ended }).toEqual({ block, ended: SLICE });
      expect(reads + walked + writes).toBeLessThan(SLICE * MOST_FOR_EACH + MOST_FOR_THE_REST);
    }
    expect(completed).toBe(PEOPLE);
    const after = disk.block().events.filter(({ type }) => type === "complete_unbonding");
    expect(after).toEqual([]);
    for (let i = 0; i < PEOPLE; i += 997) expect([i, balance(i)]).toEqual([i, DELEGATED]);
    expect(world.brokenInvariants()).toEqual([]);
  });
});
