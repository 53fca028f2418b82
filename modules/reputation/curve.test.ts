// Tier: make test. Budget: 2 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { DEC_ONE } from "../../core/math/dec.js";
import { decayFactor, logWeight } from "./curve.js";

const amounts = fc.bigInt({ min: 0n, max: 1n << 100n });
const units = fc.bigInt({ min: 1n, max: 1n << 40n });

describe("logWeight", () => {
  it.each([
    [0n, 1n, 0n],
    [1n, 1n, DEC_ONE],
    [3n, 1n, 2n * DEC_ONE],
    [1023n, 1n, 10n * DEC_ONE],
    [(1n << 256n) - 1n, 1n, 256n * DEC_ONE],
    [7_000n, 1_000n, 3n * DEC_ONE],
  ])("is exact at powers of two: log2(1 + %s / %s)", (cost, unit, expected) => {
    expect(logWeight(cost, unit)).toBe(expected);
  });

  it.each([
    // From Python's decimal at 60 places, cut off after 18.
    [2n, 1n, 1_584_962_500_721_156_181n],
    [1n, 3n, 415_037_499_278_843_818n],
    [1n, 1_000_000n, 1_442_694_319_541n],
    [999_999n, 1n, 19_931_568_569_324_174_087n],
  ])("agrees with a calculator to the last place: log2(1 + %s / %s)", (cost, unit, expected) => {
    const difference = logWeight(cost, unit) - expected;
    expect(difference === 0n || difference === -1n).toBe(true);
  });

  it("grows with the cost and is concave: cutting a sum never makes it lighter in all", () => {
    fc.assert(
      fc.property(amounts, amounts, units, (a, b, unit) => {
        const whole = logWeight(a + b, unit);
        expect(whole).toBeGreaterThanOrEqual(logWeight(a, unit));
        expect(whole).toBeLessThanOrEqual(logWeight(a, unit) + logWeight(b, unit) + 2n);
      }),
    );
  });

  it("never exceeds cost / unit / ln 2: weight has a price below which it is not to be had", () => {
    fc.assert(
      fc.property(amounts, units, (cost, unit) => {
        // 1 / ln 2 < 1.4426950408889635
        expect(logWeight(cost, unit)).toBeLessThanOrEqual((cost * 14_426_950_408_889_635n * 100n) / unit + 1n);
      }),
    );
  });

  it("refuses what has no logarithm", () => {
    expect(() => logWeight(-1n, 1n)).toThrow(RangeError);
    expect(() => logWeight(1n, 0n)).toThrow(RangeError);
  });
});

describe("decayFactor", () => {
  it.each([
    [0n, 100n, DEC_ONE],
    [100n, 100n, DEC_ONE / 2n],
    [300n, 100n, DEC_ONE / 8n],
    [6_000n, 100n, 0n],
    [100_000n, 100n, 0n],
  ])("halves with each half-life: after %s of %s", (age, halfLife, expected) => {
    expect(decayFactor(age, halfLife)).toBe(expected);
  });

  it.each([
    [1n, 2n, 707_106_781_186_547_524n],
    [1n, 3n, 793_700_525_984_099_737n],
    [7n, 10n, 615_572_206_672_458_142n],
  ])("agrees with a calculator to the last places: 2^-(%s/%s)", (age, halfLife, expected) => {
    const difference = decayFactor(age, halfLife) - expected;
    expect(difference <= 1n && difference >= -1n).toBe(true);
  });

  it("never grows with age", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 40n), fc.bigInt(0n, 1n << 40n), fc.bigInt(1n, 1n << 36n), (a, b, halfLife) => {
        const [younger, older] = a < b ? [a, b] : [b, a];
        expect(decayFactor(older, halfLife)).toBeLessThanOrEqual(decayFactor(younger, halfLife));
      }),
    );
  });
});
