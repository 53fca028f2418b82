// Tier: test. Budget: 5 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { ByteString } from "../bytes.js";
import { toByteString } from "../bytes.js";
import { bytesKey, KeyDecodingError, pairKey, stringKey, u64Key } from "./keys.js";

const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const text = fc.string({ unit: "grapheme" }).filter((s) => !s.includes("\0"));
const bytes = fc.uint8Array({ maxLength: 127 }).map((a) => toByteString(a));

describe("Key codecs", () => {
  it("read back what they wrote, alone and inside a pair", () => {
    const codec = pairKey(stringKey, pairKey(bytesKey, u64Key));
    fc.assert(
      fc.property(text, bytes, u64, (a, b, c) => {
        expect(codec.decode(codec.encode([a, [b, c]]))).toEqual([a, [b, c]]);
        const prefixed = codec.encodeNonTerminal([a, [b, c]]);
        expect(codec.decodeNonTerminal((prefixed + "rest") as ByteString, 0)).toEqual([[a, [b, c]], prefixed.length]);
      }),
    );
  });

  it("order 64-bit numbers as bytes", () => {
    fc.assert(
      fc.property(u64, u64, (a, b) => {
        expect(u64Key.encode(a) < u64Key.encode(b)).toBe(a < b);
      }),
    );
  });

  it("give every pair with one first part its prefix, and no other pair", () => {
    const codec = pairKey(bytesKey, bytesKey);
    fc.assert(
      fc.property(bytes, bytes, bytes, (a, b, other) => {
        expect(codec.encode([other, b]).startsWith(codec.prefix(a))).toBe(other === a);
      }),
    );
  });

  it("refuse numbers that have no place in 64 bits, and bytes that are cut short", () => {
    for (const value of [-1n, 1n << 64n, 1n << 256n]) expect(() => u64Key.encode(value)).toThrow(RangeError);
    expect(() => u64Key.decode("1234567" as ByteString)).toThrow(KeyDecodingError);
    expect(() => bytesKey.decodeNonTerminal("\x05abcd" as ByteString, 0)).toThrow(KeyDecodingError);
    expect(() => stringKey.decodeNonTerminal("abc" as ByteString, 0)).toThrow(KeyDecodingError);
    expect(() => stringKey.encodeNonTerminal("a\0b")).toThrow(RangeError);
  });
});
