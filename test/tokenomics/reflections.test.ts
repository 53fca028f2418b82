// Tier: test. Budget: 10 s. Reflections against a ledger that asks every delegation in every block; claims, compounding, nothing bonded.
import { describe, expect, it } from "@jest/globals";
import { MsgClaimReflectionsSchema } from "@computronium/proto/computronium/tokenomics/v1/tx_pb.js";
import { MsgUndelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { AccAddress } from "../../core/address.js";
import { moduleAddress } from "../../core/address.js";
import type { Context } from "../../core/runtime/context.js";
import { attempt } from "../kit/attempt.js";
import { SeededRandom } from "../kit/random.js";
import type { StakeWorld } from "../kit/stake-world.js";
import { DENOM } from "../kit/stake-world.js";
import { economy, economyWorld, held } from "./world.js";

const SCALE = 10n ** 40n;
const ONE = 10n ** 18n;
/** All fees are reflected, so that a block's are known; rewards by inflation are off the table. */
const ONLY_REFLECTIONS = economy({ params: { fee_split: { reflections_bps: 10_000 } } });

function payFees(world: StakeWorld, ctx: Context, amount: bigint): void {
  world.wiring.bank.send(ctx, world.rich, moduleAddress("fee_collector"), [{ denom: DENOM, amount }]);
}

describe("Reflections", () => {
  it.each([1, 2, 3])("are those of a ledger that asks everybody in every block (seed %d)", (seed) => {
    const random = new SeededRandom(seed);
    const world = economyWorld(ONLY_REFLECTIONS, 3);
    const { staking, tokenomics } = world.wiring;
    const earned = new Map<AccAddress, bigint>();
    const claimed = new Map<AccAddress, bigint>();
    let carried = 0n;
    for (let block = 0; block < 60; block++) {
      const fees = random.below(4) === 0 ? 0n : BigInt(1 + random.below(1_000_000_000));
      world.block({
        between(ctx) {
          for (let n = 0; n < 4; n++) {
            const i = random.below(9);
            const validator = random.below(3);
            const delegator = world.account(world.delegator(i));
            attempt(ctx, (branch) => {
              switch (random.below(5)) {
                case 0:
                case 1:
                  return world.addDelegator(branch, i, validator);
                case 2:
                  return world.undelegate(branch, i, BigInt(1 + random.below(900_000)), validator);
                case 3:
                  return world.redelegate(branch, i, BigInt(1 + random.below(900_000)), random.below(3), validator);
                default: {
                  const { amount } = world.execute(branch, MsgClaimReflectionsSchema, {
                    delegator,
                    compoundTo: random.below(2) === 0 ? "" : world.validator(validator),
                  }) as unknown as { amount: { amount: string } };
                  const id = world.delegator(i);
                  claimed.set(id, (claimed.get(id) ?? 0n) + BigInt(amount.amount));
                }
              }
            });
          }
          if (block % 10 === 5) {
            const view = staking.validator(ctx, world.operator(random.below(3)))!;
            staking.slash(ctx, {
              validator: view.consAddress,
              infractionHeight: ctx.block.height,
              power: view.tokens / staking.powerReduction,
              fraction: (ONE / 20n) as never,
              reason: "downtime",
            });
          }
          if (fees > 0n) payFees(world, ctx, fees);
          // The block ends here: what came in goes to the stake that is bonded now.
          const bonded = staking.bondedValidators(ctx);
          const total = bonded.reduce((sum, { tokens }) => sum + tokens, 0n);
          const pot = fees * SCALE + carried;
          carried = 0n;
          for (const { delegator, validator, shares } of staking.delegations(ctx)) {
            const view = bonded.find(({ operator }) => operator === validator);
            if (view === undefined) continue;
            const gain = ((pot / total) * view.tokens * shares) / view.delegatorShares;
            earned.set(delegator, (earned.get(delegator) ?? 0n) + gain);
          }
        },
      });
      if (block % 6 === 0) expect(world.brokenInvariants()).toEqual([]);
    }
    expect(earned.size).toBeGreaterThan(8);
    expect(claimed.size).toBeGreaterThan(3);
    const ctx = world.context();
    for (const [delegator, sum] of earned) {
      const got =
        (claimed.get(delegator) ?? 0n) * SCALE + (tokenomics.reflections.claimable(ctx, delegator) * SCALE) / ONE;
      // The chain is behind by what it carries to the next block, and by its last places, for each million of stake.
      expect(got <= sum).toBe(true);
      expect(sum - got < SCALE / 100n).toBe(true);
    }
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("pay the same for the same stake, whatever its validator's commission, and keep the fraction for later", () => {
    const world = economyWorld(ONLY_REFLECTIONS, 2);
    world.block({
      between(ctx) {
        world.addDelegator(ctx, 0, 0);
        world.addDelegator(ctx, 1, 1);
      },
    });
    world.block({ between: (ctx) => payFees(world, ctx, 1_000_000n) });
    const ctx = world.context();
    const { reflections } = world.wiring.tokenomics;
    const owed = reflections.claimable(ctx, world.delegator(0));
    expect(owed).toBe(reflections.claimable(ctx, world.delegator(1)));
    // 2 of 2,004 million staked.
    expect(owed / ONE).toBe(998n);
    const claim = () => world.execute(ctx, MsgClaimReflectionsSchema, { delegator: world.account(world.delegator(0)) });
    const before = world.wiring.bank.balance(ctx, world.delegator(0), DENOM);
    claim();
    expect(world.wiring.bank.balance(ctx, world.delegator(0), DENOM) - before).toBe(998n);
    expect(reflections.claimable(ctx, world.delegator(0))).toBe(owed - 998n * ONE);
    expect(claim).toThrow("nothing to claim");
  });

  it("survive the end of the delegation that earned them", () => {
    const world = economyWorld(ONLY_REFLECTIONS, 2);
    world.block({ between: (ctx) => world.addDelegator(ctx, 0, 0) });
    world.block({ between: (ctx) => payFees(world, ctx, 1_000_000_000n) });
    world.block({
      between: (ctx) =>
        void world.execute(ctx, MsgUndelegateSchema, {
          delegatorAddress: world.account(world.delegator(0)),
          validatorAddress: world.validator(0),
          amount: { denom: DENOM, amount: "2000000" },
        }),
    });
    const owed = world.wiring.tokenomics.reflections.claimable(world.context(), world.delegator(0));
    expect(owed / ONE).toBe(999_000n);
    world.block({ between: (ctx) => payFees(world, ctx, 1_000_000_000n) });
    expect(world.wiring.tokenomics.reflections.claimable(world.context(), world.delegator(0))).toBe(owed);
  });

  it("wait while nothing is bonded", () => {
    const world = economyWorld(ONLY_REFLECTIONS, 0);
    world.block({ between: (ctx) => payFees(world, ctx, 1_000n) });
    world.block();
    expect(held(world, "reflections")).toBe(1_000n);
    expect(world.brokenInvariants()).toEqual([]);
  });
});
