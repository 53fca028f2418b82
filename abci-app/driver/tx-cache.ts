import type { DecodedTx } from "../../core/codec/tx.js";
import { decodeTx } from "../../core/codec/tx.js";
import { RegisteredError } from "../../core/errors.js";

/** So many bytes from the end of a transaction find it again: a part of its last signature, as good as random. */
const KEY_BYTES = 32;

/**
 * Transactions by their bytes. One that was decoded in CheckTx is not decoded again until its block is done. The key is the
 * end of the bytes, a tenth of the cost of a hash, and what is found under it is compared whole: whoever makes
 * transactions with the same end makes the cache forget his own.
 */
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
    const key = keyOf(bytes);
    const known = this.#entries.get(key);
    if (known !== undefined && Buffer.compare(known.raw, bytes) === 0) return known;
    try {
      const tx = decodeTx(bytes);
      this.#add(key, tx);
      return tx;
    } catch (error) {
      if (error instanceof RegisteredError) return error;
      throw error;
    }
  }

  forget(bytes: Uint8Array): void {
    const key = keyOf(bytes);
    const known = this.#entries.get(key);
    if (known !== undefined && Buffer.compare(known.raw, bytes) === 0) this.#remove(key, known);
  }

  #add(key: string, tx: DecodedTx): void {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#remove(key, before);
    this.#entries.set(key, tx);
    this.#bytes += tx.raw.length;
    if (this.#bytes <= this.#maxBytes) return;
    // The oldest goes first: a Map keeps the order of insertion.
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break;
      this.#remove(oldest, entry);
    }
  }

  #remove(key: string, tx: DecodedTx): void {
    this.#entries.delete(key);
    this.#bytes -= tx.raw.length;
  }
}

function keyOf(bytes: Uint8Array): string {
  const start = Math.max(0, bytes.length - KEY_BYTES);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start).latin1Slice();
}
