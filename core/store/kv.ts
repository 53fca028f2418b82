import type { ByteString } from "../bytes.js";

/** A half-open range of keys, `[start, end)`; a missing bound is open. */
export interface KeyRange {
  readonly start?: ByteString | undefined;
  readonly end?: ByteString | undefined;
  /** From the last key to the first. */
  readonly reverse?: boolean | undefined;
}

export type Entry = readonly [key: ByteString, value: Uint8Array];

/** One store, read-only. Values that it returns are shared: whoever receives one must not change it. */
export interface ReadonlyKvStore {
  get(key: ByteString): Uint8Array | undefined;
  has(key: ByteString): boolean;
  /**
   * Entries of the range in byte order of their keys. A key written to the same store after the call may or may not be
   * seen; one deleted before it is reached is not.
   */
  iterate(range: KeyRange): IterableIterator<Entry>;
}

/** One store. Keys are 1 to {@link MAX_KEY_BYTES} bytes, values at least 0 bytes; anything else is a {@link StoreKeyError}. */
export interface KvStore extends ReadonlyKvStore {
  set(key: ByteString, value: Uint8Array): void;
  /** Does nothing when the key is absent. */
  delete(key: ByteString): void;
}

/** LMDB's limit for a key. Every layer keeps to it, so that what one layer took another never refuses. */
export const MAX_KEY_BYTES = 1978;

/** Stores by name, as one height or one branch sees them. */
export interface ReadonlyMultiStore {
  /** Throws when no store has the name. */
  store(name: string): ReadonlyKvStore;
}

export interface MultiStore extends ReadonlyMultiStore {
  store(name: string): KvStore;
  /** A branch above this one: it sees what this one holds, and its writes stay in it until {@link BranchStore.write}. */
  branch(): BranchStore;
}

/** A branch that is written to what it was made from, or dropped by forgetting it. */
export interface BranchStore extends MultiStore {
  /** Hands the changes down, each key's last one, and leaves the branch empty. */
  write(): void;
}

/** A key that is empty, too long, or not made of bytes. A fault in module code: it never depends on what a user sends. */
export class StoreKeyError extends Error {
  override readonly name = "StoreKeyError";
}

export function checkKey(key: ByteString): void {
  if (key.length === 0 || key.length > MAX_KEY_BYTES) {
    throw new StoreKeyError(`a key has 1 to ${MAX_KEY_BYTES} bytes, not ${key.length}`);
  }
}
