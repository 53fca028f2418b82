import { hash } from "node:crypto";

import type { ByteString } from "../bytes.js";
import { fromByteString, toByteString } from "../bytes.js";
import { verify } from "./secp256k1.js";

/** Signatures remembered in each of two generations, about 200 bytes each. */
const GENERATION = 65_536;

/**
 * Signatures that were found good, so that CheckTx, ProcessProposal and the block check each once. The key is public key,
 * signature and hash of the exact bytes that were signed: account number and sequence are in there. Bad ones are not
 * kept: who sends many of them must not push good ones out.
 */
export class Verdicts {
  readonly #limit: number;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(limit = GENERATION) {
    this.#limit = limit;
  }

  /** Whether the secp256k1 signature of the bytes is good. */
  verify(key: Uint8Array, signature: Uint8Array, signBytes: Uint8Array): boolean {
    const signHash = hash("sha256", signBytes, "binary") as ByteString;
    // Of other lengths nothing verifies; and with fixed lengths no two triples have one key.
    if (key.length !== 33 || signature.length !== 64) return false;
    const id = toByteString(key) + toByteString(signature) + signHash;
    if (this.#young.has(id)) return true;
    if (!this.#old.has(id) && !verify(key, signature, fromByteString(signHash))) return false;
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
    return true;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
