// Tier: test. Budget: 20 s. Row 35 of docs/reliability.md for genesis; eighty times as long in genesis-fuzz.long.
import { describe, expect, it } from "@jest/globals";

import { fuzzGenesis } from "./genesis-fuzz.js";

describe("A genesis with parts that do not fit", () => {
  it("is refused with a reason, and what is not refused can be started from", () => {
    const { started, refused } = fuzzGenesis({ runs: 500, seed: 35 });
    expect(started).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(150);
  });
});
