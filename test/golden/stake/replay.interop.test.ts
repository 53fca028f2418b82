// Tier: make test-interop (Go and the SDK's modules). Budget: 8 min, most of it the first build of the Go program.
// SEED and COUNT in the environment pick the chains.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { replay } from "./replay.js";
import { readVector } from "./vector.js";

const SOURCE = join(process.cwd(), "test/golden/stake");

describe("our staking and its neighbours beside the Cosmos SDK's, asked now", () => {
  const folder = mkdtempSync(join(tmpdir(), "computronium-golden-"));
  const binary = join(folder, "stake");

  beforeAll(() => {
    execFileSync("go", ["build", "-o", binary, "."], { cwd: SOURCE, stdio: "inherit" });
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("the golden files are what the program writes today", () => {
    execFileSync(binary, ["golden", folder]);
    const names = readdirSync(SOURCE).filter((name) => name.endsWith(".json.gz"));
    expect(readdirSync(folder).filter((name) => name.endsWith(".json.gz")).sort()).toEqual(names.sort());
    for (const name of names) expect([name, readVector(join(folder, name))]).toEqual([name, readVector(join(SOURCE, name))]);
  });

  it("chains of fresh seeds have the same outcome on both", async () => {
    const seed = process.env["SEED"] ?? String(process.hrtime.bigint() % 1_000_000_000n);
    const count = Number(process.env["COUNT"] ?? "3");
    execFileSync(binary, ["fresh", seed, String(count), folder]);
    for (let i = 0; i < count; i++) {
      const name = `fresh-${Number(seed) + i}`;
      const { differences, transactions } = await replay(readVector(join(folder, `${name}.json.gz`)));
      expect({ name, differences }).toEqual({ name, differences: [] });
      expect(transactions).toBeGreaterThan(300);
    }
  });
});
