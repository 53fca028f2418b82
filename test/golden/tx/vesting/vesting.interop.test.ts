// Tier: make test-interop (Go and the SDK's modules). Budget: 2 minutes with a cold build cache, seconds otherwise.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { expect, it } from "@jest/globals";

import type { Vectors } from "./replay.js";
import { replay } from "./replay.js";

const program = fileURLToPath(new URL("../../../../../test/golden/tx", import.meta.url));
const COUNT = 4000;

it("Go's vesting accounts, made now from a fresh seed, are stored and lock as ours", () => {
  const seed = Number(process.env["SEED"] ?? process.hrtime.bigint() % 1_000_000_000n);
  const options = { cwd: program, maxBuffer: 1 << 28 };
  const json = execFileSync("go", ["run", "./vesting", String(seed), String(COUNT)], options);
  const { steps, differences } = replay(JSON.parse(json.toString("utf8")) as Vectors);
  expect({ seed, differences }).toEqual({ seed, differences: [] });
  expect(steps).toBeGreaterThan(COUNT);
});
