import type { ByteString } from "../bytes.js";
import { compareBytes } from "../bytes.js";
import type { BranchStore, Entry, KeyRange, KvStore, MultiStore, ReadonlyKvStore, ReadonlyMultiStore } from "./kv.js";
import { checkKey } from "./kv.js";
import { SortedKeys } from "./sorted-keys.js";

/** The last write of each key: its value, or undefined when it was deleted. */
export type Changes = Map<ByteString, Uint8Array | undefined>;

/** Writes held above a parent that is only read until they are handed down. */
export class CacheKvStore implements KvStore {
  readonly #parent: ReadonlyKvStore;
  readonly #changes: Changes = new Map();
  readonly #keys = new SortedKeys();

  constructor(parent: ReadonlyKvStore) {
    this.#parent = parent;
  }

  get(key: ByteString): Uint8Array | undefined {
    const value = this.#changes.get(key);
    if (value !== undefined || this.#changes.has(key)) return value;
    return this.#parent.get(key);
  }

  has(key: ByteString): boolean {
    if (this.#changes.has(key)) return this.#changes.get(key) !== undefined;
    return this.#parent.has(key);
  }

  set(key: ByteString, value: Uint8Array): void {
    checkKey(key);
    if (!this.#changes.has(key)) this.#keys.add(key);
    this.#changes.set(key, value);
  }

  delete(key: ByteString): void {
    checkKey(key);
    if (!this.#changes.has(key)) this.#keys.add(key);
    this.#changes.set(key, undefined);
  }

  *iterate(range: KeyRange): IterableIterator<Entry> {
    const reverse = range.reverse === true;
    const own = this.#keys.walk(range);
    const parent = this.#parent.iterate(range);
    let ownNext = own.next();
    let next = parent.next();
    // Merge two sorted runs; where both have a key, ours decides.
    while (ownNext.done !== true || next.done !== true) {
      const ownKey = ownNext.done === true ? undefined : ownNext.value;
      const parentKey = next.done === true ? undefined : next.value[0];
      const order =
        ownKey === undefined ? 1 : parentKey === undefined ? -1 : compareBytes(ownKey, parentKey) * (reverse ? -1 : 1);
      if (order <= 0 && ownKey !== undefined) {
        ownNext = own.next();
        if (order === 0) next = parent.next();
        const value = this.#changes.get(ownKey);
        if (value !== undefined) yield [ownKey, value];
      } else if (next.done !== true) {
        const entry = next.value;
        next = parent.next();
        // It may have been written or deleted here since the walk began.
        const value = this.#changes.has(entry[0]) ? this.#changes.get(entry[0]) : entry[1];
        if (value !== undefined) yield [entry[0], value];
      }
    }
  }

  /** The changes in byte order of their keys. */
  listChanges(): [ByteString, Uint8Array | undefined][] {
    return [...this.#changes].sort(([a], [b]) => compareBytes(a, b));
  }

  /** {@link listChanges}; the store is empty afterwards. */
  takeChanges(): [ByteString, Uint8Array | undefined][] {
    const changes = this.listChanges();
    this.#changes.clear();
    this.#keys.clear();
    return changes;
  }

  writeTo(target: KvStore): void {
    for (const [key, value] of this.takeChanges()) {
      if (value === undefined) target.delete(key);
      else target.set(key, value);
    }
  }
}

/** Changes to several stores above a parent of which only the views are read. */
export class CacheMultiStore implements MultiStore {
  readonly #parent: ReadonlyMultiStore;
  protected readonly stores = new Map<string, CacheKvStore>();

  constructor(parent: ReadonlyMultiStore) {
    this.#parent = parent;
  }

  store(name: string): CacheKvStore {
    let store = this.stores.get(name);
    if (store === undefined) {
      store = new CacheKvStore(this.#parent.store(name));
      this.stores.set(name, store);
    }
    return store;
  }

  branch(): BranchStore {
    return new Branch(this);
  }

  /** What was changed, by store name and key, both in byte order. */
  listChanges(): Map<string, [ByteString, Uint8Array | undefined][]> {
    const listed = this.#sortedStores().map(([name, store]) => [name, store.listChanges()] as const);
    return new Map(listed.filter(([, changes]) => changes.length > 0));
  }

  /** {@link listChanges}; the cache is empty afterwards. */
  takeChanges(): Map<string, [ByteString, Uint8Array | undefined][]> {
    const taken = this.listChanges();
    this.stores.clear();
    return taken;
  }

  #sortedStores(): [string, CacheKvStore][] {
    return [...this.stores].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  protected writeInto(target: MultiStore): void {
    for (const [name, store] of this.#sortedStores()) store.writeTo(target.store(name));
  }
}

class Branch extends CacheMultiStore implements BranchStore {
  readonly #target: MultiStore;

  constructor(target: MultiStore) {
    super(target);
    this.#target = target;
  }

  write(): void {
    this.writeInto(this.#target);
  }
}
