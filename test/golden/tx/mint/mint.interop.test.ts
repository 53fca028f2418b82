// Tier: make test-interop (Go and the SDK's modules). Budget: 2 minutes with a cold build cache, seconds otherwise.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "@jest/globals";

import type { Vector } from "./replay.js";
import { replay } from "./replay.js";

const program = fileURLToPath(new URL("../../../../../test/golden/tx", import.meta.url));
const COUNT = 20_000;

describe("Go's x/mint, asked now", () => {
  it("agrees with ours on numbers from a fresh seed", () => {
    const seed = Number(process.env["SEED"] ?? process.hrtime.bigint() % 1_000_000_000n);
    const json = execFileSync("go", ["run", "./mint", String(seed), String(COUNT)], { cwd: program, maxBuffer: 1 << 28 });
    expect({ seed, differences: replay(JSON.parse(json.toString("utf8")) as Vector[]) }).toEqual({ seed, differences: [] });
  });
});
