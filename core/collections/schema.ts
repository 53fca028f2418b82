import type { ByteString } from "../bytes.js";
import { byteStringToHex, utf8ToByteString } from "../bytes.js";
import { IndexedStateMap, StateIndex, StateItem, StateKeySet, StateMap, StateSequence } from "./collections.js";
import type { KeyCodec } from "./keys.js";
import type { ValueCodec } from "./values.js";

/** A prefix: one byte, or a text (its UTF-8). */
export type Prefix = number | string;

/** Two collections whose keys could collide, or a prefix that is none. Found at boot: a fault in module code. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

/**
 * The collections of one store. Each is declared once, with its prefix; a prefix that begins another one is refused, so
 * that no two collections ever share a key.
 */
export class Schema {
  readonly storeName: string;
  readonly #names = new Map<ByteString, string>();

  constructor(storeName: string) {
    this.storeName = storeName;
  }

  item<V>(prefix: Prefix, name: string, value: ValueCodec<V>): StateItem<V> {
    return new StateItem(this.storeName, this.#claim(prefix, name), value);
  }

  map<K, V>(prefix: Prefix, name: string, key: KeyCodec<K>, value: ValueCodec<V>): StateMap<K, V> {
    return new StateMap(this.storeName, this.#claim(prefix, name), key, value);
  }

  keySet<K>(prefix: Prefix, name: string, key: KeyCodec<K>): StateKeySet<K> {
    return new StateKeySet(this.storeName, this.#claim(prefix, name), key);
  }

  /** A counter that starts with `first`. */
  sequence(prefix: Prefix, name: string, first = 0n): StateSequence {
    return new StateSequence(this.storeName, this.#claim(prefix, name), first);
  }

  /** An index for {@link indexedMap}: where `of` returns undefined, the entry is not in it. */
  index<I, K, V>(
    prefix: Prefix,
    name: string,
    indexKey: KeyCodec<I>,
    primaryKey: KeyCodec<K>,
    of: (key: K, value: V) => I | undefined,
  ): StateIndex<I, K, V> {
    return new StateIndex(this.storeName, this.#claim(prefix, name), indexKey, primaryKey, of);
  }

  indexedMap<K, V>(
    prefix: Prefix,
    name: string,
    key: KeyCodec<K>,
    value: ValueCodec<V>,
    indexes: readonly Pick<StateIndex<never, K, V>, "update">[],
  ): IndexedStateMap<K, V> {
    return new IndexedStateMap(this.map(prefix, name, key, value), indexes);
  }

  /** Prefix → name of all that was declared, for documentation and tools. */
  collections(): ReadonlyMap<ByteString, string> {
    return this.#names;
  }

  #claim(prefix: Prefix, name: string): ByteString {
    if (typeof prefix === "number" && !(Number.isInteger(prefix) && prefix >= 0 && prefix <= 0xff)) {
      throw new SchemaError(`${this.storeName}/${name}: the prefix ${prefix} is no byte`);
    }
    const bytes = typeof prefix === "number" ? (String.fromCharCode(prefix) as ByteString) : utf8ToByteString(prefix);
    if (bytes.length === 0) throw new SchemaError(`${this.storeName}/${name}: the prefix is empty`);
    for (const [other, otherName] of this.#names) {
      if (other.startsWith(bytes) || bytes.startsWith(other)) {
        throw new SchemaError(
          `${this.storeName}: the prefixes of ${otherName} (${byteStringToHex(other)}) and ${name} (${byteStringToHex(bytes)}) overlap`,
        );
      }
    }
    this.#names.set(bytes, name);
    return bytes;
  }
}
