// Tier: make test-long. Budget: 30 min.
import { describe, expect, it } from "@jest/globals";

import { fuzzGenesis } from "./genesis-fuzz.js";

describe("A genesis with parts that do not fit", () => {
  it("is refused with a reason, and what is not refused can be started from, forty thousand times", () => {
    const { started, refused } = fuzzGenesis({ runs: 40_000, seed: Number(process.env["SEED"] ?? 7) });
    expect(started + refused).toBe(40_000);
  });
});
