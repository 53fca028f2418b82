// Tier: make test-interop (Go and the SDK's modules). Budget: 2 minutes with a cold build cache, seconds otherwise.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "@jest/globals";

import type { Vectors } from "./replay.js";
import { OUR_TYPES, replay } from "./replay.js";

const root = fileURLToPath(new URL("../../../../..", import.meta.url));
const OF_EACH_TYPE = 500;

describe("the Cosmos SDK's encoder of amino JSON, asked now", () => {
  it("agrees with the node's and the client's on messages of ours made from a fresh seed", () => {
    const seed = Number(process.env["SEED"] ?? process.hrtime.bigint() % 1_000_000_000n);
    const descriptors = [`${root}/proto/foreign.binpb`, `${root}/build/computronium.binpb`];
    const json = execFileSync("go", ["run", "./amino", ...descriptors, String(seed), String(OF_EACH_TYPE)], {
      cwd: `${root}/test/golden/tx`,
      maxBuffer: 1 << 28,
    });
    const { differences, node, client } = replay(JSON.parse(json.toString("utf8")) as Vectors);
    expect({ seed, differences }).toEqual({ seed, differences: [] });
    expect(node).toBe(OUR_TYPES.length * OF_EACH_TYPE);
    expect(client).toBeGreaterThan(node / 2);
  });
});
