// Tier: test. Budget: 3 s. Vesting accounts byte for byte as Go stores them, and locking what they lock in Go.
import { readFileSync } from "node:fs";

import { expect, it } from "@jest/globals";

import type { Vectors } from "./replay.js";
import { replay } from "./replay.js";

const file = new URL("../../../../../test/golden/tx/vesting/vectors.json", import.meta.url);
const golden = JSON.parse(readFileSync(file, "utf8")) as Vectors;

it("vesting accounts are stored as Go stores them, lock what Go locks, and follow delegations as there", () => {
  const { steps, differences } = replay(golden);
  expect(differences).toEqual([]);
  expect(steps).toBeGreaterThan(golden.vectors.length);
});
