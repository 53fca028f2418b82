// Tier: make test-long. Budget: 10 minutes.
import { describe, expect, it } from "@jest/globals";

import { fuzzTx } from "./fuzz-tx.test-support.js";

describe("decoding a transaction", () => {
  it("throws nothing but registered errors in a million and more inputs", () => {
    const { accepted, refused } = fuzzTx({ runs: 1_100_000, seed: Number(process.env["SEED"] ?? 7) });
    expect(accepted + refused).toBe(1_100_000);
  });
});
