// Tier: test. Budget: 40 s. Random staking and slashing against loops over plain maps: to the last unit, and nobody gets away.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { MsgDelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { RegisteredError } from "../../core/errors.js";
import { compareBytes } from "../../core/bytes.js";
import { decFromRaw } from "../../core/math/dec.js";
import type { Context } from "../../core/runtime/context.js";
import { memoryStores } from "../../core/testing/memory.js";
import type { SettlementPace } from "../../modules/stake/staking/index.js";
import { DELEGATED, DENOM, StakeWorld } from "../kit/stake-world.js";
import { NaiveStake } from "./naive-stake.js";

const VALIDATORS = 3;
const DELEGATORS = 4;
const OWN = 1_000_000_000n;
const UNBONDING = 21n * 86_400n;
const SECONDS_A_BLOCK = 5n;

const delegator = fc.integer({ min: 0, max: DELEGATORS - 1 });
const validator = fc.integer({ min: 0, max: VALIDATORS - 1 });
const amount = fc.bigInt({ min: 1n, max: DELEGATED });
const operation = fc.oneof(
  fc.record({ kind: fc.constant("delegate" as const), delegator, validator, amount }),
  fc.record({ kind: fc.constant("undelegate" as const), delegator, validator, amount }),
  fc.record({ kind: fc.constant("redelegate" as const), delegator, validator, to: validator, amount }),
);
const slash = fc.record({
  validator,
  /** Blocks ago. */
  age: fc.bigInt({ min: 0n, max: 12n }),
  /** Of the stake: up to a half, with all places. */
  fraction: fc.bigInt({ min: 1n, max: 5n * 10n ** 17n }),
});
const block = fc.record({
  operations: fc.array(operation, { maxLength: 4 }),
  slashes: fc.array(slash, { maxLength: 2 }),
  seconds: fc.constantFrom(SECONDS_A_BLOCK, SECONDS_A_BLOCK, SECONDS_A_BLOCK, UNBONDING / 2n),
});
type Block = typeof block extends fc.Arbitrary<infer T> ? T : never;
const blocks = fc.array(block, { minLength: 5, maxLength: 14 });
/** The same, where all slashes are of one validator. */
const oneSlashed = fc
  .tuple(blocks, validator)
  .map(([history, only]) =>
    history.map((one) => ({ ...one, slashes: one.slashes.map((each) => ({ ...each, validator: only })) })),
  );

/** The same blocks on the chain and on the model. */
class Pair {
  readonly world: StakeWorld;
  readonly model: NaiveStake;
  #now = 0n;
  slashes = 0;

  constructor(settlementPace?: SettlementPace) {
    const stores = memoryStores();
    this.world = new StakeWorld(() => stores, {
      validators: VALIDATORS,
      ...(settlementPace === undefined ? {} : { settlementPace }),
    });
    const order = Array.from({ length: DELEGATORS }, (_, i) => i).sort((a, b) =>
      compareBytes(this.world.delegator(a), this.world.delegator(b)),
    );
    this.model = new NaiveStake({ validators: VALIDATORS, own: OWN, unbondingSeconds: UNBONDING, delegators: order });
    const ctx = this.world.context();
    for (let i = 0; i < DELEGATORS; i++) {
      this.world.wiring.bank.send(ctx, this.world.rich, this.world.delegator(i), [
        { denom: DENOM, amount: 10n ** 15n },
      ]);
    }
  }

  run({ operations, slashes, seconds }: Block): void {
    const { world, model } = this;
    this.#now += seconds;
    const now = this.#now;
    world.block({
      seconds,
      between: (ctx) => {
        for (const { validator: i, age, fraction } of slashes) this.#slash(ctx, i, { age, fraction });
        for (const op of operations) this.#attempt(ctx, op);
      },
    });
    model.complete(now);
  }

  #slash(ctx: Context, i: number, { age, fraction }: { age: bigint; fraction: bigint }): void {
    const { staking } = this.world.wiring;
    const { consAddress, tokens } = staking.validator(ctx, this.world.operator(i))!;
    const power = tokens / 1_000_000n;
    const height = this.world.height - age;
    const infraction = { infractionHeight: height, power, fraction: decFromRaw(fraction), reason: "downtime" as const };
    staking.slash(ctx, { validator: consAddress, ...infraction });
    this.slashes++;
    // At its own height a slash does not look at what left: nothing did yet.
    const from = age === 0n ? height + 1n : height;
    this.model.slash(i, { power, fraction, height: from, now: this.#now });
  }

  #attempt(ctx: Context, op: Block["operations"][number]): void {
    const { world, model } = this;
    const at = { height: world.height, time: this.#now };
    const { context, commit } = ctx.branch();
    try {
      if (op.kind === "delegate") {
        world.execute(context, MsgDelegateSchema, {
          delegatorAddress: world.account(world.delegator(op.delegator)),
          validatorAddress: world.validator(op.validator),
          amount: { denom: DENOM, amount: op.amount.toString() },
        });
      } else if (op.kind === "undelegate") world.undelegate(context, op.delegator, op.amount, op.validator);
      else world.redelegate(context, op.delegator, op.amount, op.to, op.validator);
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      return;
    }
    commit();
    if (op.kind === "delegate") model.delegate(op.delegator, op.validator, op.amount);
    else if (op.kind === "undelegate") model.undelegate(op.delegator, op.validator, op.amount, at);
    else model.redelegate(op.delegator, [op.validator, op.to], op.amount, at);
  }

  /** What everybody has, on the chain as settled, and in the model. */
  state(): { readonly chain: Record<string, bigint>; readonly model: Record<string, bigint> } {
    const { world, model } = this;
    const { staking } = world.wiring;
    const ctx = world.context();
    const chain: Record<string, bigint> = {};
    const naive: Record<string, bigint> = {};
    for (let v = 0; v < VALIDATORS; v++) {
      chain[`tokens of ${v}`] =
        staking.parts.slashes.allSettled(ctx) === ctx ? staking.validator(ctx, world.operator(v))!.tokens : 0n;
      naive[`tokens of ${v}`] = staking.parts.slashes.allSettled(ctx) === ctx ? model.validators[v]!.tokens : 0n;
      for (let d = 0; d < DELEGATORS; d++) {
        const key = `${d}/${v}`;
        const id = [world.delegator(d), world.operator(v)] as const;
        const settled = staking.asSettled(ctx, ...id);
        const shares = staking.delegation(ctx, ...id)?.shares ?? 0n;
        const pool = staking.validator(settled, world.operator(v))!;
        chain[`worth of ${key}`] = pool.delegatorShares === 0n ? 0n : (shares * pool.tokens) / pool.delegatorShares;
        const modelPool = model.validators[v]!;
        naive[`worth of ${key}`] = ((model.delegations.get(key) ?? 0n) * modelPool.tokens) / (modelPool.shares || 1n);
        const entries = staking.parts.unbondings.entries(settled, id);
        chain[`unbonding ${key}`] = entries.reduce((sum, { balance }) => sum + BigInt(balance), 0n);
        naive[`unbonding ${key}`] = (model.unbondings.get(key) ?? []).reduce((sum, { balance }) => sum + balance, 0n);
      }
    }
    return { chain, model: naive };
  }
}

describe("Slashing", () => {
  it("is to the last unit what loops over all entries give, where these are few", () => {
    fc.assert(
      fc.property(blocks, (history) => {
        const pair = new Pair();
        for (const one of history) {
          pair.run(one);
          const { chain, model } = pair.state();
          expect(chain).toEqual(model);
        }
        expect(pair.world.brokenInvariants()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    // Nobody's destination is slashed before he has borne what concerns him there.
    ["of one validator reaches everybody", oneSlashed, 8, () => 0n],
    // What redelegated stake bears is taken at its worth when it does so (README): after another slash of the destination that is
    // less, and the others there bore a part of that other slash less. Never more than the slash of the redelegated stake itself.
    ["of several reaches everybody", blocks, 8, (pair: Pair) => pair.model.slashedAtDestinations],
  ] as const)("%s, whatever is done before an entry's turn comes", (_, histories, numRuns, displaced) => {
    fc.assert(
      fc.property(histories, (history) => {
        const pair = new Pair({ atOnce: 0n, perBlock: 1 });
        for (const one of history) {
          pair.run(one);
          expect(pair.world.brokenInvariants()).toEqual([]);
        }
        const close = () => {
          // A slash that is put on all entries together is rounded once, not for each: units, never shares of a slash.
          const tolerance = BigInt(10 * (pair.slashes + 1)) + displaced(pair);
          const { chain, model } = pair.state();
          for (const [what, value] of Object.entries(model)) {
            const difference = chain[what]! - value;
            expect([what, difference <= tolerance && difference >= -tolerance, value, chain[what]]).toEqual([
              what,
              true,
              value,
              chain[what],
            ]);
          }
        };
        close();
        for (let i = 0; i < 200; i++) pair.run({ operations: [], slashes: [], seconds: 1n });
        expect(pair.world.wiring.staking.parts.slashes.arePending(pair.world.context())).toBe(false);
        close();
        expect(pair.world.brokenInvariants()).toEqual([]);
      }),
      { numRuns },
    );
  });
});
