import type { ByteString } from "../bytes.js";
import { fromByteString, toByteString, utf8ToByteString } from "../bytes.js";
import type { CommitRecord, RootRecord } from "./commit-record.js";
import { encodeCommit } from "./commit-record.js";
import type { Status } from "./database.js";
import { chunkKey, Database, EMPTY_STATUS, storeKey, versionKey } from "./database.js";
import { CorruptDatabase, HeightNotKept, UnknownStore } from "./errors.js";
import type { StateProof } from "./history.js";
import { History, metaText } from "./history.js";
import type { Entry, KeyRange, ReadonlyKvStore, ReadonlyMultiStore } from "./kv.js";
import { checkKey } from "./kv.js";
import { multiStoreHash } from "./multistore-hash.js";
import { MissingNode, NodeReader } from "./node-reader.js";
import type { PruningOptions } from "./pruning.js";
import { isPruning, PRUNING, pruneSlice, pruneTarget } from "./pruning.js";
import type { RestoreTarget } from "./snapshot/restore.js";
import { SnapshotRestore } from "./snapshot/restore.js";
import { NONE } from "./tree/arena.js";
import { TreeEdit } from "./tree/edit.js";
import { LiveTrees } from "./tree/live.js";
import { EMPTY_HASH } from "./tree/node-codec.js";
import type { OrphanList } from "./tree/orphans.js";
import { ChunkBuffer, numberAndHash } from "./tree/seal.js";
import type { VerifyReport } from "./verify.js";
import { verifyDatabase } from "./verify.js";

export interface StateStoreOptions {
  /** A folder of its own: it holds `data.mdb` and `lock.mdb`. */
  readonly path: string;
  /** The stores that the app hash covers from the next height on. */
  readonly storeNames: readonly string[];
  /** Bound on the memory for nodes and values of the latest state. A block under way may go above it. */
  readonly cacheBytes?: number | undefined;
  readonly pruning?: PruningOptions | undefined;
  /** After a power cut: go back to the last commit that is known to be on the disk. */
  readonly safeRestore?: boolean | undefined;
}

const DEFAULT_CACHE_BYTES = 512 << 20;
/** Dead nodes that a commit handles itself; the rest waits for {@link StateStore.prune} between commits. */
const PRUNED_PER_COMMIT = 500;
/** A write transaction costs several milliseconds however little it does; marking this many nodes about ten. */
const PRUNED_PER_SLICE = 8_000;
/** Nodes that the cache's hand passes after a commit at most, unless the commit itself brought more. */
const EVICTION_STEPS = 50_000;

/** The changes of a block: for each store its writes in the order in which they are to be applied; undefined deletes. */
export type StateChanges = ReadonlyMap<string, readonly (readonly [ByteString, Uint8Array | undefined])[]>;

export interface PrepareOptions {
  /** The height; by default the next. The first may be any: that is how a chain with an initial height begins. */
  readonly version?: number | undefined;
  /** Text that is kept with the height and read back by {@link StateStore.meta}. */
  readonly meta?: string | undefined;
}

export interface Prepared {
  readonly version: number;
  readonly appHash: Uint8Array;
}

/** One store's part in a block that is prepared but not committed. */
interface PreparedTree {
  readonly store: number;
  readonly root: number;
  readonly created: readonly number[];
  readonly orphans: OrphanList;
  readonly orphanSlots: readonly number[];
  /** Where in the chunk buffer each of its chunks begins, and the end of the last; undefined until they are encoded. */
  bounds: readonly number[] | undefined;
}

interface PreparedBlock extends Prepared {
  readonly trees: readonly PreparedTree[];
  readonly commit: CommitRecord;
}

/**
 * The state: versioned trees in one LMDB environment, with the latest version (partly) in memory. One thread owns it; others
 * read with ReadonlyStateStore. See docs/adr/001-state-layout.md.
 */
export class StateStore {
  readonly #database: Database;
  readonly #history: History;
  readonly #reader: NodeReader;
  readonly #live: LiveTrees;
  readonly #chunks = new ChunkBuffer();
  readonly #storeNames: readonly string[];
  /** Store numbers by name; new names get theirs when the store is opened and are written with the next commit. */
  readonly #numbers = new Map<string, number>();
  readonly #pruning: PruningOptions;
  readonly #pins = new Map<number, number>();
  readonly #views = new Map<string, ReadonlyKvStore>();
  #status: Status;
  #commit: CommitRecord | undefined;
  #prepared: PreparedBlock | undefined;
  #restore: SnapshotRestore | undefined;
  /** Whether the database may hold nodes that belong to no height yet. */
  #mayHoldRestored: boolean;
  #pruneScheduled = false;
  #isClosed = false;

  private constructor(database: Database, options: StateStoreOptions) {
    this.#database = database;
    this.#history = new History(database);
    this.#reader = new NodeReader(database);
    this.#live = new LiveTrees((store, node) => {
      try {
        return this.#reader.read(store, node);
      } catch (error) {
        throw error instanceof MissingNode ? new CorruptDatabase(error.message) : error;
      }
    }, options.cacheBytes ?? DEFAULT_CACHE_BYTES);
    this.#storeNames = [...options.storeNames].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.#pruning = options.pruning ?? PRUNING.default;
    this.#status = database.status();
    this.#mayHoldRestored = this.#status.latest === 0;
    for (const [number, name] of database.names().entries()) this.#numbers.set(name, number);
    for (const name of this.#storeNames) {
      if (!this.#numbers.has(name)) this.#numbers.set(name, this.#numbers.size);
    }
    this.#discardRestore();
    this.#loadLatest();
  }

  /**
   * Opens the state, or makes an empty one in an empty folder. Refuses before a byte is changed: ForeignDatabase for what
   * is not ours or of another layout, CorruptDatabase for what is damaged, StateNotWritten where there is no room.
   */
  static open(options: StateStoreOptions): StateStore {
    const names = new Set(options.storeNames);
    if (names.size !== options.storeNames.length || names.has("")) {
      throw new RangeError("store names are not empty and differ from each other");
    }
    const database = Database.open(options);
    try {
      return new StateStore(database, options);
    } catch (error) {
      void database.close();
      throw error;
    }
  }

  /** The last committed height, 0 before the first. */
  get version(): number {
    return this.#status.latest;
  }

  /** The app hash of the last committed height; of no stores at all before the first. */
  get appHash(): Uint8Array {
    return fromByteString(this.#commit?.appHash ?? EMPTY_HASH);
  }

  /** The lowest height that can be read, 0 before the first commit. */
  get earliestVersion(): number {
    return this.#status.earliest;
  }

  /** Stores of the last committed height, in byte order: those that its app hash covers. */
  get committedStores(): readonly string[] {
    const names = [...this.#numbers.keys()];
    return (this.#commit?.roots ?? []).map(({ store }) => names[store] as string);
  }

  /** What was given to `prepare` with the last committed height; undefined before the first. */
  get meta(): string | undefined {
    return this.#commit === undefined ? undefined : metaText(this.#commit);
  }

  /**
   * The state of the last committed height, whichever that is when it is read. It has the stores of that height too that
   * the program does not have any more: an upgrade may move what is in them.
   */
  latest(): ReadonlyMultiStore {
    return { store: (name) => this.#view(name) };
  }

  /**
   * Applies a block in memory and returns its app hash. Nothing is written, and the latest state stays what it was.
   * A second call replaces what the first prepared.
   */
  prepare(changes: StateChanges, { version, meta = "" }: PrepareOptions = {}): Prepared {
    this.discard();
    this.#discardRestore();
    const next = version ?? this.#status.latest + 1;
    const isNext = this.#status.latest === 0 ? next >= 1 : next === this.#status.latest + 1;
    if (!isNext || !Number.isSafeInteger(next) || next > 0xffff_ffff) {
      throw new RangeError(`height ${next} cannot follow ${this.#status.latest}`);
    }
    for (const name of changes.keys()) {
      if (!this.#storeNames.includes(name)) throw new UnknownStore(name);
    }
    this.#live.isHeld = true;
    const trees: PreparedTree[] = [];
    const roots: RootRecord[] = [];
    for (const name of this.#storeNames) {
      const store = this.#numbers.get(name) as number;
      const writes = changes.get(name);
      if (writes !== undefined && writes.length > 0) trees.push(this.#apply(store, writes, next));
      const last = trees.at(-1);
      roots.push(this.#rootRecord(store, last?.store === store ? last.root : (this.#live.roots[store] ?? NONE)));
    }
    const appHash = multiStoreHash(roots.map(({ hash }, i) => ({ name: this.#storeNames[i] as string, hash })));
    const commit = { appHash, roots, meta: utf8ToByteString(meta) };
    this.#prepared = { version: next, appHash: fromByteString(appHash), trees, commit };
    return { version: next, appHash: this.#prepared.appHash };
  }

  /**
   * Encodes what was prepared, which {@link commit} does otherwise: for whoever has nothing better to do between the two.
   * Does nothing when nothing is prepared.
   */
  encodePrepared(): void {
    for (const tree of this.#prepared?.trees ?? []) tree.bounds ??= this.#chunks.write(this.#live.arena, tree.created);
  }

  /** Forgets what was prepared. */
  discard(): void {
    for (const { created } of this.#prepared?.trees ?? []) {
      for (const slot of created) this.#live.arena.release(slot);
    }
    this.#prepared = undefined;
    this.#chunks.clear();
    this.#live.isHeld = false;
  }

  /**
   * Persists what was prepared, in one write transaction, and makes it the latest state. When it returns, every reader
   * sees the new height, and it survives the end of the process. Throws StateNotWritten when the disk does not take it:
   * the latest state stays what it was, and the store has to be closed and opened anew.
   */
  commit(): Prepared {
    const block = this.#prepared;
    if (block === undefined) throw new Error("nothing is prepared");
    this.encodePrepared();
    const status = this.#nextStatus(block.version);
    let prune = status.prune;
    this.#database.write(() => {
      this.#writeBlock(block);
      if (isPruning(prune, status.earliest)) {
        prune = pruneSlice(this.#database.tables, prune, status.earliest, PRUNED_PER_COMMIT);
      }
      this.#database.putMeta("status", { ...status, prune });
    });
    this.#status = { ...status, prune };
    this.#commit = block.commit;
    this.#prepared = undefined;
    this.#chunks.clear();
    let brought = 0;
    for (const { store, root, orphanSlots, created } of block.trees) {
      this.#live.publish(new Map([[store, root]]), orphanSlots);
      brought += created.length;
    }
    this.#live.isHeld = false;
    this.#live.evict(Math.max(EVICTION_STEPS, 4 * brought));
    this.#schedulePruning();
    return { version: block.version, appHash: block.appHash };
  }

  /** The state of a kept height, read from the database. Throws HeightNotKept. */
  at(height: number): ReadonlyMultiStore {
    return this.#history.at(height);
  }

  /** What was given to `prepare` with a kept height. Throws HeightNotKept. */
  metaAt(height: number): string {
    return metaText(this.#history.commit(height));
  }

  /** The value or absence of a key at a kept height, with its proof. Throws HeightNotKept, UnknownStore, EmptyTreeProof. */
  prove(storeName: string, key: ByteString, height: number): StateProof {
    return this.#history.prove(storeName, key, height);
  }

  /** Keeps a height and those above it from being pruned until the returned function is called. */
  pin(height: number): () => void {
    this.#history.commit(height);
    this.#pins.set(height, (this.#pins.get(height) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const count = (this.#pins.get(height) ?? 1) - 1;
      if (count === 0) this.#pins.delete(height);
      else this.#pins.set(height, count);
    };
  }

  /** One slice of pruning outside a commit; returns whether more is to be done. Runs by itself when the thread is idle. */
  prune(maxNodes = PRUNED_PER_SLICE): boolean {
    if (!isPruning(this.#status.prune, this.#status.earliest)) return false;
    let prune = this.#status.prune;
    this.#database.write(() => {
      prune = pruneSlice(this.#database.tables, prune, this.#status.earliest, maxNodes);
      this.#database.putMeta("status", { ...this.#status, prune });
    });
    this.#status = { ...this.#status, prune };
    return isPruning(prune, this.#status.earliest);
  }

  /**
   * Gives up the heights below one, whatever the pruning strategy; {@link prune} then removes their nodes. A height that is
   * pinned, and those above it, stay.
   */
  giveUpBelow(height: number): void {
    const { earliest, latest } = this.#status;
    const kept = Math.min(height, latest, ...this.#pins.keys());
    if (kept <= earliest) return;
    const status = { ...this.#status, earliest: kept };
    this.#database.write(() => this.#database.putMeta("status", status));
    this.#status = status;
  }

  /** Goes back to a kept height and deletes all above it. */
  rollback(height: number): void {
    this.discard();
    const { earliest, latest } = this.#status;
    if (!Number.isSafeInteger(height) || height < earliest || height > latest || height < 1) {
      throw new HeightNotKept(height, earliest, latest);
    }
    const { commits, nodes, orphans, dead } = this.#database.tables;
    const status = { ...this.#status, latest: height, rollbacks: this.#status.rollbacks + 1 };
    this.#database.write(() => {
      for (const table of [commits, nodes, orphans, dead]) {
        const keys = [...table.getKeys({ start: versionKey(height + 1) })].map((key) => Buffer.from(key));
        for (const key of keys) table.removeSync(key);
      }
      this.#database.putMeta("status", status);
    });
    this.#status = status;
    this.#live.clear();
    this.#reader.clear();
    this.#loadLatest();
  }

  /**
   * Begins to restore a snapshot, anew when another one was under way. Only while nothing is committed: a state that is
   * there is never replaced.
   */
  beginRestore(target: RestoreTarget): SnapshotRestore {
    if (this.#status.latest > 0) throw new Error(`height ${this.#status.latest} is committed: nothing can be restored`);
    this.discard();
    this.#discardRestore();
    this.#mayHoldRestored = true;
    const restore: SnapshotRestore = new SnapshotRestore(
      {
        database: this.#database,
        storeNumber: (name) => (this.#storeNames.includes(name) ? this.#numbers.get(name) : undefined),
        isCurrent: () => this.#restore === restore,
        publish: (version, commit, writeNodes) => this.#publishRestored(version, commit, writeNodes),
      },
      target,
    );
    this.#restore = restore;
    return restore;
  }

  /** Reads all kept heights and checks every node and value against its hash. Throws CorruptDatabase. */
  verify(): VerifyReport {
    return verifyDatabase(this.#database);
  }

  /** Resolves when everything committed is on the disk. */
  flush(): Promise<void> {
    return this.#database.flush();
  }

  stats(): StateStats {
    return {
      ...this.#database.size(),
      cachedNodes: this.#live.arena.count,
      cachedBytes: this.#live.arena.bytes,
      isPruning: isPruning(this.#status.prune, this.#status.earliest),
      heightsToPrune: isPruning(this.#status.prune, this.#status.earliest)
        ? this.#status.earliest + 1 - Math.max(this.#status.prune.version, 1)
        : 0,
      // What a height alone needed is in the orphan list of the next one.
      prunedHeight: Math.max(0, this.#status.prune.version - 2),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#database.close();
  }

  /** Deletes what an interrupted restore left behind. */
  #discardRestore(): void {
    this.#restore = undefined;
    if (!this.#mayHoldRestored) return;
    this.#mayHoldRestored = false;
    const { nodes } = this.#database.tables;
    if ([...nodes.getKeys({ limit: 1 })].length > 0) nodes.clearSync();
  }

  #publishRestored(version: number, commit: CommitRecord, writeNodes: () => void): void {
    // Counted as a rollback: readers forget what they hold.
    const rollbacks = this.#status.rollbacks + 1;
    const status = { ...EMPTY_STATUS, latest: version, earliest: version, rollbacks };
    this.#database.write(() => {
      writeNodes();
      this.#database.tables.commits.putSync(versionKey(version), encodeCommit(commit));
      this.#database.putMeta("names", [...this.#numbers.keys()]);
      this.#database.putMeta("status", status);
    });
    this.#status = status;
    this.#restore = undefined;
    this.#mayHoldRestored = false;
    this.#reader.clear();
    this.#loadLatest();
  }

  #loadLatest(): void {
    this.#commit = this.#status.latest === 0 ? undefined : this.#history.commit(this.#status.latest);
    this.#requireAppHash();
    for (const number of this.#numbers.values()) {
      const root = this.#commit?.roots.find(({ store }) => store === number);
      this.#live.setRoot(number, root === undefined || root.version === 0 ? undefined : root);
    }
  }

  /** Before anybody compares the stores of the state with those that he knows: their names are in the app hash. */
  #requireAppHash(): void {
    if (this.#commit === undefined) return;
    const { roots, appHash } = this.#commit;
    const names = this.committedStores;
    const found = multiStoreHash(roots.map(({ hash }, i) => ({ name: names[i] ?? "", hash })));
    if (found === appHash) return;
    throw new CorruptDatabase(`names and roots of the stores do not come to the app hash of height ${this.version}`);
  }

  #view(name: string): ReadonlyKvStore {
    let view = this.#views.get(name);
    if (view === undefined) {
      const isKnown = this.#storeNames.includes(name) || this.committedStores.includes(name);
      const store = isKnown ? this.#numbers.get(name) : undefined;
      if (store === undefined) throw new UnknownStore(name);
      view = new LiveStore(this.#live, store);
      this.#views.set(name, view);
    }
    return view;
  }

  #apply(
    store: number,
    writes: readonly (readonly [ByteString, Uint8Array | undefined])[],
    version: number,
  ): PreparedTree {
    const { arena } = this.#live;
    const load = (slot: number): void => this.#live.loadChildren(store, slot);
    const edit = new TreeEdit(arena, this.#live.roots[store] ?? NONE, load);
    for (const [key, value] of writes) {
      checkKey(key);
      if (value === undefined) edit.delete(key);
      else edit.set(key, toByteString(value));
    }
    const created = numberAndHash(arena, edit.root, version);
    const { root, orphans, orphanSlots } = edit;
    return { store, root, created, orphans, orphanSlots, bounds: undefined };
  }

  #rootRecord(store: number, slot: number): RootRecord {
    if (slot === NONE) return { store, version: 0, nonce: 0, hash: EMPTY_HASH };
    const { arena } = this.#live;
    return {
      store,
      version: arena.version[slot] as number,
      nonce: arena.nonce[slot] as number,
      hash: toByteString(arena.hash(slot)),
    };
  }

  #nextStatus(version: number): Status {
    const { earliest, rollbacks, prune } = this.#status;
    let giveUp = pruneTarget(this.#pruning, version);
    for (const pinned of this.#pins.keys()) giveUp = Math.min(giveUp, pinned - 1);
    return { latest: version, earliest: earliest === 0 ? version : Math.max(earliest, giveUp + 1), rollbacks, prune };
  }

  #writeBlock({ version, trees, commit }: PreparedBlock): void {
    const { nodes, orphans, commits } = this.#database.tables;
    for (const tree of trees) {
      const { bounds = [] } = tree;
      for (let chunk = 0; chunk + 1 < bounds.length; chunk++) {
        const bytes = this.#chunks.view(bounds[chunk] as number, bounds[chunk + 1] as number);
        nodes.putSync(chunkKey(version, tree.store, chunk), bytes);
      }
      if (tree.orphans.count > 0) orphans.putSync(storeKey(version, tree.store), tree.orphans.encode());
    }
    commits.putSync(versionKey(version), encodeCommit(commit));
    if (this.#numbers.size !== this.#database.names().length)
      this.#database.putMeta("names", [...this.#numbers.keys()]);
  }

  #schedulePruning(): void {
    if (this.#pruneScheduled || !isPruning(this.#status.prune, this.#status.earliest)) return;
    this.#pruneScheduled = true;
    setImmediate(() => {
      this.#pruneScheduled = false;
      if (this.#isClosed) return;
      try {
        if (this.prune()) this.#schedulePruning();
      } catch {
        // A fault of the disk or the database. The next commit prunes from the same place; it meets it again and throws.
      }
    }).unref();
  }
}

export interface StateStats {
  readonly fileBytes: number;
  readonly freeBytes: number;
  /** Of the latest state, in memory. */
  readonly cachedNodes: number;
  readonly cachedBytes: number;
  readonly isPruning: boolean;
  /** Given up already, while what they alone needed is still in the file. */
  readonly heightsToPrune: number;
  /** Up to it everything that only given-up heights needed is deleted; 0 for none. */
  readonly prunedHeight: number;
}

class LiveStore implements ReadonlyKvStore {
  readonly #live: LiveTrees;
  readonly #store: number;

  constructor(live: LiveTrees, store: number) {
    this.#live = live;
    this.#store = store;
  }

  get(key: ByteString): Uint8Array | undefined {
    const value = this.#live.get(this.#store, key);
    return value === undefined ? undefined : fromByteString(value);
  }

  has(key: ByteString): boolean {
    return this.#live.get(this.#store, key) !== undefined;
  }

  iterate(range: KeyRange): IterableIterator<Entry> {
    return this.#live.iterate(this.#store, range);
  }
}
