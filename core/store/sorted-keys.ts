import type { ByteString } from "../bytes.js";
import { compareBytes } from "../bytes.js";
import type { KeyRange } from "./kv.js";

/** Keys of one block of the list: inserting moves at most so many. */
const BLOCK_KEYS = 512;

/**
 * The keys that were written to a cache, in order. Nothing is sorted before somebody iterates; then only what came since
 * is put in its place, so that a walk over few keys of many costs little.
 */
export class SortedKeys {
  /** Each block is sorted and not empty, and below the next. */
  #blocks: ByteString[][] = [];
  #unsorted: ByteString[] = [];
  #count = 0;
  /** Counts the changes of positions, so that a walk seeks its place anew. */
  #moves = 0;

  /** A key that is not there yet. */
  add(key: ByteString): void {
    this.#unsorted.push(key);
  }

  clear(): void {
    this.#blocks = [];
    this.#unsorted = [];
    this.#count = 0;
    this.#moves++;
  }

  /** The keys of a range. Keys that are added meanwhile may be seen or not. */
  *walk({ start, end, reverse = false }: KeyRange): IterableIterator<ByteString> {
    this.#sort();
    // The place is between two keys: the next is the first at or above `low`, or in reverse the last below `high`.
    let low = start;
    let high = end;
    for (;;) {
      const moves = this.#moves;
      let [block, index] = reverse ? this.#seekBelow(high) : this.#seek(low);
      for (;;) {
        const key = this.#blocks[block]?.[index];
        if (key === undefined || (reverse ? start !== undefined && key < start : end !== undefined && key >= end))
          return;
        yield key;
        if (moves !== this.#moves) {
          if (reverse) high = key;
          else low = (key + "\x00") as ByteString;
          break;
        }
        [block, index] = reverse ? this.#before(block, index) : this.#after(block, index);
      }
    }
  }

  #after(block: number, index: number): [number, number] {
    return index + 1 < (this.#blocks[block]?.length ?? 0) ? [block, index + 1] : [block + 1, 0];
  }

  #before(block: number, index: number): [number, number] {
    return index > 0 ? [block, index - 1] : [block - 1, (this.#blocks[block - 1]?.length ?? 0) - 1];
  }

  /** Where the first key at or above a bound is. */
  #seek(bound: ByteString | undefined): [block: number, index: number] {
    if (bound === undefined) return [0, 0];
    const block = firstIndex(this.#blocks.length, (i) => (this.#blocks[i]?.at(-1) as ByteString) >= bound);
    const keys = this.#blocks[block] ?? [];
    return [block, firstIndex(keys.length, (i) => (keys[i] as ByteString) >= bound)];
  }

  #seekBelow(bound: ByteString | undefined): [block: number, index: number] {
    if (bound === undefined) return this.#before(this.#blocks.length, 0);
    return this.#before(...this.#seek(bound));
  }

  #sort(): void {
    if (this.#unsorted.length === 0) return;
    this.#moves++;
    const added = this.#unsorted.sort(compareBytes);
    this.#unsorted = [];
    this.#count += added.length;
    if (4 * added.length >= this.#count) {
      const all = [...this.#blocks.flat(), ...added].sort(compareBytes);
      this.#blocks = [];
      for (let i = 0; i < all.length; i += BLOCK_KEYS / 2) this.#blocks.push(all.slice(i, i + BLOCK_KEYS / 2));
      return;
    }
    for (const key of added) this.#insert(key);
  }

  #insert(key: ByteString): void {
    let [block, index] = this.#seek(key);
    if (block === this.#blocks.length) {
      block--;
      index = this.#blocks[block]?.length ?? 0;
    }
    const keys = this.#blocks[block] as ByteString[];
    keys.splice(index, 0, key);
    if (keys.length > BLOCK_KEYS) this.#blocks.splice(block + 1, 0, keys.splice(BLOCK_KEYS / 2));
  }
}

/** The first index below `length` that holds, of a condition that holds from some index on; `length` when none does. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
