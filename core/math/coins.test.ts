/** Tier: test. Budget: 2 s. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { RegisteredError } from "../errors.js";
import { MAX_AMOUNT } from "./amount.js";
import {
  addCoins,
  amountOf,
  coinMessages,
  coinsOf,
  coinsProblem,
  equalCoins,
  formatCoins,
  holdsAnyOf,
  isDenom,
  parseCoins,
  parseCoinsText,
  subtractCoins,
  sumCoins,
} from "./coins.js";

const denom = fc.constantFrom("atoken", "ibc/27394FB0", "uatom", "ucptm", "Zcoin");
const coins = fc
  .uniqueArray(fc.record({ denom, amount: fc.bigInt(1n, 1n << 200n) }), { selector: (coin) => coin.denom })
  .map((list) => coinsOf(list));

describe("coins of a message", () => {
  it("are read when they are sorted, unique and positive, and written again the same", () => {
    fc.assert(fc.property(coins, (list) => expect(parseCoins(coinMessages(list))).toEqual(list)));
  });

  it.each(["0", "-1", "", "01", "1.0", "1e3", " 1", "0x1", "NaN", (MAX_AMOUNT + 1n).toString(), "9".repeat(100_000)])(
    "are refused with the amount %.20s",
    (amount) => {
      expect(() => parseCoins([{ denom: "ucptm", amount }])).toThrow(RegisteredError);
      expect(coinsProblem([{ denom: "ucptm", amount }])?.path).toBe("[0].amount");
    },
  );

  it.each([1n, 2n ** 53n - 1n, 2n ** 53n + 1n, 1n << 63n, 1n << 64n, MAX_AMOUNT])(
    "keep the amount %s exactly",
    (amount) => {
      expect(parseCoins([{ denom: "ucptm", amount: amount.toString() }])).toEqual([{ denom: "ucptm", amount }]);
    },
  );

  it("are refused out of order, twice, or with a name that is none", () => {
    const one = (name: string) => ({ denom: name, amount: "1" });
    expect(coinsProblem([one("ucptm"), one("atoken")])).toEqual({
      path: "[1].denom",
      problem: "denomination atoken is not sorted",
    });
    expect(coinsProblem([one("ucptm"), one("ucptm")])?.problem).toBe("duplicate denomination ucptm");
    expect(() => parseCoins([one("ucptm"), one("ucptm")])).toThrow("1ucptm,1ucptm: invalid coins");
    for (const name of ["", "ab", "1abc", "a b", "aé", "a".repeat(129), "abc\n"]) expect(isDenom(name)).toBe(false);
    for (const name of ["abc", "a".repeat(128), "ibc/AB:c._-9"]) expect(isDenom(name)).toBe(true);
  });
});

describe("arithmetic", () => {
  it("sums many coins to what they come to one after the other", () => {
    fc.assert(
      fc.property(fc.array(coins, { maxLength: 8 }), (lists) => {
        expect(sumCoins(lists)).toEqual(lists.reduce((sum, list) => addCoins(sum, list), coinsOf([])));
      }),
    );
    const most = coinsOf([{ denom: "ucptm", amount: MAX_AMOUNT }]);
    expect(() => sumCoins([most, coinsOf([{ denom: "ucptm", amount: 1n }])])).toThrow(RegisteredError);
  });

  it("sums a hundred thousand different denoms", () => {
    const lists = Array.from({ length: 100_000 }, (_, i) => [{ denom: `d${i + 100_000}`, amount: 1n }]);
    expect(sumCoins(lists)).toEqual(lists.flat());
  });

  it("adds and takes away again", () => {
    fc.assert(
      fc.property(coins, coins, (a, b) => {
        expect(subtractCoins(addCoins(a, b), b)).toEqual(a);
        expect(equalCoins(addCoins(a, b), addCoins(b, a))).toBe(true);
        for (const { denom: name } of addCoins(a, b)) {
          expect(amountOf(addCoins(a, b), name)).toBe(amountOf(a, name) + amountOf(b, name));
        }
      }),
    );
  });

  it("says when more is taken than there is, of any denom", () => {
    fc.assert(
      fc.property(coins, coins, (a, b) => {
        const enough = b.every(({ denom: name, amount }) => amountOf(a, name) >= amount);
        expect(subtractCoins(a, b) !== undefined).toBe(enough);
      }),
    );
  });

  it("never leaves 256 bits", () => {
    const most = [{ denom: "ucptm", amount: MAX_AMOUNT }];
    expect(() => addCoins(most, [{ denom: "ucptm", amount: 1n }])).toThrow("more than 256 bits: invalid coins");
  });

  it("holds a minimum when one denom of it is met", () => {
    const minimum = parseCoinsText("10ucptm,5uatom");
    expect(holdsAnyOf(parseCoinsText("5uatom"), minimum)).toBe(true);
    expect(holdsAnyOf(parseCoinsText("9ucptm,4uatom,99zzz"), minimum)).toBe(false);
    expect(holdsAnyOf([], minimum)).toBe(false);
  });
});

describe("coins as text", () => {
  it("are written in order and read in any", () => {
    expect(formatCoins(parseCoinsText("5ucptm,3atoken"))).toBe("3atoken,5ucptm");
    expect(parseCoinsText("")).toEqual([]);
    for (const text of ["5", "ucptm", "5ucptm,", "5ucptm,6ucptm", "-5ucptm", "5.5ucptm"]) {
      expect(() => parseCoinsText(text)).toThrow(RegisteredError);
    }
  });
});
