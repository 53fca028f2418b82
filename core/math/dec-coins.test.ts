// Tier: test. Budget: 3 s. Decimal coins lose nothing and gain nothing; the values themselves: test/golden/tx/math.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { DecCoins } from "./dec-coins.js";
import {
  addDecCoins,
  decAmountOf,
  decCoinMessages,
  decCoinsFromCoins,
  decCoinsProblem,
  equalDecCoins,
  formatDecCoins,
  intersectDecCoins,
  mulDecCoinsTruncate,
  NO_DEC_COINS,
  parseDecCoins,
  quoDecCoins,
  quoDecCoinsTruncate,
  subtractDecCoins,
  truncateDecCoins,
} from "./dec-coins.js";
import type { Dec } from "./dec.js";
import {
  DEC_ONE,
  DEC_ZERO,
  decCeilInt,
  decFromInteger,
  decFromRaw,
  decMul,
  decMulRoundUp,
  decMulTruncate,
  decPower,
  decQuo,
  decQuoRoundUp,
  decQuoTruncate,
  decRoundInt,
  decTruncateInt,
} from "./dec.js";

const raw = (min: bigint, max = 1n << 150n) => fc.bigInt({ min, max }).map(decFromRaw);
const coins: fc.Arbitrary<DecCoins> = fc
  .uniqueArray(fc.record({ denom: fc.constantFrom("aaa", "bbb", "ccc", "ddd"), amount: raw(1n) }), {
    selector: ({ denom }) => denom,
  })
  .map((list) => list.sort((a, b) => (a.denom < b.denom ? -1 : 1)));

describe("Decimals", () => {
  it("round to the nearest between down and up, a last place apart", () => {
    fc.assert(
      fc.property(raw(0n), raw(1n, 1n << 80n), (a, b) => {
        for (const [down, near, up] of [
          [decMulTruncate(a, b), decMul(a, b), decMulRoundUp(a, b)],
          [decQuoTruncate(a, b), decQuo(a, b), decQuoRoundUp(a, b)],
          [decTruncateInt(a), decRoundInt(a), decCeilInt(a)],
        ] as const) {
          expect(down <= near && near <= up && up - down <= 1n).toBe(true);
        }
      }),
    );
  });

  it("are symmetric around zero where they round to the nearest or towards it", () => {
    const negative = (a: Dec) => decFromRaw(-a);
    fc.assert(
      fc.property(raw(0n), raw(1n, 1n << 80n), (a, b) => {
        for (const op of [decMul, decMulTruncate, decQuo, decQuoTruncate]) {
          expect(op(negative(a), b)).toBe(negative(op(a, b)));
        }
      }),
    );
  });

  it("have powers", () => {
    expect(decPower(decFromInteger(3n), 5n)).toBe(decFromInteger(243n));
    expect(decPower(decFromRaw(DEC_ONE / 2n), 3n)).toBe(DEC_ONE / 8n);
    expect(decPower(decFromInteger(7n), 0n)).toBe(DEC_ONE);
    expect(() => decPower(DEC_ONE, -1n)).toThrow(RangeError);
  });

  it("refuse what LegacyDec does not hold with an error that a transaction survives", () => {
    const half = decFromInteger(1n << 255n);
    expect(() => decMul(half, decFromInteger(2n))).toThrow(/a decimal is out of range/);
    expect(() => decQuo(half, decFromRaw(1n))).toThrow(/a decimal is out of range/);
    expect(() => decCeilInt(decFromRaw((1n << 256n) * 10n ** 18n - 1n))).toThrow(/a decimal is out of range/);
  });
});

describe("Decimal coins", () => {
  it("add up and come apart again", () => {
    fc.assert(
      fc.property(coins, coins, (a, b) => {
        const sum = addDecCoins(a, b);
        expect(decCoinsProblem(decCoinMessages(sum))).toBeUndefined();
        expect(subtractDecCoins(sum, b)).toEqual(a);
        expect(equalDecCoins(sum, addDecCoins(b, a))).toBe(true);
      }),
    );
  });

  it("are not subtracted from less", () => {
    expect(subtractDecCoins([], decCoinsFromCoins([{ denom: "aaa", amount: 1n }]))).toBeUndefined();
  });

  it("are whole units and change, and together what they were", () => {
    fc.assert(
      fc.property(coins, (a) => {
        const { whole, change } = truncateDecCoins(a);
        expect(addDecCoins(decCoinsFromCoins(whole), change)).toEqual(a);
        expect(change.every(({ amount }) => amount < DEC_ONE)).toBe(true);
      }),
    );
  });

  it("held by both are in each", () => {
    fc.assert(
      fc.property(coins, coins, (a, b) => {
        const both = intersectDecCoins(a, b);
        expect(subtractDecCoins(a, both)).toBeDefined();
        expect(subtractDecCoins(b, both)).toBeDefined();
      }),
    );
  });

  it("divided and multiplied again are never more", () => {
    fc.assert(
      fc.property(coins, raw(1n, 1n << 90n), (a, by) => {
        const back = mulDecCoinsTruncate(quoDecCoinsTruncate(a, by), by);
        expect(subtractDecCoins(a, back)).toBeDefined();
      }),
    );
  });

  it("are not divided by zero, not even if there are none", () => {
    for (const quotient of [quoDecCoins, quoDecCoinsTruncate]) {
      expect(() => quotient(NO_DEC_COINS, DEC_ZERO)).toThrow("division by zero");
      expect(() => quotient([{ denom: "aaa", amount: DEC_ONE }], DEC_ZERO)).toThrow("division by zero");
    }
  });

  it("are read back as they are written, and nothing else is", () => {
    fc.assert(fc.property(coins, (a) => expect(parseDecCoins(decCoinMessages(a))).toEqual(a)));
    const one = { denom: "aaa", amount: "1" };
    for (const [messages, problem] of [
      [[{ ...one, amount: "0" }], "[0].amount: coin aaa amount is not positive"],
      [[{ ...one, amount: "-1" }], "[0].amount: coin aaa amount is not positive"],
      [[{ ...one, amount: "1.5" }], '[0].amount: "1.5" is no decimal below 2^256'],
      [[one, one], "[1].denom: duplicate denomination aaa"],
      [[{ ...one, denom: "bbb" }, one], "[1].denom: denomination aaa is not sorted"],
      [[{ ...one, denom: "!" }], "[0].denom: invalid denom: !"],
    ] as const) {
      const found = decCoinsProblem(messages);
      expect(found && `${found.path}: ${found.problem}`).toBe(problem);
      expect(() => parseDecCoins(messages)).toThrow(RangeError);
    }
  });

  it("are written as Cosmos writes them", () => {
    const list = [
      { denom: "aaa", amount: decFromRaw(1n) },
      { denom: "bbb", amount: decFromInteger(2n) },
    ];
    expect(formatDecCoins(list)).toBe("0.000000000000000001aaa,2.000000000000000000bbb");
    expect(decAmountOf(list, "bbb")).toBe(decFromInteger(2n));
    expect(decAmountOf(list, "ccc")).toBe(0n);
  });
});
