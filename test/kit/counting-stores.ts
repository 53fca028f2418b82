import type { ByteString } from "../../core/bytes.js";
import type { BranchStore, Entry, KeyRange, KvStore, MultiStore } from "../../core/store/kv.js";

/** How often stores were asked, in whatever branch. */
export interface StoreOperations {
  /** `get` and `has`. */
  reads: number;
  /** Entries that walks have yielded. */
  walked: number;
  /** `set` and `delete`. */
  writes: number;
}

export function noOperations(): StoreOperations {
  return { reads: 0, walked: 0, writes: 0 };
}

/** Stores that count what is asked of them. Handing a branch down is not counted again. */
export class CountingStores implements MultiStore {
  readonly #inner: MultiStore;
  protected readonly counted: StoreOperations;

  constructor(inner: MultiStore, counted: StoreOperations) {
    this.#inner = inner;
    this.counted = counted;
  }

  store(name: string): KvStore {
    return new CountingStore(this.#inner.store(name), this.counted);
  }

  branch(): BranchStore {
    return new CountingBranch(this.#inner.branch(), this.counted);
  }
}

class CountingBranch extends CountingStores implements BranchStore {
  readonly #branch: BranchStore;

  constructor(branch: BranchStore, counted: StoreOperations) {
    super(branch, counted);
    this.#branch = branch;
  }

  write(): void {
    this.#branch.write();
  }
}

class CountingStore implements KvStore {
  readonly #inner: KvStore;
  readonly #counted: StoreOperations;

  constructor(inner: KvStore, counted: StoreOperations) {
    this.#inner = inner;
    this.#counted = counted;
  }

  get(key: ByteString): Uint8Array | undefined {
    this.#counted.reads++;
    return this.#inner.get(key);
  }

  has(key: ByteString): boolean {
    this.#counted.reads++;
    return this.#inner.has(key);
  }

  *iterate(range: KeyRange): IterableIterator<Entry> {
    for (const entry of this.#inner.iterate(range)) {
      this.#counted.walked++;
      yield entry;
    }
  }

  set(key: ByteString, value: Uint8Array): void {
    this.#counted.writes++;
    this.#inner.set(key, value);
  }

  delete(key: ByteString): void {
    this.#counted.writes++;
    this.#inner.delete(key);
  }
}
