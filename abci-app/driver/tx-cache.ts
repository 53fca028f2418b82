import { hash } from "node:crypto";

import type { DecodedTx } from "../../core/codec/tx.js";
import { decodeTx } from "../../core/codec/tx.js";
import { RegisteredError } from "../../core/errors.js";

/** Transactions by the hash of their bytes. One that was decoded in CheckTx is not decoded again until its block is done. */
export class TxCache {
  readonly #entries = new Map<string, DecodedTx>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes Bound of the raw bytes of all transactions that are held. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The transaction, or the registered error for bytes that are none. */
  decode(bytes: Uint8Array): DecodedTx | RegisteredError {
    const key = hash("sha256", bytes, "binary");
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    try {
      const tx = decodeTx(bytes);
      this.#add(key, tx, bytes.length);
      return tx;
    } catch (error) {
      if (error instanceof RegisteredError) return error;
      throw error;
    }
  }

  forget(bytes: Uint8Array): void {
    const key = hash("sha256", bytes, "binary");
    if (this.#entries.delete(key)) this.#bytes -= bytes.length;
  }

  #add(key: string, tx: DecodedTx, size: number): void {
    this.#entries.set(key, tx);
    this.#bytes += size;
    // The oldest goes first: a Map keeps the order of insertion.
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break;
      this.#entries.delete(oldest);
      this.#bytes -= entry.raw.length;
    }
  }
}
