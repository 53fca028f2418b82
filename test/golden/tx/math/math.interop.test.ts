// Tier: make test-interop (Go and the SDK's modules). Budget: 2 minutes with a cold build cache, seconds otherwise.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "@jest/globals";

import type { Vectors } from "./replay.js";
import { replay } from "./replay.js";

const program = fileURLToPath(new URL("../../../../../test/golden/tx", import.meta.url));
const COUNT = 3000;

describe("Go's LegacyDec and DecCoins, asked now", () => {
  it("agree with ours on numbers from a fresh seed", () => {
    const seed = Number(process.env["SEED"] ?? process.hrtime.bigint() % 1_000_000_000n);
    const json = execFileSync("go", ["run", "./math", String(seed), String(COUNT)], {
      cwd: program,
      maxBuffer: 1 << 28,
    });
    const { differences, operations } = replay(JSON.parse(json.toString("utf8")) as Vectors);
    expect({ seed, differences }).toEqual({ seed, differences: [] });
    expect(operations).toBe(22);
  });
});
