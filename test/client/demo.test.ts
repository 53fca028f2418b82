// Tier: test. Budget: 60 s. The demo as a stranger runs it, without a terminal.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "@jest/globals";

const DEMO = fileURLToPath(new URL("../../scripts/demo.js", import.meta.url));

describe("the demo", () => {
  it("ends by itself, with status 0, every job done and every amount as it must be", () => {
    const { status, stdout } = spawnSync(process.execPath, ["--no-warnings", DEMO], { encoding: "utf8" });
    const lines = stdout.split("\n");
    expect({ status, end: lines.slice(-25) }).toMatchObject({ status: 0 });
    for (const agent of ["ada", "grace", "alan"]) {
      expect(lines.filter((line) => line.includes(`${agent} has the result`))).toHaveLength(1);
    }
    expect(lines.filter((line) => line.includes("is settled; "))).toHaveLength(3);
    expect(stdout).toMatch(/✓ all \d+ amounts are to the last unit what they must be/);
    // No terminal, no escape sequences.
    expect(stdout).not.toContain("\u001b");
  }, 240_000);
});
