// Tier: test. Budget: 15 s. An export in mid-slash fits together; one for zero height has no heights left, and its chain goes on.
import { beforeEach, describe, expect, it } from "@jest/globals";
import { MsgWithdrawDelegatorRewardSchema } from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";

import type { JsonValue } from "@bufbuild/protobuf";
import { wireChain } from "../../abci-app/app.js";
import { create } from "../../core/codec/protobuf.js";
import { moduleAddress } from "../../core/address.js";
import { DEC_ONE, decQuoInt } from "../../core/math/dec.js";
import type { Context } from "../../core/runtime/context.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { exportGenesis, initGenesis, parseAppState } from "../../core/runtime/genesis.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { DENOM, StakeWorld } from "../kit/stake-world.js";

const DELEGATORS = 6;
/** A slash that nobody has borne by the end of its block. */
const SLOW = { atOnce: 0n, perBlock: 1 };

let world: StakeWorld;

beforeEach(() => {
  const stores = memoryStores();
  world = new StakeWorld(() => stores, { validators: 3, settlementPace: SLOW });
  world.block({
    fees: 10_000n,
    between(ctx) {
      for (let i = 0; i < DELEGATORS; i++) world.addDelegator(ctx, i);
    },
  });
  for (let i = 0; i < 3; i++) world.block({ fees: 77_777n });
  const misbehavior = [world.doubleVote(0)];
  world.block({
    fees: 3n,
    between(ctx) {
      for (let i = 0; i < DELEGATORS; i++) {
        world.undelegate(ctx, i, 500_000n);
        world.redelegate(ctx, i, 400_000n, 1);
      }
    },
  });
  world.block({ misbehavior, fees: 5_555n });
});

const pending = (wiring: StakeWorld["wiring"], ctx: Context): boolean => wiring.staking.parts.slashes.arePending(ctx);

function begin(appState: AppState) {
  const wiring = wireChain();
  const stores = memoryStores();
  const ctx = memoryContext(stores, { mode: "genesis", block: { height: 0n } });
  initGenesis(wiring.chain, ctx, parseAppState(wiring.chain, appState));
  const broken = (at: Context): string[] =>
    wiring.chain.modules.flatMap(({ invariants = [] }) =>
      invariants.flatMap(({ name, check }) => {
        const problem = check(at);
        return problem === undefined ? [] : [`${name}: ${problem}`];
      }),
    );
  return { wiring, stores, ctx, broken };
}

/** Values of a field wherever it stands. */
function valuesOf(json: unknown, field: string): unknown[] {
  if (Array.isArray(json)) return json.flatMap((item) => valuesOf(item, field));
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, value]) => (name === field ? [value] : valuesOf(value, field)));
}

describe("An export", () => {
  it("while a slash is still to be borne is of the state after it, in all parts", () => {
    const before = world.context();
    expect(pending(world.wiring, before)).toBe(true);
    const { wiring, ctx, broken } = begin(exportGenesis(world.wiring.chain, before));
    expect(broken(ctx)).toEqual([]);
    expect(pending(wiring, ctx)).toBe(false);
    // The state itself is as it was.
    expect(pending(world.wiring, world.context())).toBe(true);
    while (pending(world.wiring, world.context())) world.block();
    const supply = world.wiring.bank.supplyOf(world.context(), DENOM);
    expect(wiring.bank.supplyOf(ctx, DENOM)).toBe(supply);
  });

  it("is gone on from with the numbers of unbondings that the chain itself would have used", () => {
    const { wiring, stores } = begin(exportGenesis(world.wiring.chain, world.context()));
    const height = world.height + 1n;
    const numbers = (of: StakeWorld["wiring"], ctx: Context) =>
      [1, 2].map(() => of.staking.parts.state.unbondingIds.next(ctx));
    const imported = numbers(wiring, memoryContext(stores, { block: { height } }));
    world.block({ between: (ctx) => expect(numbers(world.wiring, ctx)).toEqual(imported) });
    expect(imported[1]).toBe(imported[0]! + 1n);
  });

  it("without numbers of unbondings, as chains before SDK 0.47 make them, gets some, so that each is found again", () => {
    world.block({ between: (ctx) => world.undelegate(ctx, 0, 300_000n) });
    const exported = exportGenesis(world.wiring.chain, world.context());
    const text = JSON.stringify(exported, (name, value: unknown) => (name === "unbonding_id" ? undefined : value));
    const { wiring, ctx } = begin(JSON.parse(text) as AppState);
    const { unbondings } = wiring.staking.parts;
    const id = [world.delegator(0), world.operator(0)] as const;
    const [first, second] = unbondings.entries(ctx, id);
    expect(new Set([0n, first!.unbondingId, second!.unbondingId]).size).toBe(3);
    unbondings.reduce(ctx, id, second!, BigInt(second!.balance));
    expect(unbondings.entries(ctx, id)).toEqual([first]);
  });

  it("with a number that leaves no room for others is refused", () => {
    const exported = exportGenesis(world.wiring.chain, world.context());
    const [number] = valuesOf(exported, "unbonding_id") as string[];
    const text = JSON.stringify(exported).replace(
      `"unbonding_id":"${number!}"`,
      '"unbonding_id":"9223372036854775808"',
    );
    expect(() => begin(JSON.parse(text) as AppState)).toThrow("unbonding_id is more than 9223372036854775807");
  });

  it("for zero height has no heights of the old chain, pays all rewards, and is the beginning of another one", () => {
    const state = exportGenesis(world.wiring.chain, world.context(), { forZeroHeight: true });
    for (const field of ["creation_height", "unbonding_height", "start_height"]) {
      expect([field, new Set(valuesOf(state, field))]).toEqual([field, new Set(["0"])]);
    }
    const distribution = state["distribution"] as Record<string, unknown[]>;
    expect(distribution["validator_slash_events"]).toEqual([]);
    expect(new Set(valuesOf(distribution["delegator_starting_infos"], "height"))).toEqual(new Set(["0"]));
    expect(valuesOf(distribution["outstanding_rewards"], "outstanding_rewards").flat()).toEqual([]);

    const { wiring, stores, ctx, broken } = begin(state);
    expect(broken(ctx)).toEqual([]);
    const { staking, bank, chain } = wiring;
    const delegator = world.delegator(0);
    // What it earned on the old chain is its own, since nothing else can be.
    expect(bank.balance(ctx, delegator, DENOM)).toBeGreaterThan(0n);

    // A slash and fees at heights that the old chain had before: the old heights would hide the one, or count it twice.
    const [operator] = [world.operator(1)];
    const { consAddress, tokens } = staking.validator(ctx, operator)!;
    staking.slash(memoryContext(stores, { block: { height: 2n } }), {
      validator: consAddress,
      infractionHeight: 2n,
      power: tokens / staking.powerReduction,
      fraction: decQuoInt(DEC_ONE, 10n),
      reason: "downtime",
    });
    bank.send(memoryContext(stores, { block: { height: 3n } }), world.rich, moduleAddress("fee_collector"), [
      { denom: DENOM, amount: 1_000_000n },
    ]);
    const votes = [{ validator: Buffer.from(consAddress, "latin1"), power: 1n, signed: true }];
    const third = memoryContext(stores, { block: { height: 3n, lastCommit: votes } });
    chain.modules.find(({ name }) => name === "distribution")!.beginBlock!(third);
    const withdrawal = create(MsgWithdrawDelegatorRewardSchema, {
      delegatorAddress: world.account(delegator),
      validatorAddress: world.validator(1),
    });
    const before = bank.balance(third, delegator, DENOM);
    chain.messages
      .get(`/${withdrawal.$typeName}`)!
      .execute(memoryContext(stores, { block: { height: 4n } }), withdrawal);
    expect(bank.balance(third, delegator, DENOM)).toBeGreaterThan(before);
    expect(broken(memoryContext(stores, { block: { height: 4n } }))).toEqual([]);
  });

  it("of a chain whose last validator is jailed, and stays since nobody could follow it, can be imported", () => {
    const stores = memoryStores();
    world = new StakeWorld(() => stores, { validators: 1 });
    world.block();
    const misbehavior = [world.doubleVote(0)];
    world.block({ misbehavior });
    world.block();
    const { staking } = world.wiring;
    const [only] = [world.operator(0)];
    expect(staking.validator(world.context(), only)).toMatchObject({ jailed: true, status: "bonded" });
    const state = exportGenesis(world.wiring.chain, world.context());
    const { wiring, ctx, broken } = begin(state);
    expect(broken(ctx)).toEqual([]);
    expect(wiring.staking.validator(ctx, only)).toMatchObject({ jailed: true, status: "bonded" });

    const { staking: exported } = state as { staking: Record<string, JsonValue> };
    const problem = "app_state.staking.validators[0]: is bonded and jailed";
    const fresh = { ...state, staking: { ...exported, exported: false } };
    expect(() => parseAppState(world.wiring.chain, fresh)).toThrow(problem);
    const [validator] = exported["validators"] as [{ readonly consensus_pubkey: Record<string, string> }];
    const key = Buffer.alloc(32, 7).toString("base64");
    const other = {
      ...validator,
      jailed: false,
      status: "BOND_STATUS_UNBONDED",
      operator_address: world.validator(7),
      consensus_pubkey: { ...validator.consensus_pubkey, key },
    };
    const withSuccessor = { ...state, staking: { ...exported, validators: [validator, other] } };
    expect(() => parseAppState(world.wiring.chain, withSuccessor)).toThrow(problem);
  });
});
