// Tier: test. Budget: 40 s. Chains of staking, distribution, slashing, vesting, governance and grants that the Cosmos SDK's own
// application played: ours gives the same results, balances, rewards, powers and tallies.
import { readdirSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import type { Explanation } from "./explained.js";
import { replay } from "./replay.js";
import { readVector } from "./vector.js";

const folder = new URL("../../../../test/golden/stake/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".json.gz"));

/** How often something differs as DIFFERENCES.md says. Not once more. */
const EXPLAINED: Readonly<Record<string, Partial<Record<Explanation, number>>>> = {
  "governance.json.gz": { "proposals of the older API": 1, "unregistered error": 2, "wrong in itself": 1 },
  "grants.json.gz": { "wrong in itself": 2, "unregistered error": 1, "raw bytes in a text": 6 },
  "import.json.gz": { "proposals of the older API": 1 },
  "unbonding.json.gz": { "unregistered error": 1, "wrong in itself": 2 },
};

describe("a script that the Cosmos SDK 0.53.8 played", () => {
  it("is there for each part", () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  it.each(names)("has the same outcome here: %s", async (name) => {
    const { differences, explained, transactions, queries } = await replay(readVector(new URL(name, folder)));
    expect(differences).toEqual([]);
    expect(explained).toEqual(EXPLAINED[name] ?? {});
    expect(transactions).toBeGreaterThan(10);
    expect(queries).toBeGreaterThan(150);
  });
});
