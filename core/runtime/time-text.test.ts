/** Tier: test. Budget: 1 s. The engine's calendar is the oracle. */
import { expect, it } from "@jest/globals";
import fc from "fast-check";

import { timeText } from "./time-text.js";

it("agrees with the engine's calendar from year 0 to 9999", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      const text = date
        .toISOString()
        .replace("T", " ")
        .replace(/(\.\d*?)0*Z$/, "$1")
        .replace(/\.$/, "");
      expect(timeText(BigInt(date.getTime()) * 1_000_000n)).toBe(`${text} +0000 UTC`);
    }),
    { numRuns: 2000 },
  );
});

it("shows nanoseconds", () => {
  expect(timeText(1_700_000_000_000_000_001n)).toBe("2023-11-14 22:13:20.000000001 +0000 UTC");
});
