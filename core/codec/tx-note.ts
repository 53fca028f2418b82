import type { DecodedTx } from "./tx.js";

let slots = 0;

/**
 * Something that is found out about a transaction once and kept with it for as long as it lives: what depends on nothing
 * but its bytes, or says what it depends on. In the transaction itself, since a `WeakMap` with thousands of entries
 * costs the garbage collector more than finding them again.
 */
export class TxNote<T> {
  readonly #slot = slots++;

  get(tx: DecodedTx): T | undefined {
    return tx.notes[this.#slot] as T | undefined;
  }

  set(tx: DecodedTx, value: T | undefined): void {
    tx.notes[this.#slot] = value;
  }
}
