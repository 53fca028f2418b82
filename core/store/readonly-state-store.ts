import type { ByteString } from "../bytes.js";
import { Database } from "./database.js";
import type { StateProof } from "./history.js";
import { History, metaText } from "./history.js";
import type { ReadonlyMultiStore } from "./kv.js";
import type { SnapshotSource } from "./snapshot/take.js";
import { takeSnapshot } from "./snapshot/take.js";

/** A walk through everything gives older pages free so often: while it holds them, LMDB's file grows. */
const READS_PER_TRANSACTION = 2_000;

/**
 * Committed heights for a thread or process other than the one that owns the state. It sees each height as soon as the
 * owner's commit returns, and holds a read transaction no longer than one turn of its event loop.
 */
export class ReadonlyStateStore {
  readonly #database: Database;
  readonly #history: History;

  private constructor(database: Database) {
    this.#database = database;
    this.#history = new History(database);
  }

  /** Throws ForeignDatabase where there is no state yet. */
  static open({ path }: { path: string }): ReadonlyStateStore {
    return new ReadonlyStateStore(Database.open({ path, readOnly: true }));
  }

  /** The last committed height, 0 before the first. */
  get version(): number {
    return this.#history.heights().latest;
  }

  get earliestVersion(): number {
    return this.#history.heights().earliest;
  }

  /** Throws HeightNotKept. */
  at(height: number): ReadonlyMultiStore {
    return this.#history.at(height);
  }

  /** What the application kept with a height. Throws HeightNotKept. */
  metaAt(height: number): string {
    return metaText(this.#history.commit(height));
  }

  /** Throws HeightNotKept, UnknownStore, EmptyTreeProof. */
  prove(storeName: string, key: ByteString, height: number): StateProof {
    return this.#history.prove(storeName, key, height);
  }

  /**
   * Hands over the chunks of the snapshot of a height, the outline last (snapshot/README.md). The height must be pinned by
   * the owner of the state, or may be pruned meanwhile. Reads in many short transactions.
   *
   * @throws HeightNotKept, SnapshotTooLarge
   */
  takeSnapshot(height: number, emit: (index: number, chunk: Buffer) => void, targetBytes?: number): void {
    const reader = this.#history.reader(height);
    let reads = 0;
    const read: SnapshotSource["read"] = (store, ref) => {
      if (++reads % READS_PER_TRANSACTION === 0) this.#database.refresh();
      return reader.read(store, ref);
    };
    takeSnapshot({ height, commit: reader.commit, storeName: reader.storeName, read }, emit, targetBytes);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
