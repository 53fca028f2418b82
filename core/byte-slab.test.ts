// Tier: test. Budget: 5 s. Pieces of a slab keep what was copied into them, whatever comes after.

import { expect, it } from "@jest/globals";
import fc from "fast-check";

import { ByteSlab } from "./byte-slab.js";

it("keeps each piece apart from all others", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.nat(20_000).map((length) => new Uint8Array(length).fill(length)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.nat(50), fc.nat(50)), { maxLength: 60 }), (pieces) => {
      const slab = new ByteSlab(1_024);
      const made = pieces.map(([source, skip, cut]) => {
        const start = Math.min(skip, source.length);
        const end = Math.max(start, source.length - cut);
        return { copy: slab.copy(source, start, end), expected: Buffer.from(source.subarray(start, end)) };
      });
      for (const { copy, expected } of made) expect(expected.equals(copy)).toBe(true);
    }),
  );
});

it("does not follow its source", () => {
  const source = Uint8Array.of(1, 2, 3);
  const copy = new ByteSlab(64).copy(source);
  source.fill(0);
  expect([...copy]).toEqual([1, 2, 3]);
});
