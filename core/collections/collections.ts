import type { ByteString } from "../bytes.js";
import { concatBytes, EMPTY_BYTES, prefixEnd } from "../bytes.js";
import type { KvStore, ReadonlyKvStore } from "../store/kv.js";
import type { KeyCodec } from "./keys.js";
import { noKey, pairKey } from "./keys.js";
import type { ValueCodec } from "./values.js";
import { noValue, u64Value } from "./values.js";

/** What a collection needs to be read; contexts are such. */
export interface StoreReader {
  store(name: string): ReadonlyKvStore;
}

/** What a collection needs to be written. */
export interface StoreWriter extends StoreReader {
  store(name: string): KvStore;
}

/** Where to walk in a collection. Every part is optional; bounds are of encoded keys without the collection's prefix. */
export interface Walk {
  /** Only keys that begin with this, as a codec's `prefix` makes it. */
  readonly prefix?: ByteString | undefined;
  /** First key, inclusive. */
  readonly start?: ByteString | undefined;
  /** Last key, exclusive. */
  readonly end?: ByteString | undefined;
  readonly reverse?: boolean | undefined;
}

/** Key → value under a prefix of one store. */
export class StateMap<K, V> {
  readonly storeName: string;
  readonly prefix: ByteString;
  readonly key: KeyCodec<K>;
  readonly value: ValueCodec<V>;
  /** The last two keys, without the prefix and with it. */
  #encoded: ByteString | undefined;
  #full = EMPTY_BYTES;
  #encodedBefore: ByteString | undefined;
  #fullBefore = EMPTY_BYTES;

  constructor(storeName: string, prefix: ByteString, key: KeyCodec<K>, value: ValueCodec<V>) {
    this.storeName = storeName;
    this.prefix = prefix;
    this.key = key;
    this.value = value;
  }

  /**
   * What is read is often read again, or written, by the next step: the key made then is the same text, whose hash is
   * known, and which a `Map` need not compare.
   */
  #fullKey(key: K): ByteString {
    const encoded = this.key.encode(key);
    if (encoded === this.#encoded) return this.#full;
    if (encoded === this.#encodedBefore) return this.#fullBefore;
    const full = (this.prefix + encoded) as ByteString;
    this.#encodedBefore = this.#encoded;
    this.#fullBefore = this.#full;
    this.#encoded = encoded;
    this.#full = full;
    return full;
  }

  get(ctx: StoreReader, key: K): V | undefined {
    const bytes = ctx.store(this.storeName).get(this.#fullKey(key));
    return bytes === undefined ? undefined : this.value.decode(bytes);
  }

  has(ctx: StoreReader, key: K): boolean {
    return ctx.store(this.storeName).has(this.#fullKey(key));
  }

  set(ctx: StoreWriter, key: K, value: V): void {
    ctx.store(this.storeName).set(this.#fullKey(key), this.value.encode(value));
  }

  remove(ctx: StoreWriter, key: K): void {
    ctx.store(this.storeName).delete(this.#fullKey(key));
  }

  *entries(ctx: StoreReader, walk: Walk = {}): IterableIterator<readonly [key: K, value: V]> {
    for (const [key, value] of this.rawEntries(ctx, walk)) yield [this.key.decode(key), this.value.decode(value)];
  }

  *keys(ctx: StoreReader, walk: Walk = {}): IterableIterator<K> {
    for (const [key] of this.rawEntries(ctx, walk)) yield this.key.decode(key);
  }

  /** Entries as they are in the store, keys without the collection's prefix. For pagination. */
  *rawEntries(ctx: StoreReader, walk: Walk = {}): IterableIterator<readonly [key: ByteString, value: Uint8Array]> {
    const under = concatBytes(this.prefix, walk.prefix ?? ("" as ByteString));
    const start = walk.start === undefined ? under : concatBytes(this.prefix, walk.start);
    const end = walk.end === undefined ? prefixEnd(under) : concatBytes(this.prefix, walk.end);
    const range = { start: start < under ? under : start, end, reverse: walk.reverse };
    for (const [key, value] of ctx.store(this.storeName).iterate(range)) {
      yield [key.slice(this.prefix.length) as ByteString, value];
    }
  }
}

/** One value under a prefix. */
export class StateItem<V> {
  readonly #map: StateMap<undefined, V>;

  constructor(storeName: string, prefix: ByteString, value: ValueCodec<V>) {
    this.#map = new StateMap(storeName, prefix, noKey, value);
  }

  get(ctx: StoreReader): V | undefined {
    return this.#map.get(ctx, undefined);
  }

  set(ctx: StoreWriter, value: V): void {
    this.#map.set(ctx, undefined, value);
  }

  remove(ctx: StoreWriter): void {
    this.#map.remove(ctx, undefined);
  }
}

/** Keys without values under a prefix. */
export class StateKeySet<K> {
  readonly map: StateMap<K, undefined>;

  constructor(storeName: string, prefix: ByteString, key: KeyCodec<K>) {
    this.map = new StateMap(storeName, prefix, key, noValue);
  }

  has(ctx: StoreReader, key: K): boolean {
    return this.map.has(ctx, key);
  }

  add(ctx: StoreWriter, key: K): void {
    this.map.set(ctx, key, undefined);
  }

  remove(ctx: StoreWriter, key: K): void {
    this.map.remove(ctx, key);
  }

  keys(ctx: StoreReader, walk: Walk = {}): IterableIterator<K> {
    return this.map.keys(ctx, walk);
  }
}

/** A counter under a prefix. */
export class StateSequence {
  readonly #item: StateItem<bigint>;
  readonly #first: bigint;

  constructor(storeName: string, prefix: ByteString, first: bigint) {
    this.#item = new StateItem(storeName, prefix, u64Value);
    this.#first = first;
  }

  /** The number that {@link next} will return. */
  peek(ctx: StoreReader): bigint {
    return this.#item.get(ctx) ?? this.#first;
  }

  next(ctx: StoreWriter): bigint {
    const value = this.peek(ctx);
    this.#item.set(ctx, value + 1n);
    return value;
  }

  set(ctx: StoreWriter, value: bigint): void {
    this.#item.set(ctx, value);
  }
}

/** An index of an {@link IndexedStateMap}: index key and primary key, so that several entries may share an index key. */
export class StateIndex<I, K, V> {
  readonly refs: StateKeySet<readonly [I, K]>;
  readonly #indexKey: KeyCodec<I>;
  readonly #of: (key: K, value: V) => I | undefined;

  constructor(
    storeName: string,
    prefix: ByteString,
    indexKey: KeyCodec<I>,
    primaryKey: KeyCodec<K>,
    of: (key: K, value: V) => I | undefined,
  ) {
    this.refs = new StateKeySet(storeName, prefix, pairKey(indexKey, primaryKey));
    this.#indexKey = indexKey;
    this.#of = of;
  }

  /** Moves the entry of `key` from where the old value put it to where the new one does. */
  update(ctx: StoreWriter, key: K, before: V | undefined, after: V | undefined): void {
    const from = before === undefined ? undefined : this.#of(key, before);
    const to = after === undefined ? undefined : this.#of(key, after);
    const fromBytes = from === undefined ? undefined : this.#indexKey.encodeNonTerminal(from);
    const toBytes = to === undefined ? undefined : this.#indexKey.encodeNonTerminal(to);
    if (fromBytes === toBytes) return;
    if (from !== undefined) this.refs.remove(ctx, [from, key]);
    if (to !== undefined) this.refs.add(ctx, [to, key]);
  }

  /** What the references of one index key begin with; a walk's `prefix`. */
  prefix(indexKey: I): ByteString {
    return this.#indexKey.encodeNonTerminal(indexKey);
  }

  /** Primary keys of an index key, in their order. */
  *keysOf(ctx: StoreReader, indexKey: I, options: { readonly reverse?: boolean } = {}): IterableIterator<K> {
    for (const [, key] of this.refs.keys(ctx, { prefix: this.prefix(indexKey), reverse: options.reverse })) yield key;
  }
}

/** A map whose indexes follow every write. */
export class IndexedStateMap<K, V> {
  readonly map: StateMap<K, V>;
  readonly #indexes: readonly Pick<StateIndex<never, K, V>, "update">[];

  constructor(map: StateMap<K, V>, indexes: readonly Pick<StateIndex<never, K, V>, "update">[]) {
    this.map = map;
    this.#indexes = indexes;
  }

  get(ctx: StoreReader, key: K): V | undefined {
    return this.map.get(ctx, key);
  }

  has(ctx: StoreReader, key: K): boolean {
    return this.map.has(ctx, key);
  }

  set(ctx: StoreWriter, key: K, value: V): void {
    const before = this.map.get(ctx, key);
    for (const index of this.#indexes) index.update(ctx, key, before, value);
    this.map.set(ctx, key, value);
  }

  remove(ctx: StoreWriter, key: K): void {
    const before = this.map.get(ctx, key);
    if (before === undefined) return;
    for (const index of this.#indexes) index.update(ctx, key, before, undefined);
    this.map.remove(ctx, key);
  }

  entries(ctx: StoreReader, walk: Walk = {}): IterableIterator<readonly [key: K, value: V]> {
    return this.map.entries(ctx, walk);
  }
}
