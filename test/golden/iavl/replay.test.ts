// Tier: make test. Budget: 5 s. Golden files: test/golden/iavl/main.go, which runs cosmossdk.io/store over iavl v1.2.2.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "@jest/globals";

import type { GoldenCase } from "./replay.js";
import { proveAs, replay } from "./replay.js";

const FOLDER = join(process.cwd(), "test/golden/iavl");
const cases = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as GoldenCase);

describe("the same operations as in Go's iavl", () => {
  it("there are golden files", () => {
    expect(cases.map(({ name }) => name).sort()).toEqual(["churn", "growth", "late-start", "long-keys", "small-trees"]);
  });

  describe.each(cases)("$name", (golden) => {
    // With memory for everything, and with next to none, so that all is read from the database again.
    it.each([1 << 30, 1])("give the same app hash at every version, with %d bytes of cache", async (cacheBytes) => {
      const { store, appHashes, close } = replay(golden, { cacheBytes });
      expect(appHashes).toEqual(golden.versions.map(({ appHash }) => appHash));
      expect(store.verify().heights).toBe(golden.versions.length);
      await close();
    });

    it("give the same proofs, byte for byte", async () => {
      const { store, close } = replay(golden);
      expect(golden.proofs.length).toBeGreaterThan(3);
      for (const proof of golden.proofs) expect(proveAs(store, proof)).toEqual(proof);
      await close();
    });
  });
});
