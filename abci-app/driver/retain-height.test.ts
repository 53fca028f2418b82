// Tier: test. Budget: 1 s. CometBFT never drops a block that somebody may still need.
import { describe, expect, it } from "@jest/globals";

import { REPLAY_BLOCKS, retainHeight } from "./retain-height.js";

describe("the retain height", () => {
  const needs = { height: 1_000_000n, minRetainBlocks: 5_000, evidenceAgeBlocks: 2_000n, oldestSnapshot: undefined };

  it("is what the operator wants where nothing else needs more", () => {
    expect(retainHeight(needs)).toBe(995_000n);
    expect(retainHeight({ ...needs, oldestSnapshot: 999_000 })).toBe(995_000n);
  });

  it("keeps all for 0, and while the chain is younger", () => {
    expect(retainHeight({ ...needs, minRetainBlocks: 0 })).toBe(0n);
    expect(retainHeight({ ...needs, height: 4_000n })).toBe(0n);
  });

  it("keeps blocks that evidence may be about, that come after a snapshot, and that may be replayed", () => {
    expect(retainHeight({ ...needs, evidenceAgeBlocks: 100_000n })).toBe(900_000n);
    expect(retainHeight({ ...needs, oldestSnapshot: 990_000 })).toBe(990_000n);
    expect(retainHeight({ ...needs, minRetainBlocks: 1, evidenceAgeBlocks: 1n })).toBe(1_000_000n - REPLAY_BLOCKS);
  });
});
