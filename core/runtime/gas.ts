import { ErrOutOfGas } from "../errors.js";
import type { ByteString } from "../bytes.js";
import type { Entry, KeyRange, KvStore, ReadonlyKvStore } from "../store/kv.js";

/**
 * Counts what a transaction uses. Amounts are integers in the safe range of a number: a limit above it is
 * as good as none, and nothing that runs in a block can use that much.
 */
export class GasMeter {
  readonly limit: number;
  #used = 0;

  private constructor(limit: number) {
    this.limit = limit;
  }

  static limited(limit: bigint): GasMeter {
    return new GasMeter(limit > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(limit));
  }

  static unlimited(): GasMeter {
    return new GasMeter(Number.MAX_SAFE_INTEGER);
  }

  get used(): number {
    return this.#used;
  }

  get isLimited(): boolean {
    return this.limit !== Number.MAX_SAFE_INTEGER;
  }

  /** Adds to what is used. Throws `sdk` 11 (out of gas) once that is above the limit; it stays counted. */
  consume(amount: number, descriptor: string): void {
    this.#used += amount;
    if (this.#used > this.limit) {
      throw ErrOutOfGas.with(`out of gas in location: ${descriptor}; gasWanted: ${this.limit}, gasUsed: ${this.#used}`);
    }
  }
}

/** What store operations cost; the values of cosmossdk.io/store/types.KVGasConfig, to which clients are tuned. */
export const STORE_GAS = {
  has: 1000,
  delete: 1000,
  readFlat: 1000,
  readPerByte: 3,
  writeFlat: 2000,
  writePerByte: 30,
  iterateNextFlat: 30,
} as const;

/** A read-only store whose use is charged to a meter. */
export class GasReadonlyKvStore implements ReadonlyKvStore {
  readonly #inner: ReadonlyKvStore;
  protected readonly meter: GasMeter;

  constructor(inner: ReadonlyKvStore, meter: GasMeter) {
    this.#inner = inner;
    this.meter = meter;
  }

  get(key: ByteString): Uint8Array | undefined {
    this.meter.consume(STORE_GAS.readFlat, "ReadFlat");
    const value = this.#inner.get(key);
    this.meter.consume(STORE_GAS.readPerByte * (key.length + (value?.length ?? 0)), "ReadPerByte");
    return value;
  }

  has(key: ByteString): boolean {
    this.meter.consume(STORE_GAS.has, "Has");
    return this.#inner.has(key);
  }

  *iterate(range: KeyRange): IterableIterator<Entry> {
    for (const entry of this.#inner.iterate(range)) {
      this.meter.consume(STORE_GAS.readPerByte * (entry[0].length + entry[1].length), "ReadPerByte");
      this.meter.consume(STORE_GAS.iterateNextFlat, "IterNextFlat");
      yield entry;
    }
  }
}

/** A store whose use is charged to a meter. */
export class GasKvStore extends GasReadonlyKvStore implements KvStore {
  readonly #writable: KvStore;

  constructor(inner: KvStore, meter: GasMeter) {
    super(inner, meter);
    this.#writable = inner;
  }

  set(key: ByteString, value: Uint8Array): void {
    this.meter.consume(STORE_GAS.writeFlat, "WriteFlat");
    this.meter.consume(STORE_GAS.writePerByte * (key.length + value.length), "WritePerByte");
    this.#writable.set(key, value);
  }

  delete(key: ByteString): void {
    this.meter.consume(STORE_GAS.delete, "Delete");
    this.#writable.delete(key);
  }
}
