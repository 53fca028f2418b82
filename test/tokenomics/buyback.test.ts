// Tier: test. Budget: 8 s. The treasury's other coins buy the chain's own in sealed auctions, and what is bought is burned.
import { describe, expect, it } from "@jest/globals";
import {
  MsgCommitBuybackBidSchema,
  MsgRevealBuybackBidSchema,
} from "@computronium/proto/computronium/tokenomics/v1/tx_pb.js";

import { moduleAddress } from "../../core/address.js";
import { RegisteredError } from "../../core/errors.js";
import { parseDec } from "../../core/math/dec.js";
import { memoryStores } from "../../core/testing/memory.js";
import { bidCommitment } from "../../modules/tokenomics/sealed-bid.js";
import { DENOM, StakeWorld } from "../kit/stake-world.js";
import { economy, economyWorld, held } from "./world.js";

const OTHER = "uother";
const HOUR = 3_600n;
const SALT = new Uint8Array(16).fill(5);
const PARAMS = {
  enabled: true,
  lots: [{ denom: OTHER, min_amount: "1000", max_amount: "100000", first_price: "2" }],
  interval_seconds: (3n * HOUR).toString(),
  commit_seconds: HOUR.toString(),
  reveal_seconds: HOUR.toString(),
  max_discount_bps: 1_000,
  min_deposit: "100",
  forfeit_bps: 1_000,
  max_bids: 3,
};

/** A treasury with 150,000 of another coin, and bidders with coins enough. */
function auctionWorld() {
  const stores = memoryStores();
  const plain = new StakeWorld(() => stores, { validators: 1 });
  const treasury = plain.account(moduleAddress("treasury"));
  const world = economyWorld({
    ...economy({ params: { buyback: PARAMS } }),
    bank: { balances: [{ address: treasury, coins: [{ denom: OTHER, amount: "150000" }] }] },
  });
  world.block({
    between(ctx) {
      for (const i of [0, 1, 2, 3]) {
        world.wiring.bank.send(ctx, world.rich, world.delegator(i), [{ denom: DENOM, amount: 1_000_000n }]);
      }
    },
  });
  const bidder = (i: number) => world.account(world.delegator(i));
  const opening = (i: number, auctionId: bigint, quantity: bigint, price: string) => ({
    chainId: world.context().block.chainId,
    auctionId,
    bidder: bidder(i),
    quantity,
    price: parseDec(price)!,
    salt: SALT,
  });
  const commit = (i: number, auctionId: bigint, quantity: bigint, price: string, deposit: bigint) =>
    world.execute(world.context(), MsgCommitBuybackBidSchema, {
      bidder: bidder(i),
      auctionId,
      commitment: bidCommitment(opening(i, auctionId, quantity, price)),
      deposit: deposit.toString(),
    });
  const reveal = (i: number, auctionId: bigint, quantity: bigint, price: string) =>
    world.execute(world.context(), MsgRevealBuybackBidSchema, {
      bidder: bidder(i),
      auctionId,
      quantity: quantity.toString(),
      price,
      salt: SALT,
    });
  const has = (i: number, denom = DENOM) => world.wiring.bank.balance(world.context(), world.delegator(i), denom);
  return { world, commit, reveal, has };
}

function refusal(run: () => unknown): number {
  try {
    run();
  } catch (error) {
    if (error instanceof RegisteredError) return error.code;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("The buyback", () => {
  it("is off by default", () => {
    const world = economyWorld();
    for (let i = 0; i < 3; i++) world.block({ seconds: 30n * 24n * HOUR });
    expect(world.wiring.tokenomics.params(world.context()).buyback?.enabled).toBe(false);
    expect(held(world, "buyback")).toBe(0n);
  });

  it("sells to the dearest bids at one price, burns what they pay, and gives the rest back", () => {
    const { world, commit, reveal, has } = auctionWorld();
    expect(held(world, "buyback", OTHER)).toBe(100_000n);
    expect(held(world, "treasury", OTHER)).toBe(50_000n);
    commit(0, 1n, 40_000n, "3", 200_000n);
    commit(1, 1n, 40_000n, "2.5", 100_000n);
    expect(refusal(() => commit(0, 1n, 1n, "3", 200n))).toBe(32); // one bid each
    expect(refusal(() => commit(2, 1n, 1n, "3", 99n))).toBe(35); // deposit too small
    expect(refusal(() => commit(2, 2n, 1n, "3", 100n))).toBe(30); // no such auction
    commit(2, 1n, 40_000n, "3", 500_000n); // never opened
    expect(refusal(() => commit(3, 1n, 1n, "3", 200n))).toBe(34); // too many
    expect(refusal(() => reveal(0, 1n, 40_000n, "3"))).toBe(31); // too early
    expect(world.brokenInvariants()).toEqual([]);

    world.block({ seconds: HOUR });
    expect(refusal(() => commit(3, 1n, 1n, "3", 200n))).toBe(31); // too late
    expect(refusal(() => reveal(0, 1n, 40_000n, "4"))).toBe(36); // not what was sealed
    expect(refusal(() => reveal(3, 1n, 40_000n, "3"))).toBe(33); // no bid
    reveal(0, 1n, 40_000n, "3");
    expect(refusal(() => reveal(0, 1n, 40_000n, "3"))).toBe(32); // open already
    reveal(1, 1n, 40_000n, "2.5");

    const supply = world.wiring.bank.supplyOf(world.context(), DENOM);
    const { minted } = world.wiring.tokenomics.supplyOverview(world.context());
    world.block({ seconds: HOUR });
    // Both pay the lower price; the third loses a tenth of its deposit.
    expect([has(0), has(1), has(2)]).toEqual([1_000_000n - 100_000n, 1_000_000n - 100_000n, 1_000_000n - 50_000n]);
    expect([has(0, OTHER), has(1, OTHER), has(2, OTHER)]).toEqual([40_000n, 40_000n, 0n]);
    expect(held(world, "treasury", OTHER)).toBe(70_000n);
    expect(held(world, "buyback")).toBe(0n);
    const after = world.wiring.tokenomics.supplyOverview(world.context());
    const grown = BigInt(after.minted) - BigInt(minted);
    expect(world.wiring.bank.supplyOf(world.context(), DENOM)).toBe(supply + grown - 250_000n);
    expect(after.burnedBy).toContainEqual(expect.objectContaining({ account: "buyback", amount: "250000" }));
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("takes no bid below the average of its former prices, less the discount", () => {
    const { world, commit, reveal, has } = auctionWorld();
    commit(0, 1n, 100_000n, "1.79", 200_000n);
    commit(1, 1n, 100_000n, "1.8", 200_000n);
    world.block({ seconds: HOUR });
    expect(refusal(() => reveal(0, 1n, 100_000n, "1.79"))).toBe(37);
    reveal(1, 1n, 100_000n, "1.8");
    world.block({ seconds: HOUR });
    expect(has(1, OTHER)).toBe(100_000n);
    // The next one measures itself by 1.8, and sells what is left.
    world.block({ seconds: HOUR });
    expect(held(world, "buyback", OTHER)).toBe(50_000n);
    commit(2, 2n, 50_000n, "1.62", 100_000n);
    commit(3, 2n, 50_000n, "1.61", 100_000n);
    world.block({ seconds: HOUR });
    expect(refusal(() => reveal(3, 2n, 50_000n, "1.61"))).toBe(37);
    reveal(2, 2n, 50_000n, "1.62");
    world.block({ seconds: HOUR });
    expect(has(2, OTHER)).toBe(50_000n);
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("keeps its coins where nobody bids", () => {
    const { world } = auctionWorld();
    for (let i = 0; i < 3; i++) world.block({ seconds: HOUR });
    expect(held(world, "treasury", OTHER) + held(world, "buyback", OTHER)).toBe(150_000n);
    expect(world.brokenInvariants()).toEqual([]);
  });
});
