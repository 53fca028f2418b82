// Tier: make test. Budget: 20 s.
import { createHash } from "node:crypto";

import { describe, expect, it } from "@jest/globals";
import { sha256 } from "@noble/hashes/sha2.js";
import { hmac } from "@noble/hashes/hmac.js";
import * as noble from "@noble/secp256k1";
import fc from "fast-check";

import { loadWebAssembly, secp256k1Backend, verify } from "./secp256k1.js";

noble.hashes.sha256 = sha256;
noble.hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const wasm = await loadWebAssembly();

function oracle(key: Uint8Array, signature: Uint8Array, hash: Uint8Array): boolean {
  if (key.length !== 33 || signature.length !== 64 || hash.length !== 32) return false;
  try {
    return noble.verify(signature, hash, key, { prehash: false, lowS: true });
  } catch {
    return false;
  }
}

function to32(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}

interface Case {
  readonly key: Uint8Array;
  readonly signature: Uint8Array;
  readonly hash: Uint8Array;
}

function made(seed: Uint8Array): Case {
  const secret = createHash("sha256").update(seed).digest();
  const hash = createHash("sha256").update("what is signed").update(seed).digest();
  return {
    key: noble.getPublicKey(secret, true),
    signature: noble.sign(hash, secret, { prehash: false, lowS: true }),
    hash,
  };
}

/** Ways of breaking a signature, and one that leaves it as it is. */
const BREAKS: readonly ((good: Case, n: number) => Case)[] = [
  (good) => good,
  ({ signature, ...rest }, n) => ({ ...rest, signature: flipped(signature, n) }),
  ({ key, ...rest }, n) => ({ ...rest, key: flipped(key, n) }),
  ({ hash, ...rest }, n) => ({ ...rest, hash: flipped(hash, n) }),
  (good) => ({ ...good, signature: highS(good.signature) }),
  (good) => ({ ...good, signature: Buffer.concat([to32(0n), good.signature.subarray(32)]) }),
  (good) => ({ ...good, signature: Buffer.concat([good.signature.subarray(0, 32), to32(0n)]) }),
  (good, n) => ({ ...good, signature: Buffer.concat([to32(N + BigInt(n % 3)), good.signature.subarray(32)]) }),
  (good, n) => ({ ...good, signature: Buffer.concat([good.signature.subarray(0, 32), to32(N - BigInt(n % 3))]) }),
  (good) => ({ ...good, key: made(good.key).key }),
  (good, n) => ({ ...good, key: Buffer.concat([Buffer.of(n % 8), good.key.subarray(1)]) }),
  (good) => ({ ...good, key: Buffer.alloc(33, 0xff) }),
  (good) => ({ ...good, key: Buffer.alloc(33) }),
  (good, n) => ({ ...good, key: Buffer.concat([Buffer.of(2), to32(BigInt(n))]) }),
  (good, n) => ({ ...good, signature: good.signature.subarray(0, n % 64) }),
  (good, n) => ({ ...good, key: good.key.subarray(0, n % 33) }),
];

function flipped(bytes: Uint8Array, n: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[n % copy.length]! ^= 1 << (n % 8);
  return copy;
}

function highS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);
  return Buffer.concat([signature.subarray(0, 32), to32(N - s)]);
}

describe("checking secp256k1 signatures", () => {
  it("is done by libsecp256k1, never by JavaScript", () => {
    expect(["native libsecp256k1", "WebAssembly libsecp256k1"]).toContain(secp256k1Backend);
  });

  it("accepts a good signature, and not its other half", () => {
    const good = made(Buffer.from("a"));
    expect(verify(good.key, good.signature, good.hash)).toBe(true);
    expect(verify(good.key, highS(good.signature), good.hash)).toBe(false);
  });

  it("accepts and refuses the same as noble and as WebAssembly does, however a signature is broken", () => {
    const verdicts = { good: 0, bad: 0 };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), fc.nat(), fc.nat(BREAKS.length - 1), (seed, n, which) => {
        const { key, signature, hash } = BREAKS[which]!(made(seed), n);
        const verdict = verify(key, signature, hash);
        expect(verdict).toBe(oracle(key, signature, hash));
        if (key.length === 33 && signature.length === 64) expect(wasm(key, signature, hash)).toBe(verdict);
        verdicts[verdict ? "good" : "bad"]++;
      }),
      { numRuns: 600, seed: 1 },
    );
    expect(verdicts.good).toBeGreaterThan(10);
    expect(verdicts.bad).toBeGreaterThan(300);
  });
});
