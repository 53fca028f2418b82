// Tier: test. Budget: 5 s. The arithmetic of tokenomics by itself: nothing is lost in a split, prices keep their bounds, schedules
// never go back, auctions cost nobody more than he bid, emission never pays for dealing with oneself.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ParamsSchema, ScheduleSchema } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import type { Dec } from "../../core/math/dec.js";
import { decFromRaw, decMulAmountCeil, parseDec } from "../../core/math/dec.js";
import { nextBaseFee } from "./base-fee-curve.js";
import { clearAuction, timeWeightedPrice } from "./clearing.js";
import { emissionPool, providerShare } from "./emission.js";
import { feeParts } from "./fees.js";
import { defaultParams, paramProblems } from "./params.js";
import { releasedAt, scheduleProblem } from "./schedule.js";
import { splitByBps } from "./split.js";

const dec = (text: string) => parseDec(text)!;
const amounts = fc.bigInt({ min: 0n, max: 1n << 128n });

/** So many shares that add up to 10,000. */
const shares = (count: number) =>
  fc.array(fc.nat(10_000), { minLength: count - 1, maxLength: count - 1 }).map((cuts) => {
    const sorted = [0, ...[...cuts].sort((a, b) => a - b), 10_000];
    return sorted.slice(1).map((cut, i) => cut - sorted[i]!);
  });

describe("A split", () => {
  it("gives all of it away, to the last unit, and nobody more than his share", () => {
    fc.assert(
      fc.property(amounts, shares(4), (amount, [a, b, c]) => {
        const { parts, rest } = splitByBps(amount, { a: a!, b: b!, c: c! });
        expect(parts.a + parts.b + parts.c + rest).toBe(amount);
        expect(rest).toBeGreaterThanOrEqual(0n);
        expect(parts.a * 10_000n).toBeLessThanOrEqual(amount * BigInt(a!));
      }),
    );
  });

  it("of fees burns nothing of other coins, reflects nothing of them, and leaves the remainder to the treasury", () => {
    fc.assert(
      fc.property(amounts, shares(6), fc.boolean(), (fees, bps, isBaseDenom) => {
        const [burnBps, stakersBps, reflectionsBps, communityBps, treasuryBps, developmentBps] = bps as [
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        const feeSplit = { burnBps, stakersBps, reflectionsBps, communityBps, treasuryBps, developmentBps };
        const parts = feeParts(fees, create(ParamsSchema, { feeSplit }), isBaseDenom);
        const { burned, stakers, reflections, community, treasury, development } = parts;
        expect(burned + stakers + reflections + community + treasury + development).toBe(fees);
        if (!isBaseDenom) expect(burned + reflections).toBe(0n);
        const least = (fees * BigInt(treasuryBps + (isBaseDenom ? 0 : burnBps))) / 10_000n;
        expect(treasury).toBeGreaterThanOrEqual(least);
        expect(treasury).toBeLessThanOrEqual(least + 5n);
      }),
    );
  });
});

describe("The base fee", () => {
  const curve = { floor: dec("0.001"), cap: dec("1000"), targetGas: 1_000_000n, maxChangeBps: 1_250 };

  it.each([
    ["stays at the target", 1_000_000n, "1"],
    ["rises by an eighth for a block of twice the target", 2_000_000n, "1.125"],
    ["rises no faster for a fuller one", 50_000_000n, "1.125"],
    ["falls by an eighth for an empty block", 0n, "0.875"],
    ["moves in proportion between", 1_500_000n, "1.0625"],
  ])("%s", (_, gasUsed, expected) => {
    expect(nextBaseFee(dec("1"), gasUsed, curve)).toBe(dec(expected));
  });

  it("never moves by more than 12.5 % in a block, nor leaves floor and cap", () => {
    const raw = fc.bigInt({ min: curve.floor, max: curve.cap });
    fc.assert(
      fc.property(
        raw,
        fc.bigInt({ min: 0n, max: 1n << 63n }),
        fc.integer({ min: 0, max: 1_250 }),
        (price, gas, bps) => {
          const next = nextBaseFee(decFromRaw(price), gas, { ...curve, maxChangeBps: bps });
          const change = next > price ? next - price : price - next;
          expect(change * 8n <= price || change === 1n).toBe(true);
          expect(next >= curve.floor && next <= curve.cap).toBe(true);
        },
      ),
    );
  });

  it("leaves a floor of zero by itself", () => {
    expect(nextBaseFee(decFromRaw(0n), 2_000_000n, { ...curve, floor: decFromRaw(0n) })).toBe(1n);
  });
});

describe("A schedule", () => {
  const year = 31_536_000n;
  const schedule = {
    startTime: 1_000n,
    cliffSeconds: year,
    durationSeconds: 4n * year,
    periodSeconds: 0n,
    atStart: 100n,
  };

  it.each([
    ["nothing before it starts", 999n, 0n],
    ["what is free at once", 1_000n, 100n],
    ["no more before the cliff", 1_000n + year - 1n, 100n],
    ["a quarter of the rest at the cliff", 1_000n + year, 100n + 225n],
    ["half of it in the middle", 1_000n + 2n * year, 100n + 450n],
    ["all at the end", 1_000n + 4n * year, 1_000n],
    ["all for ever", 1n << 50n, 1_000n],
  ])("sets free %s", (_, time, expected) => {
    expect(releasedAt(1_000n, schedule, time)).toBe(expected);
  });

  it("waits for whole periods", () => {
    const quarterly = { ...schedule, cliffSeconds: 0n, periodSeconds: year / 4n };
    expect(releasedAt(1_000n, quarterly, 1_000n + year / 4n - 1n)).toBe(100n);
    expect(releasedAt(1_000n, quarterly, 1_000n + year / 4n)).toBe(156n);
    expect(releasedAt(1_000n, { ...schedule, cliffSeconds: 0n, durationSeconds: 0n }, 1_000n)).toBe(1_000n);
  });

  it("never takes back, and never gives more than there is", () => {
    const spans = fc.bigInt({ min: 0n, max: 1n << 40n });
    fc.assert(
      fc.property(
        amounts,
        spans,
        spans,
        spans,
        spans,
        amounts,
        spans,
        spans,
        (total, start, cliff, duration, period, at, t, dt) => {
          const any = {
            startTime: start,
            cliffSeconds: cliff,
            durationSeconds: duration,
            periodSeconds: period < duration ? period : duration,
            atStart: at < total ? at : total,
          };
          const before = releasedAt(total, any, t);
          const after = releasedAt(total, any, t + dt);
          expect(before <= after && after <= total).toBe(true);
          expect(
            scheduleProblem(create(ScheduleSchema, { ...any, atStart: any.atStart.toString() }), total),
          ).toBeUndefined();
        },
      ),
    );
  });
});

describe("An auction", () => {
  const bid = (bidder: string, number: number, quantity: bigint, price: string) => ({
    bidder,
    number,
    quantity,
    price: dec(price),
  });

  it("serves the dearest first and has one price for all", () => {
    const bids = [bid("ann", 0, 60n, "2"), bid("bob", 1, 60n, "3"), bid("cat", 2, 60n, "1.5")];
    expect(clearAuction(100n, bids)).toEqual({
      price: dec("2"),
      sold: 100n,
      fills: [
        { bidder: "bob", quantity: 60n, cost: 120n },
        { bidder: "ann", quantity: 40n, cost: 80n },
      ],
    });
    expect(clearAuction(100n, [])).toEqual({ price: 0n, sold: 0n, fills: [] });
  });

  it("never sells more than there is, nor takes more than was bid", () => {
    const bids = fc.array(fc.record({ quantity: fc.bigInt(1n, 1n << 90n), price: fc.bigInt(1n, 1n << 100n) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.bigInt(1n, 1n << 90n), bids, (lot, offers) => {
        const all = offers.map(({ quantity, price }, i) => ({
          bidder: `b${i}`,
          number: i,
          quantity,
          price: price as Dec,
        }));
        const { price, sold, fills } = clearAuction(lot, all);
        expect(fills.reduce((sum, { quantity }) => sum + quantity, 0n)).toBe(sold);
        expect(sold).toBeLessThanOrEqual(lot);
        for (const { bidder, quantity, cost } of fills) {
          const mine = all.find((one) => one.bidder === bidder)!;
          expect(quantity <= mine.quantity && price <= mine.price).toBe(true);
          expect(cost).toBeLessThanOrEqual(decMulAmountCeil(mine.quantity, mine.price));
        }
      }),
    );
  });

  it("weighs former prices by the time that each held", () => {
    const points = [
      { time: 0n, price: dec("1") },
      { time: 30n, price: dec("4") },
    ];
    expect(timeWeightedPrice(points, 40n)).toBe(dec("1.75"));
    expect(timeWeightedPrice(points.slice(1), 30n)).toBe(dec("4"));
    expect(timeWeightedPrice([], 30n)).toBeUndefined();
  });
});

describe("Emission", () => {
  it("pays nobody as much as his own work burned, whatever others do and however it is cut", () => {
    const work = fc.array(fc.bigInt(1n, 1n << 90n), { minLength: 1, maxLength: 12 });
    const bps = fc.integer({ min: 0, max: 9_000 });
    fc.assert(
      fc.property(work, bps, fc.bigInt(0n, 1n << 95n), (burns, shareBps, cap) => {
        const total = burns.reduce((sum, burned) => sum + burned, 0n);
        const pool = emissionPool(total, { shareBps, maxPerEpoch: cap.toString() });
        const paid = burns.map((burned) => providerShare(pool, burned, total));
        burns.forEach((burned, i) => expect(paid[i]! * 10_000n <= burned * 9_000n).toBe(true));
        expect(paid.reduce((sum, amount) => sum + amount, 0n)).toBeLessThanOrEqual(pool);
        expect(pool).toBeLessThanOrEqual(cap);
      }),
    );
  });
});

describe("Parameters", () => {
  it("are sound by default, and say what is wrong with others", () => {
    expect(paramProblems(defaultParams())).toEqual([]);
    const wrong = defaultParams();
    wrong.feeSplit!.burnBps = 3_001;
    wrong.baseFee!.maxChangeBps = 1_251;
    wrong.baseFee!.floor = "1";
    wrong.emission!.shareBps = 10_000;
    wrong.buyback!.enabled = true;
    wrong.maxSupply = "-1";
    expect(paramProblems(wrong)).toEqual([
      "fee_split: the shares add up to 10001, not to 10000",
      "base_fee.maxChangeBps: 1251 is not within 0 and 1250",
      "base_fee.floor: above base_fee.cap",
      "emission.shareBps: 10000 is not within 0 and 9000",
      "buyback.lots: empty, and the buyback is enabled",
      'max_supply: "-1" is not within 0 and 2^100 - 1',
    ]);
  });
});
