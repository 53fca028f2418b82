/** What an entry takes beside its characters: its place in the Map, and the heads of two strings. */
const ENTRY_BYTES = 96;

/**
 * Texts by texts, bounded by the memory that they take and not by their number: who sends long ones must not get more of it.
 * It is emptied when it is full.
 */
export class TextCache<K extends string, V extends string> {
  readonly #entries = new Map<K, V>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** About what it takes now; never above the bound. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Remembers what the key stands for, which never changes. */
  set(key: K, value: V): void {
    const size = key.length + value.length + ENTRY_BYTES;
    if (this.#entries.has(key) || size > this.#maxBytes) return;
    if (this.#bytes + size > this.#maxBytes) {
      this.#entries.clear();
      this.#bytes = 0;
    }
    this.#bytes += size;
    this.#entries.set(key, value);
  }
}
