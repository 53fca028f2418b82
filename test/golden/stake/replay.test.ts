// Tier: test. Budget: 30 s. Chains of staking, distribution, slashing, vesting, governance and grants that the Cosmos SDK's own
// application played: ours gives the same results, balances, rewards, powers and tallies.
import { readdirSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import { replay } from "./replay.js";
import { readVector } from "./vector.js";

const folder = new URL("../../../../test/golden/stake/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".json.gz"));

describe("a script that the Cosmos SDK 0.53.8 played", () => {
  it.each(names)("has the same outcome here: %s", async (name) => {
    const { differences, transactions, failures, queries } = await replay(readVector(new URL(name, folder)));
    expect(differences).toEqual([]);
    expect(transactions).toBeGreaterThan(30);
    expect(failures).toBeGreaterThan(5);
    expect(queries).toBeGreaterThan(100);
  });
});
