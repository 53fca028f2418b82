// Tier: test. Budget: 1 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { contentHash, hashFromText, hashToText, verifyContent } from "./content.js";
import { HashMismatchError } from "./errors.js";
import type { CoinText } from "./money.js";
import { costOf, parseCoin, rate } from "./money.js";

describe("money", () => {
  it("reads whole base units with a denom, and nothing else", () => {
    expect(parseCoin("2500ucptm")).toMatchObject({ amount: "2500", denom: "ucptm" });
    expect(parseCoin("0ibc/0F0F")).toMatchObject({ amount: "0", denom: "ibc/0F0F" });
    for (const bad of ["", "ucptm", "1", "1.5ucptm", "-1ucptm", "01ucptm", "1 ucptm", "1u", "1ucptm,2x"])
      expect(() => parseCoin(bad as CoinText)).toThrow(RangeError);
  });

  it("rounds a cost down once, so that parts never cost more than the whole", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 30n), fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 10n ** 9n), (amount, a, b) => {
        const price = rate(`${amount}ucptm`, "hour");
        const whole = costOf(price, a + b);
        const parts = costOf(price, a) + costOf(price, b);
        expect(parts === whole || parts === whole - 1n).toBe(true);
        expect(costOf(rate(`${amount}ucptm`, "second"), a)).toBe(amount * a);
      }),
      { seed: 1 },
    );
  });

  it("refuses a rate without a unit of time", () => {
    expect(() => costOf({ amount: { amount: "1", denom: "ucptm" } }, 1n)).toThrow(RangeError);
  });
});

describe("content", () => {
  it("is checked against its hash", () => {
    const content = new TextEncoder().encode("result");
    const hash = contentHash(content);
    verifyContent("the result", content, hash);
    expect(hashFromText(hashToText(hash))).toEqual(hash);
    expect(() => verifyContent("the result", content.slice(1), hash)).toThrow(HashMismatchError);
  });

  it("has a hash of 64 hexadecimal digits", () => {
    for (const bad of ["", "00", "g".repeat(64), `0x${"0".repeat(62)}`, "0".repeat(65)])
      expect(() => hashFromText(bad)).toThrow(RangeError);
  });
});
