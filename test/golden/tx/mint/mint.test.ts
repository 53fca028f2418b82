// Tier: test. Budget: 2 s. Inflation and provisions as cosmos-sdk x/mint reckons them, to the last of 18 places.
import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import type { Vector } from "./replay.js";
import { replay } from "./replay.js";

const file = new URL("../../../../../test/golden/tx/mint/vectors.json", import.meta.url);

describe("parameters and stake with which Go's x/mint has minted", () => {
  it("come to the same inflation and coins here", () => {
    const vectors = JSON.parse(readFileSync(file, "utf8")) as readonly Vector[];
    expect(vectors.length).toBe(400);
    // Not all of them only hold a bound.
    const between = vectors.filter((v) => v.nextInflation !== v.inflationMax && v.nextInflation !== v.inflationMin);
    expect(between.length).toBeGreaterThan(50);
    expect(replay(vectors)).toEqual([]);
  });
});
