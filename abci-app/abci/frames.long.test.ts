// Tier: long. Budget: 3 min.
import { describe, it } from "@jest/globals";

import { fuzzFrames } from "./frames.fuzz.js";

describe("the frame reader, at length", () => {
  it("cuts a million random, valid, truncated and giant streams as the plainest code would", () => {
    const seed = Date.now() & 0x7fff_ffff;
    process.stdout.write(`frames: seed ${seed}\n`);
    fuzzFrames(1_000_000, seed);
  });
});
