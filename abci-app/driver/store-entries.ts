import type { ByteString } from "../../core/bytes.js";

type Value = Uint8Array | undefined;

/**
 * Entries of several stores, as three lists: thousands of transactions wait for their block with what they read and wrote, and
 * lists are a fraction of the maps and objects that the same would be. An undefined value is that of a key that is not there.
 */
export class StoreEntries {
  #names: string[] = [];
  #keys: ByteString[] = [];
  #values: Value[] = [];

  get length(): number {
    return this.#keys.length;
  }

  add(name: string, key: ByteString, value: Value): void {
    this.#names.push(name);
    this.#keys.push(key);
    this.#values.push(value);
  }

  /** Whether the key is among the first so many. */
  hasAmong(first: number, name: string, key: ByteString): boolean {
    const end = Math.min(first, this.#keys.length);
    for (let i = 0; i < end; i++) if (this.#keys[i] === key && this.#names[i] === name) return true;
    return false;
  }

  /** Whether it is so of all, asked in order up to the first of which it is not. */
  every(isSo: (name: string, key: ByteString, value: Value) => boolean): boolean {
    for (let i = 0; i < this.#keys.length; i++) {
      if (!isSo(this.#names[i]!, this.#keys[i]!, this.#values[i])) return false;
    }
    return true;
  }

  forEach(visit: (name: string, key: ByteString, value: Value) => void): void {
    for (let i = 0; i < this.#keys.length; i++) visit(this.#names[i]!, this.#keys[i]!, this.#values[i]);
  }

  /** Gives back the room for more. */
  close(): void {
    this.#names = this.#names.slice();
    this.#keys = this.#keys.slice();
    this.#values = this.#values.slice();
  }
}
