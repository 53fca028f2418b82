import type { ByteString } from "../../core/bytes.js";
import type { StateChanges } from "../../core/store/state-store.js";
import type { KeyRange, ReadonlyKvStore, ReadonlyMultiStore } from "../../core/store/kv.js";

/** Stands for a key that the state does not have. */
const ABSENT = new Uint8Array(0);
/** What an entry takes beside its key and value. */
const ENTRY_BYTES = 200;

/**
 * The latest values that were read, above the tree: what CheckTx reads the block reads again, and a look-up in a Map
 * costs a tenth of a walk down the tree. Changes only what reading costs: gas is charged above it.
 */
export class ReadCache implements ReadonlyMultiStore {
  readonly #latest: () => ReadonlyMultiStore;
  readonly #stores = new Map<string, CachedStore>();
  readonly #maxBytes: number;

  /** @param maxBytes Bound of all that is held, about. */
  constructor(latest: () => ReadonlyMultiStore, maxBytes: number) {
    this.#latest = latest;
    this.#maxBytes = maxBytes;
  }

  store(name: string): ReadonlyKvStore {
    let store = this.#stores.get(name);
    if (store === undefined) {
      // Two generations in each of a handful of stores share the bound; the hot stores fill it.
      store = new CachedStore(() => this.#latest().store(name), this.#maxBytes / 4);
      this.#stores.set(name, store);
    }
    return store;
  }

  /** What a commit has changed. */
  committed(changes: StateChanges): void {
    for (const [name, entries] of changes) this.#stores.get(name)?.committed(entries);
  }
}

class CachedStore implements ReadonlyKvStore {
  readonly #inner: () => ReadonlyKvStore;
  readonly #maxBytes: number;
  #young = new Map<ByteString, Uint8Array>();
  #old = new Map<ByteString, Uint8Array>();
  #youngBytes = 0;

  constructor(inner: () => ReadonlyKvStore, maxBytes: number) {
    this.#inner = inner;
    this.#maxBytes = maxBytes;
  }

  get(key: ByteString): Uint8Array | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young === ABSENT ? undefined : young;
    const value = this.#old.get(key) ?? this.#inner().get(key) ?? ABSENT;
    this.#keep(key, value);
    return value === ABSENT ? undefined : value;
  }

  has(key: ByteString): boolean {
    return this.get(key) !== undefined;
  }

  iterate(range: KeyRange): ReturnType<ReadonlyKvStore["iterate"]> {
    return this.#inner().iterate(range);
  }

  committed(entries: readonly (readonly [ByteString, Uint8Array | undefined])[]): void {
    for (const [key, value] of entries) this.#keep(key, value ?? ABSENT);
  }

  /** The newest generation has the last word; when it is full, the one before it goes. */
  #keep(key: ByteString, value: Uint8Array): void {
    this.#young.set(key, value);
    this.#youngBytes += key.length + value.length + ENTRY_BYTES;
    if (this.#youngBytes < this.#maxBytes) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}
