// Tier: test. Budget: 2 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { MAX_AMOUNT, parseAmount } from "./amount.js";
import {
  DEC_ONE,
  decFromRaw,
  decMulAmountCeil,
  decMulAmountFloor,
  decQuoTruncate,
  formatDec,
  parseDec,
} from "./dec.js";

describe("Decimals", () => {
  it("are read back as they are written", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 200n), max: 1n << 200n }), (raw) => {
        expect(parseDec(formatDec(decFromRaw(raw)))).toBe(raw);
      }),
    );
  });

  it("refuse what is no decimal", () => {
    for (const text of ["", ".", "1.", ".5", "1e5", "+1", " 1", "1.0000000000000000001", "0x1", "1,5", "٣"]) {
      expect(parseDec(text)).toBeUndefined();
    }
  });

  it("round an amount down and up by at most one unit, and never cross", () => {
    const amount = fc.bigInt({ min: 0n, max: 1n << 128n });
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 0n, max: 10n ** 18n }), (a, raw) => {
        const [down, up] = [decMulAmountFloor(a, decFromRaw(raw)), decMulAmountCeil(a, decFromRaw(raw))];
        expect(up - down).toBe((a * raw) % DEC_ONE === 0n ? 0n : 1n);
        expect(up <= a).toBe(true);
      }),
    );
  });

  it("refuse to divide by zero", () => {
    expect(() => decQuoTruncate(DEC_ONE, decFromRaw(0n))).toThrow(RangeError);
  });
});

describe("Amounts", () => {
  it("are decimal integers of at most 256 bits, and nothing else", () => {
    expect(parseAmount("0")).toBe(0n);
    expect(parseAmount(MAX_AMOUNT.toString())).toBe(MAX_AMOUNT);
    expect(parseAmount((MAX_AMOUNT + 1n).toString())).toBeUndefined();
    for (const text of ["", "-1", "01", "+1", "1.0", "1e3", " 1", "0x10", "1_000", "9".repeat(79)]) {
      expect(parseAmount(text)).toBeUndefined();
    }
  });
});
