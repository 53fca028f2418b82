// Tier: test. Budget: 5 s.
import { fromBech32, toBech32 } from "@cosmjs/encoding";
import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";

import { AddressCodec, Addresses, MAX_ADDRESS_BYTES } from "./address.js";
import type { AccAddress } from "./address.js";
import { fromByteString, toByteString } from "./bytes.js";
import { TextCache } from "./text-cache.js";

const codec = () => new AddressCodec<AccAddress>("cptm");
const zeros = (length: number) => toBech32("cptm", new Uint8Array(length), 1023);

describe("an address", () => {
  it("is the text that cosmjs writes, and the bytes that it reads", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: MAX_ADDRESS_BYTES });
    const addresses = codec();
    fc.assert(
      fc.property(bytes, (raw) => {
        const text = toBech32("cptm", raw, 1023);
        // Twice, the second time out of the cache.
        for (const reader of [addresses, addresses, codec()]) {
          expect(Buffer.from(fromByteString(reader.decode(text)))).toEqual(Buffer.from(fromBech32(text).data));
          expect(reader.encode(toByteString(raw) as AccAddress)).toBe(text);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("may come in upper case, and is written in lower case", () => {
    const text = zeros(20);
    const addresses = codec();
    expect(addresses.encode(addresses.decode(text.toUpperCase()))).toBe(text);
    expect(() => addresses.decode(`C${text.slice(1)}`)).toThrow(/decoding bech32 failed/);
  });

  it.each([
    ["empty", "", /empty address/],
    ["without data", "cptm1", /decoding bech32 failed/],
    ["of another chain", toBech32("cosmos", new Uint8Array(20)), /expected cptm, got cosmos/],
    ["of another kind", toBech32("cptmvaloper", new Uint8Array(20)), /expected cptm, got cptmvaloper/],
    ["with a wrong checksum", zeros(20).replace(/.$/, "q"), /decoding bech32 failed/],
    ["after a space", ` ${zeros(20)}`, /decoding bech32 failed/],
    ["after a byte order mark", `\ufeff${zeros(20)}`, /decoding bech32 failed/],
    ["of no bytes", toBech32("cptm", new Uint8Array(0)), /of 0 bytes/],
    ["of 256 bytes", zeros(MAX_ADDRESS_BYTES + 1), /of 256 bytes/],
    ["of 1024 characters", "q".repeat(1024), /1024 characters/],
  ])("is no text %s", (_, text, problem) => {
    const addresses = codec();
    for (let i = 0; i < 2; i++) expect(() => addresses.decode(text)).toThrow(problem);
  });

  it("has the prefix of its chain, which never changes", () => {
    const addresses = new Addresses("cptm");
    addresses.usePrefix("cptm");
    expect(() => addresses.usePrefix("other")).toThrow(/cannot become other/);
    expect(() => new Addresses("Cptm")).toThrow(/no address prefix/);
    expect(() => new Addresses().account).toThrow(/not known before genesis/);
  });
});

describe("a cache of texts", () => {
  it("stays within its bytes, whatever is put into it, and holds what was put in last", () => {
    const maxBytes = 5000;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ maxLength: 600 }), fc.string({ maxLength: 600 }))), (entries) => {
        const cache = new TextCache<string, string>(maxBytes);
        const known = new Map<string, string>();
        for (const [key, value] of entries) {
          if (known.has(key)) continue;
          known.set(key, value);
          cache.set(key, value);
          expect(cache.get(key)).toBe(value);
          expect(cache.bytes).toBeLessThanOrEqual(maxBytes);
        }
        for (const [key, value] of known) expect([undefined, value]).toContain(cache.get(key));
      }),
    );
  });

  it("does not hold what is larger than all of it", () => {
    const cache = new TextCache<string, string>(1000);
    cache.set("small", "value");
    cache.set("large", "x".repeat(1000));
    expect([cache.get("small"), cache.get("large")]).toEqual(["value", undefined]);
  });
});
