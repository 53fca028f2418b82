// Tier: test. Budget: 5 s. The interval of a ratio of percentiles holds the true one, and is wider for fewer segments.
import { describe, expect, it } from "@jest/globals";

import { SeededRandom } from "../../test/kit/random.js";
import { ratioOfP99 } from "./confidence.js";

/** Values from `scale` to twice it. */
function segments(count: number, scale: number, seed: number): number[][] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => Array.from({ length: 50 }, () => scale * (1 + random.below(1000) / 1000)));
}

describe("the ratio of two 99th percentiles", () => {
  it("is 1 for the same distribution, and twice for values twice as large", () => {
    const same = ratioOfP99(segments(12, 1, 7), segments(12, 1, 8));
    expect(same.low).toBeLessThanOrEqual(1);
    expect(same.high).toBeGreaterThanOrEqual(1);
    const twice = ratioOfP99(segments(12, 2, 7), segments(12, 1, 8));
    expect(twice.low).toBeGreaterThan(1.8);
    expect(twice.high).toBeLessThan(2.2);
  });

  it("is less certain when single segments are far from the others", () => {
    const uneven = segments(12, 1, 7).map((segment, i) => (i === 3 ? segment.map((value) => value * 3) : segment));
    const { low, high } = ratioOfP99(uneven, segments(12, 1, 8));
    expect(high - low).toBeGreaterThan(0.5);
  });
});
