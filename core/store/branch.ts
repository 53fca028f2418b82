import { ByName } from "../by-name.js";
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
  /** Made by the first write: most branches read stores that they never write to. */
  #changes: Changes | undefined;
  /** Keys of the changes in order; made by the first walk. */
  #keys: SortedKeys | undefined;

  constructor(parent: ReadonlyKvStore) {
    this.#parent = parent;
  }

  get(key: ByteString): Uint8Array | undefined {
    const changes = this.#changes;
    if (changes !== undefined) {
      const value = changes.get(key);
      if (value !== undefined || changes.has(key)) return value;
    }
    return this.#parent.get(key);
  }

  get isChanged(): boolean {
    return this.#changes !== undefined;
  }

  has(key: ByteString): boolean {
    if (this.#changes?.has(key) === true) return this.#changes.get(key) !== undefined;
    return this.#parent.has(key);
  }

  set(key: ByteString, value: Uint8Array): void {
    checkKey(key);
    this.#change(key, value);
  }

  delete(key: ByteString): void {
    checkKey(key);
    this.#change(key, undefined);
  }

  #change(key: ByteString, value: Uint8Array | undefined): void {
    const changes = (this.#changes ??= new Map());
    if (this.#keys !== undefined && !changes.has(key)) this.#keys.add(key);
    changes.set(key, value);
  }

  #sortedKeys(): SortedKeys {
    if (this.#keys === undefined) {
      this.#keys = new SortedKeys();
      if (this.#changes !== undefined) for (const key of this.#changes.keys()) this.#keys.add(key);
    }
    return this.#keys;
  }

  *iterate(range: KeyRange): IterableIterator<Entry> {
    const reverse = range.reverse === true;
    const own = this.#sortedKeys().walk(range);
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
        const value = this.#changes?.get(ownKey);
        if (value !== undefined) yield [ownKey, value];
      } else if (next.done !== true) {
        const entry = next.value;
        next = parent.next();
        // It may have been written or deleted here since the walk began.
        const value = this.#changes?.has(entry[0]) === true ? this.#changes.get(entry[0]) : entry[1];
        if (value !== undefined) yield [entry[0], value];
      }
    }
  }

  /** The changes in byte order of their keys. */
  listChanges(): [ByteString, Uint8Array | undefined][] {
    return this.#changes === undefined ? [] : [...this.#changes].sort(([a], [b]) => compareBytes(a, b));
  }

  /** {@link listChanges}; the store is empty afterwards. */
  takeChanges(): [ByteString, Uint8Array | undefined][] {
    const changes = this.listChanges();
    this.#clear();
    return changes;
  }

  /** Hands the changes down; the store is empty afterwards. */
  writeTo(target: KvStore): void {
    this.forEachChange((key, value) => {
      if (value === undefined) target.delete(key);
      else target.set(key, value);
    });
    this.#clear();
  }

  forEachChange(visit: (key: ByteString, value: Uint8Array | undefined) => void): void {
    this.#changes?.forEach((value, key) => visit(key, value));
  }

  #clear(): void {
    this.#changes = undefined;
    this.#keys?.clear();
  }
}

/** Changes to several stores above a parent of which only the views are read. */
export class CacheMultiStore implements MultiStore {
  readonly #parent: ReadonlyMultiStore;
  protected readonly stores = new ByName<CacheKvStore>();

  constructor(parent: ReadonlyMultiStore) {
    this.#parent = parent;
  }

  store(name: string): CacheKvStore {
    let store = this.stores.get(name);
    if (store === undefined) {
      store = new CacheKvStore(this.#parent.store(name));
      this.stores.add(name, store);
    }
    return store;
  }

  branch(): BranchStore {
    return new Branch(this);
  }

  /** What was changed, by store name and key, both in byte order. */
  listChanges(): Map<string, [ByteString, Uint8Array | undefined][]> {
    const listed = this.stores.sorted().map(([name, store]) => [name, store.listChanges()] as const);
    return new Map(listed.filter(([, changes]) => changes.length > 0));
  }

  /** {@link listChanges}; the cache is empty afterwards. */
  takeChanges(): Map<string, [ByteString, Uint8Array | undefined][]> {
    const taken = this.listChanges();
    this.stores.clear();
    return taken;
  }

  /** Tells every change, in no order: its store, its key, and the value or undefined where the key was deleted. */
  forEachChange(visit: (name: string, key: ByteString, value: Uint8Array | undefined) => void): void {
    this.stores.forEach((store, name) => store.forEachChange((key, value) => visit(name, key, value)));
  }

  /** In no order: what is written to keeps the last value of each key, and sorts when somebody looks. */
  protected writeInto(target: MultiStore): void {
    this.stores.forEach((store, name) => {
      if (store.isChanged) store.writeTo(target.store(name));
    });
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
