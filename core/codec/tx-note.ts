import type { DecodedTx } from "./tx.js";

let slots = 0;
/** One for each lasting note. */
const lastingSlots: unknown[] = [];

/** Room for the notes that outlive a transaction's parts: as much as there are, since an array that grows takes more. */
export function lastingNotes(): unknown[] {
  return lastingSlots.slice();
}

/**
 * Something that is found out about a transaction once and kept with it: what depends on nothing but its bytes, or says
 * what it depends on. In the transaction itself, since a `WeakMap` with thousands of entries costs the garbage collector
 * more than finding them again. It goes with the parts of the transaction ({@link DecodedTx.release}), unless it is lasting.
 */
export class TxNote<T> {
  readonly #isLasting: boolean;
  readonly #slot: number;

  constructor({ lasting = false }: { readonly lasting?: boolean } = {}) {
    this.#isLasting = lasting;
    this.#slot = lasting ? lastingSlots.push(undefined) - 1 : slots++;
  }

  get(tx: DecodedTx): T | undefined {
    return (this.#isLasting ? tx.notes : tx.passingNotes)[this.#slot] as T | undefined;
  }

  set(tx: DecodedTx, value: T | undefined): void {
    (this.#isLasting ? tx.notes : tx.passingNotes)[this.#slot] = value;
  }
}
