// Tier: make test. Budget: 5 s.
import { createHash } from "node:crypto";

import { Secp256k1 } from "@cosmjs/crypto";
import { describe, expect, it } from "@jest/globals";

import { Verdicts } from "./verdicts.js";

async function signed(name: string): Promise<{ key: Uint8Array; signature: Uint8Array; bytes: Uint8Array }> {
  const pair = await Secp256k1.makeKeypair(createHash("sha256").update(name).digest());
  const bytes = Buffer.from(`document of ${name}`);
  const signature = await Secp256k1.createSignature(createHash("sha256").update(bytes).digest(), pair.privkey);
  return { key: Secp256k1.compressPubkey(pair.pubkey), signature: signature.toFixedLength().subarray(0, 64), bytes };
}

describe("the cache of verdicts", () => {
  it("says the same the second time", async () => {
    const verdicts = new Verdicts();
    const { key, signature, bytes } = await signed("a");
    expect(verdicts.verify(key, signature, bytes)).toBe(true);
    expect(verdicts.verify(key, signature, bytes)).toBe(true);
    expect(verdicts.size).toBe(1);
  });

  it("does not take a verdict for another key, signature or document", async () => {
    const verdicts = new Verdicts();
    const a = await signed("a");
    const b = await signed("b");
    expect(verdicts.verify(a.key, a.signature, a.bytes)).toBe(true);
    expect(verdicts.verify(b.key, a.signature, a.bytes)).toBe(false);
    expect(verdicts.verify(a.key, b.signature, a.bytes)).toBe(false);
    expect(verdicts.verify(a.key, a.signature, b.bytes)).toBe(false);
    expect(verdicts.verify(Buffer.concat([a.key, a.signature.subarray(0, 1)]), a.signature.subarray(1), a.bytes)).toBe(
      false,
    );
  });

  it("keeps no bad verdicts, and only so many good ones", async () => {
    const verdicts = new Verdicts(4);
    const first = await signed("0");
    expect(verdicts.verify(first.key, first.signature, Buffer.from("other"))).toBe(false);
    expect(verdicts.size).toBe(0);
    for (let i = 0; i < 20; i++) {
      const { key, signature, bytes } = await signed(String(i));
      expect(verdicts.verify(key, signature, bytes)).toBe(true);
      expect(verdicts.size).toBeLessThanOrEqual(8);
    }
  });
});
