import type { ByteString } from "../../core/bytes.js";
import type { BlockInfo } from "../../core/runtime/context.js";
import type { Entry, KeyRange, ReadonlyKvStore, ReadonlyMultiStore } from "../../core/store/kv.js";
import type { ForeseenBlock } from "./foreseen-block.js";
import { StoreEntries } from "./store-entries.js";

/** What a transaction read is remembered up to here; one that reads more is executed in its block alone. */
const MAX_READS = 512;
/** How many of the first reads are looked through for one that comes again. */
const SEARCHED = 12;

/** Lets a transaction read a state, and remembers what it saw. */
export class Reads implements ReadonlyMultiStore {
  readonly #stores: ReadonlyMultiStore;
  readonly #block: ForeseenBlock;
  readonly #entries = new StoreEntries();
  #walked = false;

  constructor(stores: ReadonlyMultiStore, block: ForeseenBlock) {
    this.#stores = stores;
    this.#block = block;
  }

  /** What it saw, when it is through; undefined when there can be no block in which all is as it was found. */
  seen(): Seen | undefined {
    if (this.#walked || this.#block.wasGuessed || this.#entries.length > MAX_READS) return undefined;
    this.#entries.close();
    return new Seen(this.#block, this.#entries);
  }

  store(name: string): ReadonlyKvStore {
    const inner = this.#stores.store(name);
    const get = (key: ByteString): Uint8Array | undefined => {
      const value = inner.get(key);
      // Parameters are read by one step after the other; the first value of a key counts, what follows are own writes or the same.
      if (this.#entries.length <= MAX_READS && !this.#entries.hasAmong(SEARCHED, name, key)) {
        this.#entries.add(name, key, value);
      }
      return value;
    };
    return {
      get,
      has: (key) => get(key) !== undefined,
      iterate: (range: KeyRange): IterableIterator<Entry> => {
        this.#walked = true;
        return inner.iterate(range);
      },
    };
  }
}

/** What a transaction saw of a block and a state; nothing else of these is kept. */
export class Seen {
  readonly #chainId: string;
  /** Undefined where it does not matter. */
  readonly #height: bigint | undefined;
  readonly #entries: StoreEntries;

  constructor({ chainId, dependsOnHeight, known }: ForeseenBlock, entries: StoreEntries) {
    this.#chainId = chainId;
    this.#height = dependsOnHeight ? known : undefined;
    this.#entries = entries;
  }

  /** Whether a block and its state are, to the transaction, the ones that it saw. */
  holdsIn(block: Pick<BlockInfo, "chainId" | "height">, stores: ReadonlyMultiStore): boolean {
    if (block.chainId !== this.#chainId || (this.#height !== undefined && block.height !== this.#height)) return false;
    return this.#entries.every((name, key, value) => sameValue(stores.store(name).get(key), value));
  }
}

function sameValue(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
