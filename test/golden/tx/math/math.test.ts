// Tier: test. Budget: 3 s. Every rounding of decimals and of decimal coins, as cosmossdk.io/math and cosmos-sdk/types round.
import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import type { Vectors } from "./replay.js";
import { replay } from "./replay.js";

const file = new URL("../../../../../test/golden/tx/math/vectors.json", import.meta.url);

describe("decimals with which Go's LegacyDec and DecCoins have reckoned", () => {
  it("come to the same here, and are refused where Go panics", () => {
    const golden = JSON.parse(readFileSync(file, "utf8")) as Vectors;
    const { differences, refused, operations } = replay(golden);
    expect(differences).toEqual([]);
    expect(operations).toBe(22);
    expect(refused).toBeGreaterThan(100);
  });
});
