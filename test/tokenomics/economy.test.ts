// Tier: test. Budget: 15 s. The coin's economy in a chain with stake: where fees go, what is minted, what becomes free, who may spend.
import { describe, expect, it } from "@jest/globals";
import { MsgUpdateParamsSchema as MsgUpdateMintParamsSchema } from "@computronium/proto/cosmos/mint/v1beta1/tx_pb.js";
import {
  MsgClaimAllocationSchema,
  MsgReleaseAllocationSchema,
  MsgRescheduleAllocationSchema,
  MsgSpendFundSchema,
  MsgUpdateParamsSchema,
} from "@computronium/proto/computronium/tokenomics/v1/tx_pb.js";
import { Fund } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { moduleAddress } from "../../core/address.js";
import { RegisteredError } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import { exportGenesis, initGenesis, parseAppState } from "../../core/runtime/genesis.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { wireChain } from "../../abci-app/app.js";
import { withAllocations } from "../../abci-app/genesis-allocations.js";
import { newAppState } from "../../abci-app/genesis-state.js";
import { DENOM, StakeWorld } from "../kit/stake-world.js";
import { SeededRandom } from "../kit/random.js";
import { AUTHORITY, economy, economyWorld, held, supplyParts } from "./world.js";

const FEES = 1_000_003n;
const DAY = 86_400n;
const authorityOf = (world: StakeWorld) => world.account(moduleAddress(AUTHORITY));

function refusal(run: () => unknown): readonly [string, number] {
  try {
    run();
  } catch (error) {
    if (error instanceof RegisteredError) return [error.codespace, error.code];
    throw error;
  }
  throw new Error("it was not refused");
}

/** What transactions of a block pay. */
function payFees(world: StakeWorld, amount: bigint) {
  return (ctx: Context): void =>
    world.wiring.bank.send(ctx, world.rich, moduleAddress("fee_collector"), [{ denom: DENOM, amount }]);
}

describe("Fees of a block", () => {
  it("are split when it ends, to the last unit, and the stakers' part is handed out when the next one begins", () => {
    const world = economyWorld();
    const supply = world.wiring.bank.supplyOf(world.context(), DENOM);
    world.block({ between: payFees(world, FEES) });
    expect(held(world, "fee_collector")).toBe(0n);
    expect(held(world, "tokenomics")).toBe(400_001n);
    expect(held(world, "treasury")).toBe(100_002n); // with what rounding leaves
    expect(held(world, "development")).toBe(50_000n);
    const { burned, minted } = world.wiring.tokenomics.supplyOverview(world.context());
    expect(burned).toBe("300000");
    expect(world.wiring.bank.supplyOf(world.context(), DENOM)).toBe(supply - 300_000n + BigInt(minted));
    expect(supplyParts(world).get("reflections")).toBe(100_000n);
    world.block();
    expect(held(world, "tokenomics")).toBe(0n);
    expect(held(world, "fee_collector")).toBe(0n);
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("in another coin are not burned, and in one kind too many go to the treasury without stopping the chain", () => {
    const kinds = Array.from({ length: 70 }, (_, i) => `ukind${i.toString().padStart(2, "0")}`);
    const holder = new StakeWorld(memoryStoresOnce(), { validators: 1 }).delegator(7);
    const coins = kinds.map((denom) => ({ denom, amount: "1000000" }));
    const world = economyWorld({
      ...economy(),
      bank: { balances: [{ address: new StakeWorld(memoryStoresOnce(), { validators: 1 }).account(holder), coins }] },
    });
    const { bank } = world.wiring;
    const collector = moduleAddress("fee_collector");
    world.block({ between: (ctx) => bank.send(ctx, holder, collector, [{ denom: kinds[0]!, amount: 10_000n }]) });
    expect(bank.supplyOf(world.context(), kinds[0]!)).toBe(1_000_000n);
    expect(held(world, "treasury", kinds[0])).toBe(4_000n);
    expect(held(world, "tokenomics", kinds[0])).toBe(5_000n);
    world.block({
      between: (ctx) =>
        bank.send(
          ctx,
          holder,
          collector,
          kinds.slice(1).map((denom) => ({ denom, amount: 10_000n })),
        ),
    });
    for (let i = 0; i < 4; i++) world.block();
    expect(held(world, "treasury", kinds[69]) + held(world, "distribution", kinds[69])).toBeGreaterThan(0n);
    expect(world.brokenInvariants()).toEqual([]);
  });
});

function memoryStoresOnce() {
  const stores = memoryStores();
  return () => stores;
}

describe("Minting", () => {
  it("goes to stakers, stops at the bound, and stands still while nothing is bonded", () => {
    const world = economyWorld();
    const before = world.wiring.tokenomics.supplyOverview(world.context());
    world.block();
    const after = world.wiring.tokenomics.supplyOverview(world.context());
    expect(BigInt(after.minted)).toBeGreaterThan(BigInt(before.minted));
    expect(after.mintedBy.map(({ account }) => account)).toEqual(["mint"]);
    const params = world.wiring.tokenomics.params(world.context());
    world.block({
      between: (ctx) =>
        void world.execute(ctx, MsgUpdateParamsSchema, {
          authority: authorityOf(world),
          params: { ...params, maxSupply: "1" },
        }),
    });
    const { minted } = world.wiring.tokenomics.supplyOverview(world.context());
    world.block();
    expect(world.wiring.tokenomics.supplyOverview(world.context()).minted).toBe(minted);

    const idle = economyWorld(economy(), 0);
    idle.block();
    expect(idle.wiring.tokenomics.supplyOverview(idle.context()).minted).toBe("0");
  });

  it("has x/mint's bounds, and changes by its authority alone", () => {
    const world = economyWorld();
    const ctx = world.context();
    const params = {
      mintDenom: DENOM,
      inflationRateChange: "0",
      inflationMax: "2",
      inflationMin: "1",
      goalBonded: "1",
      blocksPerYear: 1n,
    };
    const update = (authority: string, changes: Partial<typeof params> = {}) =>
      world.execute(ctx, MsgUpdateMintParamsSchema, { authority, params: { ...params, ...changes } });
    expect(refusal(() => update(world.account(world.delegator(1))))).toEqual(["gov", 13]);
    for (const wrong of [
      { goalBonded: "0" },
      { inflationMax: "0" },
      { blocksPerYear: 0n },
      { mintDenom: "" },
      { inflationMin: "-1" },
    ]) {
      expect(refusal(() => update(authorityOf(world), wrong))).toEqual(["sdk", 18]);
    }
    update(authorityOf(world));
  });
});

describe("Allocations", () => {
  const beneficiary = economyWorld().account(economyWorld().delegator(3));
  const parts = withAllocations(newAppState(DENOM), { supply: "1000000000000", beneficiaries: { team: beneficiary } });
  const world = economyWorld({ ...economy(), tokenomics: parts["tokenomics"]!, bank: parts["bank"]! });
  const release = (name: string, amount: string, recipient = beneficiary) =>
    world.execute(world.context(), MsgReleaseAllocationSchema, {
      authority: authorityOf(world),
      name,
      recipient,
      amount,
    });

  it("are parts of the supply, and pay out what is free, at most", () => {
    expect(supplyParts(world).get("allocations/team")).toBe(150_000_000_000n);
    expect(refusal(() => release("liquidity_reserve", "20000001000"))).toEqual(["tokenomics", 11]);
    release("liquidity_reserve", "20000000000");
    expect(supplyParts(world).get("allocations/liquidity_reserve")).toBe(60_000_000_000n);
    expect(refusal(() => release("partnership_fund", "1"))).toEqual(["tokenomics", 11]);
    world.block({ seconds: 365n * DAY });
    release("partnership_fund", "30000000000");
    expect(refusal(() => release("partnership_fund", "1000"))).toEqual(["tokenomics", 11]);
    expect(refusal(() => release("nothing", "1"))).toEqual(["tokenomics", 10]);
    expect(refusal(() => release("community", "1", world.account(moduleAddress("bonded_tokens_pool"))))).toEqual([
      "tokenomics",
      16,
    ]);
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("of a beneficiary are his alone", () => {
    const claim = (account: string) =>
      world.execute(world.context(), MsgClaimAllocationSchema, { beneficiary: account, name: "team" });
    expect(refusal(() => release("team", "1"))).toEqual(["tokenomics", 13]);
    expect(refusal(() => claim(world.account(world.delegator(4))))).toEqual(["tokenomics", 12]);
    const before = world.wiring.bank.balance(world.context(), world.delegator(3), DENOM);
    claim(beneficiary);
    // A year and some blocks of four years.
    const paid = world.wiring.bank.balance(world.context(), world.delegator(3), DENOM) - before;
    expect(paid >= 37_500_000_000n && paid < 37_510_000_000n).toBe(true);
    expect(refusal(() => claim(beneficiary))).toEqual(["tokenomics", 20]);
  });

  it("can be rescheduled by governance, which takes nothing back", () => {
    const reschedule = (atStart: string) =>
      world.execute(world.context(), MsgRescheduleAllocationSchema, {
        authority: authorityOf(world),
        name: "liquidity_reserve",
        schedule: { startTime: 1n << 35n, cliffSeconds: 0n, durationSeconds: 0n, periodSeconds: 0n, atStart },
      });
    expect(refusal(() => reschedule("80000000001"))).toEqual(["tokenomics", 14]);
    reschedule("0");
    expect(refusal(() => release("liquidity_reserve", "1"))).toEqual(["tokenomics", 11]);
    expect(supplyParts(world).get("allocations/liquidity_reserve")).toBe(60_000_000_000n);
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("must agree with the balances of genesis", () => {
    const bank = parts["bank"] as { balances: { coins: { amount: string }[] }[] };
    const other = structuredClone(bank);
    other.balances[0]!.coins[0]!.amount = "999999999999";
    expect(() => economyWorld({ ...economy(), tokenomics: parts["tokenomics"]!, bank: other })).toThrow(
      "app_state.tokenomics.allocations: they have 1000000000000 to pay out",
    );
  });
});

describe("Governance", () => {
  it("spends the funds, and nobody else", () => {
    const world = economyWorld();
    world.block({ between: payFees(world, FEES) });
    const recipient = world.account(world.delegator(5));
    const spend = (authority: string, amount: string, fund = Fund.DEVELOPMENT) =>
      world.execute(world.context(), MsgSpendFundSchema, {
        authority,
        fund,
        recipient,
        amount: [{ denom: DENOM, amount }],
      });
    expect(refusal(() => spend(recipient, "1"))).toEqual(["gov", 13]);
    expect(refusal(() => spend(authorityOf(world), "50001"))).toEqual(["sdk", 5]);
    expect(refusal(() => spend(authorityOf(world), "1", Fund.UNSPECIFIED))).toEqual(["tokenomics", 15]);
    spend(authorityOf(world), "50000");
    expect(world.wiring.bank.balance(world.context(), world.delegator(5), DENOM)).toBe(50_000n);
  });

  it("cannot set parameters out of bounds", () => {
    const world = economyWorld();
    const params = world.wiring.tokenomics.params(world.context());
    const update = (changes: Partial<typeof params>, authority = authorityOf(world)) =>
      world.execute(world.context(), MsgUpdateParamsSchema, { authority, params: { ...params, ...changes } });
    expect(refusal(() => update({}, world.account(world.delegator(1))))).toEqual(["gov", 13]);
    for (const wrong of [
      { feeSplit: { ...params.feeSplit!, burnBps: 10_000 } },
      { baseFee: { ...params.baseFee!, maxChangeBps: 1_251 } },
      { baseFee: { ...params.baseFee!, targetGas: 0n } },
      { baseFee: { ...params.baseFee!, cap: "11" } },
      { emission: { ...params.emission!, shareBps: 9_001 } },
      { maxSupply: "x" },
    ]) {
      expect(refusal(() => update(wrong))).toEqual(["tokenomics", 2]);
    }
    update({ baseFee: { ...params.baseFee!, enabled: true, floor: "0.01" } });
    expect(world.wiring.tokenomics.params(world.context()).baseFee?.enabled).toBe(true);
  });
});

describe("The whole supply", () => {
  it("adds up after every block of random stake and fees, and a copy of it goes on the same", () => {
    const random = new SeededRandom(7);
    const world = economyWorld(economy(), 3);
    for (let block = 0; block < 40; block++) {
      world.block({
        misbehavior: block === 20 ? [world.doubleVote(1)] : [],
        between(ctx) {
          payFees(world, BigInt(1 + random.below(3_000_000)))(ctx);
          for (let n = 0; n < 3; n++) attempt(() => world.addDelegator(ctx, random.below(9), random.below(3)));
          attempt(() => world.undelegate(ctx, random.below(9), BigInt(1 + random.below(900_000)), random.below(3)));
        },
      });
      supplyParts(world);
      if (block % 8 === 0) expect(world.brokenInvariants()).toEqual([]);
    }
    const { initial, minted, burned, supply, burnedBy } = world.wiring.tokenomics.supplyOverview(world.context());
    expect(BigInt(initial) + BigInt(minted) - BigInt(burned)).toBe(BigInt(supply));
    expect(burnedBy.map(({ account }) => account)).toEqual(["bonded_tokens_pool", "tokenomics"]);

    const exported = exportGenesis(world.wiring.chain, world.context());
    const { chain } = wireChain();
    const ctx = memoryContext(memoryStores(), { mode: "genesis", block: world.context().block });
    initGenesis(chain, ctx, parseAppState(chain, exported));
    const again = exportGenesis(chain, ctx);
    expect(again["tokenomics"]).toEqual(exported["tokenomics"]);
    expect(again["mint"]).toEqual(exported["mint"]);
  });
});

/** What is refused leaves the block alone; a message that could not be carried out changes nothing here. */
function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
  }
}
