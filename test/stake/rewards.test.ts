// Tier: test. Budget: 15 s. Rewards by periods against a ledger that asks every delegation in every block, with slashes.
import { describe, expect, it } from "@jest/globals";
import {
  MsgWithdrawDelegatorRewardSchema,
  MsgWithdrawValidatorCommissionSchema,
} from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";
import {
  MsgDelegateSchema,
  MsgUndelegateSchema as MsgUndelegate,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { AccAddress } from "../../core/address.js";
import { decFromInteger, decFromRaw } from "../../core/math/dec.js";
import type { Context } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { memoryStores } from "../../core/testing/memory.js";
import { attempt } from "../kit/attempt.js";
import { SeededRandom } from "../kit/random.js";
import { StakeWorld } from "../kit/stake-world.js";
import { readBooks } from "../../modules/stake/distribution/books.js";
import { validatorRewards } from "../../modules/stake/distribution/state.js";

/** Places of the ledger's fractions: more than the chain's. */
const SCALE = 10n ** 40n;
const VALIDATORS = 3;
/**
 * Whoever undelegates leaves less than a unit of stake to those who stay, which a delegation earns by only after its next
 * withdrawal: here never more than one part in so many.
 */
const LEAVERS_LEAVE = 1_000_000n;

/** What everybody should have earned so far, in 1/SCALE of a base unit. */
class Ledger {
  readonly earned = new Map<string, bigint>();
  readonly paid = new Map<string, bigint>();
  readonly withdrawals = new Map<string, number>();
  readonly world: StakeWorld;

  constructor(world: StakeWorld) {
    this.world = world;
  }

  /** Asks everybody, before a block hands out fees. */
  allocate(fees: bigint): void {
    const { world } = this;
    const { staking } = world.wiring;
    const ctx = world.context();
    const bonded = staking
      .bondedValidators(ctx)
      .map((view) => ({ ...view, power: view.tokens / staking.powerReduction }));
    const total = bonded.reduce((sum, { power }) => sum + power, 0n);
    // 2 % for the community pool, 10 % commission.
    const perPower = (fees * SCALE * 98n * 90n) / (100n * 100n) / total;
    for (const { delegator, validator, shares } of staking.delegations(ctx)) {
      const view = bonded.find(({ operator }) => operator === validator);
      if (view === undefined) continue;
      const id = `${delegator}/${validator}`;
      const gain = (perPower * view.power * shares) / view.delegatorShares;
      this.earned.set(id, (this.earned.get(id) ?? 0n) + gain);
    }
  }

  /** Counts what was paid. */
  pay(events: readonly ChainEvent[]): void {
    const { account, validator } = this.world.wiring.addresses;
    for (const { type, attributes } of events) {
      if (type !== "withdraw_rewards") continue;
      const value = (key: string): string => attributes.find((attribute) => attribute.key === key)!.value;
      const id = `${account.decode(value("delegator"))}/${validator.decode(value("validator"))}`;
      const amount = BigInt(/^\d+/.exec(value("amount"))![0]);
      this.paid.set(id, (this.paid.get(id) ?? 0n) + amount);
      this.withdrawals.set(id, (this.withdrawals.get(id) ?? 0) + 1);
    }
  }
}

function step(world: StakeWorld, ctx: Context, random: SeededRandom, delegators: number): void {
  const i = random.below(delegators);
  const to = random.below(VALIDATORS);
  const validator = random.below(VALIDATORS);
  const amount = BigInt(1 + random.below(900_000));
  const delegatorAddress = world.account(world.delegator(i));
  const validatorAddress = world.validator(validator);
  switch (random.below(7)) {
    case 0:
    case 1:
      return world.addDelegator(ctx, i, validator);
    case 2:
      return world.undelegate(ctx, i, amount, validator);
    case 3:
      return world.redelegate(ctx, i, amount, to, validator);
    case 4:
      return void world.execute(ctx, MsgWithdrawDelegatorRewardSchema, { delegatorAddress, validatorAddress });
    case 5:
      return void world.execute(ctx, MsgWithdrawValidatorCommissionSchema, { validatorAddress });
    default:
      return void world.execute(ctx, MsgDelegateSchema, {
        delegatorAddress,
        validatorAddress,
        amount: { denom: "ucptm", amount: "1" },
      });
  }
}

describe("Rewards by periods", () => {
  it.each([1, 2, 3])("are those of a ledger that asks everybody in every block (seed %d)", (seed) => {
    const random = new SeededRandom(seed);
    const stores = memoryStores();
    const world = new StakeWorld(() => stores, { validators: VALIDATORS });
    const ledger = new Ledger(world);
    const { staking, addresses } = world.wiring;
    for (let block = 0; block < 60; block++) {
      const fees = BigInt(random.below(3) === 0 ? 0 : 1 + random.below(1_000_000_000));
      ledger.allocate(fees);
      const { events } = world.block({
        fees,
        between(ctx) {
          for (let n = 0; n < 4; n++) attempt(ctx, (branch) => step(world, branch, random, 12));
          if (random.below(6) === 0) {
            const slashed = random.below(VALIDATORS);
            const view = staking.validator(ctx, world.operator(slashed))!;
            staking.slash(ctx, {
              validator: view.consAddress,
              infractionHeight: ctx.block.height - BigInt(random.below(5)),
              power: view.tokens / staking.powerReduction,
              fraction: decFromRaw(decFromInteger(BigInt(1 + random.below(20))) / 100n),
              reason: "downtime",
            });
          }
          ledger.pay(ctx.events.list());
        },
      });
      ledger.pay(events);
      if (block % 5 === 0) expect(world.brokenInvariants()).toEqual([]);
    }

    // All that is left is withdrawn.
    world.block({
      between(ctx) {
        for (const { delegator, validator } of [...staking.delegations(ctx)]) {
          world.execute(ctx, MsgWithdrawDelegatorRewardSchema, {
            delegatorAddress: world.account(delegator),
            validatorAddress: addresses.validator.encode(validator),
          });
        }
        ledger.pay(ctx.events.list());
      },
    });
    expect(ledger.earned.size).toBeGreaterThan(12);
    for (const [id, earned] of ledger.earned) {
      const lost = earned - (ledger.paid.get(id) ?? 0n) * SCALE;
      // Never more than earned but for the last places of what powers leave out; less by what is behind the points.
      expect(lost > -SCALE / 1000n).toBe(true);
      const behindPoints = BigInt((ledger.withdrawals.get(id) ?? 0) + 1) * SCALE;
      expect(lost < behindPoints + earned / LEAVERS_LEAVE).toBe(true);
    }
    const ctx = world.context();
    for (let i = 0; i < VALIDATORS; i++) {
      const { outstanding, commission } = validatorRewards.get(ctx, world.operator(i))!;
      const dust = (outstanding[0]?.amount ?? 0n) - (commission[0]?.amount ?? 0n);
      expect(dust >= 0n && dust < decFromInteger(1_000n)).toBe(true);
    }
    expect(readBooks(ctx).communityPool[0]!.amount > 0n).toBe(true);
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("of a validator that is gone leave nothing behind", () => {
    const stores = memoryStores();
    const world = new StakeWorld(() => stores, { validators: 2 });
    const { staking } = world.wiring;
    world.block({ fees: 1_000n, between: (ctx) => world.addDelegator(ctx, 1, 0) });
    world.block({ fees: 1_001n });
    world.block({
      between(ctx) {
        const { addresses } = world.wiring;
        const own = world.operator(1) as string as AccAddress;
        for (const { delegator, validator, shares } of [...staking.delegations(ctx)]) {
          if (validator !== world.operator(1)) continue;
          expect(delegator).toBe(own);
          world.execute(ctx, MsgUndelegate, {
            delegatorAddress: addresses.account.encode(delegator),
            validatorAddress: addresses.validator.encode(validator),
            amount: { denom: "ucptm", amount: (shares / 10n ** 18n).toString() },
          });
        }
      },
    });
    world.block({ seconds: 22n * 86_400n });
    world.block();
    expect(staking.validator(world.context(), world.operator(1))).toBeUndefined();
    expect(validatorRewards.get(world.context(), world.operator(1))).toBeUndefined();
    expect(world.brokenInvariants()).toEqual([]);
  });
});
