import { hash } from "node:crypto";

import type { ByteString } from "../bytes.js";
import { fromByteString, toByteString } from "../bytes.js";
import { verify } from "./secp256k1.js";

/** Signatures remembered in each of two generations, about 200 bytes each. */
const GENERATION = 65_536;

/** Key, signature and hash of what was signed: all that a verdict depends on. */
export interface SignatureQuestion {
  /** The three in a row: 33, 64 and 32 bytes, so that no two questions have one id. */
  readonly id: string;
  readonly signHash: ByteString;
}

/** Undefined for lengths with which nothing verifies. */
export function signatureQuestion(
  key: Uint8Array,
  signature: Uint8Array,
  signBytes: Uint8Array,
): SignatureQuestion | undefined {
  if (key.length !== 33 || signature.length !== 64) return undefined;
  const signHash = hash("sha256", signBytes, "binary") as ByteString;
  return { id: toByteString(key) + toByteString(signature) + signHash, signHash };
}

/**
 * Signatures that were found good, so that CheckTx, ProcessProposal and the block check each once. The key is public key,
 * signature and hash of the exact bytes that were signed: account number and sequence are in there. Bad ones are not
 * kept: who sends many of them must not push good ones out.
 */
export class Verdicts {
  readonly #limit: number;
  /** For statistics: what became of the calls of {@link verify}, and how many good ones came from elsewhere. */
  readonly counts = { remembered: 0, verified: 0, refused: 0, fromElsewhere: 0 };
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(limit = GENERATION) {
    this.#limit = limit;
  }

  /** Whether the secp256k1 signature of the bytes is good. */
  verify(key: Uint8Array, signature: Uint8Array, signBytes: Uint8Array): boolean {
    const question = signatureQuestion(key, signature, signBytes);
    return question !== undefined && this.answer(question, { key, signature });
  }

  /** The answer to a question, which is about this key and signature. */
  answer(question: SignatureQuestion, { key, signature }: { key: Uint8Array; signature: Uint8Array }): boolean {
    const { id, signHash } = question;
    if (this.#young.has(id)) {
      this.counts.remembered++;
      return true;
    }
    if (this.#old.has(id)) this.counts.remembered++;
    else if (verify(key, signature, fromByteString(signHash))) this.counts.verified++;
    else {
      this.counts.refused++;
      return false;
    }
    this.#remember(id);
    return true;
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }

  /** Remembers a signature that was found good elsewhere, by the id of its question. */
  add(id: string): void {
    this.counts.fromElsewhere++;
    this.#remember(id);
  }

  #remember(id: string): void {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
