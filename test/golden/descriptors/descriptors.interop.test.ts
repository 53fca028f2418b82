// Tier: interop. Budget: 10 min cold (it links the Cosmos SDK), seconds afterwards.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { describe, expect, it } from "@jest/globals";

const ROOT = resolve(import.meta.dirname, "../../../..");

describe("The descriptors of foreign protobuf files", () => {
  it("are what the pinned Go modules register, to the byte", () => {
    const folder = mkdtempSync(join(tmpdir(), "computronium-descriptors-"));
    try {
      const output = join(folder, "foreign.binpb");
      execFileSync("go", ["run", ".", output], { cwd: join(ROOT, "proto/foreign"), stdio: "pipe" });
      expect(readFileSync(output).equals(readFileSync(join(ROOT, "proto/foreign.binpb")))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
