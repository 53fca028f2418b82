// Tier: test. Budget: 30 s. What a block's hooks ask of the stores does not grow with the delegators; bench/stake-cost.ts goes to 10^6.
import { describe, expect, it } from "@jest/globals";

import type { Context } from "../../core/runtime/context.js";
import { exportGenesis } from "../../core/runtime/genesis.js";
import { memoryStores } from "../../core/testing/memory.js";
import { delegateInBulk } from "../kit/bulk-delegations.js";
import type { StoreOperations } from "../kit/counting-stores.js";
import { DELEGATED, StakeWorld } from "../kit/stake-world.js";

const VALIDATORS = 5;
const FEES = 1_000_000_000n;

function worldOf(delegators: number): StakeWorld {
  const stores = memoryStores();
  const world = new StakeWorld(() => stores, { validators: VALIDATORS });
  world.block({ between: (ctx) => delegateInBulk(world, ctx, { from: 0, to: delegators, validator: 0 }) });
  // So that powers have settled.
  for (let n = 0; n < 3; n++) world.block({ fees: FEES });
  return world;
}

const operations = ({ reads, walked, writes }: StoreOperations) => ({ reads, walked, writes });

/** An ordinary block, one with a double vote of the validator that all delegate to, and those after it. */
function costs(world: StakeWorld): StoreOperations[] {
  const ordinary = world.block({ fees: FEES });
  const slash = world.block({ fees: FEES, misbehavior: [world.doubleVote(0)] });
  const after = Array.from({ length: 8 }, () => world.block({ fees: FEES }));
  return [ordinary, slash, ...after].map(operations);
}

describe("Delegations in bulk", () => {
  it("leave the same state as one by one", () => {
    const stateOf = (add: (world: StakeWorld, ctx: Context) => void) => {
      const stores = memoryStores();
      const world = new StakeWorld(() => stores, { validators: 2 });
      world.block({ between: (ctx) => add(world, ctx) });
      world.block({ between: (ctx) => world.addDelegator(ctx, 100) });
      expect(world.brokenInvariants()).toEqual([]);
      const { staking, distribution } = exportGenesis(world.wiring.chain, world.context());
      return { staking, distribution };
    };
    const inBulk = stateOf((world, ctx) => delegateInBulk(world, ctx, { from: 0, to: 7, validator: 0 }));
    const oneByOne = stateOf((world, ctx) => {
      for (let i = 0; i < 7; i++) world.addDelegator(ctx, i);
    });
    expect(inBulk).toEqual(oneByOne);
  });
});

describe("The cost of a block", () => {
  it("is the same for 100 and for 10,000 delegators of a validator, its slash included", () => {
    const few = costs(worldOf(100));
    const many = costs(worldOf(10_000));
    expect(many).toEqual(few);
    expect(few[0]!.reads).toBeGreaterThan(VALIDATORS);
    expect(few[0]!.writes).toBeGreaterThan(VALIDATORS);
  });

  it("is the same for a proposal on which 2,600 and on which 7,800 delegators have voted", () => {
    const tally = (voters: number): StoreOperations[] => {
      const world = worldOf(voters);
      let proposal = 0n;
      world.block({ between: (ctx) => void (proposal = world.propose(ctx)) });
      world.block({
        between(ctx) {
          for (let i = 0; i < voters; i++) world.vote(ctx, i, proposal);
        },
      });
      const open = operations(world.block({ fees: FEES }));
      const counting = operations(world.block({ fees: FEES, seconds: 3n * 86_400n }));
      expect(world.brokenInvariants()).toEqual([]);
      return [open, counting];
    };
    expect(tally(7_800)).toEqual(tally(2_600));
  });

  it("has a bound where undelegations and redelegations bear the slash", () => {
    const withEntries = (delegators: number): { slash: StoreOperations; after: StoreOperations[]; tokens: bigint } => {
      const world = worldOf(delegators);
      const double = world.doubleVote(0);
      world.block({
        between(ctx) {
          for (let i = 0; i < delegators; i += 2) world.undelegate(ctx, i, DELEGATED / 2n);
          for (let i = 1; i < delegators; i += 2) world.redelegate(ctx, i, DELEGATED / 2n, 1 + (i % (VALIDATORS - 1)));
        },
      });
      const slash = operations(world.block({ fees: FEES, misbehavior: [double] }));
      const after = Array.from({ length: 12 }, () => operations(world.block({ fees: FEES })));
      expect(world.brokenInvariants()).toEqual([]);
      return { slash, after, tokens: world.wiring.staking.validator(world.context(), world.operator(1))!.tokens };
    };
    const few = withEntries(2_200);
    const many = withEntries(3_300);
    expect(many.slash).toEqual(few.slash);
    const worst = (blocks: readonly StoreOperations[], what: keyof StoreOperations) =>
      Math.max(...blocks.map((block) => block[what]));
    for (const what of ["reads", "walked", "writes"] as const) {
      expect(worst(many.after, what)).toBe(worst(few.after, what));
    }
  });
});
