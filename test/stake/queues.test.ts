// Tier: test. Budget: 30 s. Row 23: whatever comes due at one time is worked off in slices.

import { describe, expect, it } from "@jest/globals";

import { memoryStores } from "../../core/testing/memory.js";
import { DELEGATED, DENOM, StakeWorld } from "../kit/stake-world.js";

const UNBONDING = 21n * 86_400n;
/** maturity.ts, COMPLETED_PER_BLOCK. */
const SLICE = 1_000;

describe("Undelegations that mature at one time", () => {
  it("are paid out in slices, in every block the next one, and all of them", () => {
    const stores = memoryStores();
    const world = new StakeWorld(() => stores, { validators: 2 });
    const people = SLICE + 200;
    world.block({
      between(ctx) {
        for (let i = 0; i < people; i++) world.addDelegator(ctx, i);
      },
    });
    world.block({
      between(ctx) {
        for (let i = 0; i < people; i++) world.undelegate(ctx, i, DELEGATED);
      },
    });
    const paid = () => {
      const ctx = world.context();
      let count = 0;
      for (let i = 0; i < people; i++) {
        if (world.wiring.bank.balance(ctx, world.delegator(i), DENOM) === DELEGATED) count++;
      }
      return count;
    };
    expect(paid()).toBe(0);
    const counts: number[] = [];
    for (const seconds of [UNBONDING, 1n, 1n]) {
      world.block({ seconds });
      counts.push(paid());
    }
    expect(counts).toEqual([SLICE, people, people]);
    expect(world.brokenInvariants()).toEqual([]);
  });
});
