// Tier: make test. Budget: 5 s.
import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import type { Vectors } from "./replay.js";
import { replay } from "./replay.js";

const file = new URL("../../../../test/golden/tx/vectors.json", import.meta.url);

describe("transactions that the Cosmos SDK 0.53.8 judged", () => {
  it("are accepted, refused and signed here as there", () => {
    const { differences, accepted, refused, signed, stricter } = replay(
      JSON.parse(readFileSync(file, "utf8")) as Vectors,
    );
    expect(differences).toEqual([]);
    expect(accepted).toBeGreaterThan(90);
    expect(refused).toBeGreaterThan(60);
    expect(signed).toBeGreaterThan(70);
    expect(stricter).toBeLessThan(10);
  });
});
