import {
  byteStringToHex,
  compareBytes,
  fromByteString,
  hexToByteString,
  toByteString,
  utf8ToByteString,
} from "../bytes.js";
import type { ByteString } from "../bytes.js";
import type { Tables, VersionRecord } from "./database.js";
import { DatabaseError, openTables } from "./database.js";
import type { Entry, KeyRange, ReadonlyKvStore, ReadonlyMultiStore } from "./kv.js";
import type { Slot } from "./merkle/arena.js";
import { NO_NODE } from "./merkle/arena.js";
import { evictColdNodes } from "./merkle/evict.js";
import { getValue, iterateEntries } from "./merkle/tree.js";
import { TreeDraft } from "./merkle/writer.js";
import type { PruningOptions } from "./pruning.js";
import { Pruner } from "./pruning.js";
import { CHUNK_NODES, chunkKey, encodeChunk, encodeOrphans, versionKey } from "./records.js";
import { orphansKey } from "./pruning.js";
import { simpleMerkleRoot } from "./simple-merkle.js";
import { StoreNodes, rootHash, rootRecord } from "./tree-source.js";

export interface StateStoreOptions {
  /** Folder of the database; made when it is not there. */
  readonly path: string;
  readonly storeNames: readonly string[];
  /** Bound of the nodes in memory. What does not fit is read again when it is used. */
  readonly cacheBytes: number;
  readonly pruning: PruningOptions;
  /** After a power cut, go back to the last version that had reached the disk. */
  readonly safeRestore?: boolean;
}

/** Sorted changes by store name; undefined deletes. */
export type ChangeSet = ReadonlyMap<string, readonly (readonly [key: ByteString, value: Uint8Array | undefined])[]>;

interface Prepared {
  readonly version: number;
  readonly drafts: ReadonlyMap<string, TreeDraft>;
  readonly record: VersionRecord;
  readonly appHash: ByteString;
}

interface Tree {
  readonly id: number;
  readonly nodes: StoreNodes;
  root: Slot;
}

/**
 * The committed state of the chain: one IAVL v1 tree a store, all versions in one LMDB environment (docs/adr/001).
 * `prepare` computes the next version in memory, `commit` writes it in one transaction; a crash between or during them
 * leaves the version before.
 */
export class StateStore {
  readonly #tables: Tables;
  readonly #trees = new Map<string, Tree>();
  readonly #pruner: Pruner;
  readonly #cacheBytes: number;
  #version: number;
  #record: VersionRecord | undefined;
  #prepared: Prepared | undefined;

  private constructor(tables: Tables, options: StateStoreOptions) {
    this.#tables = tables;
    this.#cacheBytes = options.cacheBytes;
    const latest = readLatest(tables);
    this.#version = latest?.version ?? 0;
    this.#record = latest?.record;
    for (const [name, id] of storeIds(tables, options.storeNames, this.#version > 0)) {
      const nodes = new StoreNodes(tables, name, id);
      nodes.source.epoch = this.#version;
      this.#trees.set(name, { id, nodes, root: nodes.rootSlot(this.#record?.roots[name]) });
    }
    this.#pruner = new Pruner(tables, options.pruning);
  }

  /** Opens the database, or makes it. Throws {@link DatabaseError} before anything is written when it does not fit. */
  static open(options: StateStoreOptions): StateStore {
    const tables = openTables({ path: options.path, readOnly: false, safeRestore: options.safeRestore ?? false });
    try {
      return new StateStore(tables, options);
    } catch (error) {
      void tables.root.close();
      throw error;
    }
  }

  /** Last committed version; 0 when there is none. */
  get version(): number {
    return this.#version;
  }

  /** First version that can still be read. */
  get earliestVersion(): number {
    return this.#pruner.earliest;
  }

  /** App hash of the last committed version; before the first one that of empty stores. */
  get appHash(): Uint8Array {
    if (this.#record !== undefined) return Buffer.from(this.#record.appHash, "hex");
    return fromByteString(simpleMerkleRoot(this.#rootHashes()));
  }

  /** What was given to `prepare` with the last committed version. */
  get meta(): string | undefined {
    return this.#record?.meta;
  }

  /** The last committed version. A view stays valid until the next commit. */
  latest(): ReadonlyMultiStore {
    return { store: (name) => new LatestStore(this.#tree(name)) };
  }

  /**
   * Computes the next version in memory and returns its app hash. Nothing is written; a former preparation is forgotten.
   *
   * @throws RangeError when the version does not follow the last one. The first version may be any (a chain's initial height).
   */
  prepare(
    changes: ChangeSet,
    options: { readonly version: number; readonly meta: string },
  ): { readonly appHash: Uint8Array } {
    const { version, meta } = options;
    if (this.#version !== 0 ? version !== this.#version + 1 : version < 1) {
      throw new RangeError(`version ${version} cannot follow version ${this.#version}`);
    }
    this.discard();
    const drafts = new Map<string, TreeDraft>();
    const hashes = this.#rootHashes();
    const roots: Record<string, VersionRecord["roots"][string]> = { ...this.#record?.roots };
    for (const [name, entries] of changes) {
      const tree = this.#tree(name);
      tree.nodes.source.epoch = version;
      const draft = new TreeDraft(tree.nodes.source, tree.root, version);
      drafts.set(name, draft);
      for (const [key, value] of entries) {
        if (value === undefined) draft.remove(key);
        else draft.set(key, toByteString(value));
      }
      hashes.set(name, draft.hash());
      roots[name] = rootRecord(tree.nodes.arena, draft.root);
    }
    const appHash = simpleMerkleRoot(hashes);
    this.#prepared = { version, drafts, appHash, record: { appHash: byteStringToHex(appHash), roots, meta } };
    return { appHash: fromByteString(appHash) };
  }

  /** Writes what was prepared, in one transaction. It is the committed version when this returns. */
  commit(): void {
    const prepared = this.#prepared;
    if (prepared === undefined) throw new Error("nothing was prepared");
    const { version, drafts, record } = prepared;
    const { root, nodes, versions, orphans } = this.#tables;
    root.transactionSync(() => {
      for (const [name, draft] of drafts) {
        const { id, nodes: store } = this.#tree(name);
        const { written } = draft;
        for (let chunk = 0; chunk * CHUNK_NODES < written.length; chunk++) {
          const slots = written.slice(chunk * CHUNK_NODES, (chunk + 1) * CHUNK_NODES);
          nodes.putSync(chunkKey(version, id, chunk), encodeChunk(store.arena, slots));
        }
        const gone = draft.orphans();
        if (gone.length > 0) orphans.putSync(orphansKey(version, id), encodeOrphans(gone));
      }
      versions.putSync(versionKey(version), Buffer.from(JSON.stringify(record), "utf8"));
      this.#pruner.slice(version);
    });
    for (const [name, draft] of drafts) {
      const tree = this.#tree(name);
      draft.accept();
      tree.root = draft.root;
    }
    this.#version = version;
    this.#record = record;
    this.#prepared = undefined;
    this.#evict();
  }

  /** Forgets what was prepared. */
  discard(): void {
    if (this.#prepared === undefined) return;
    for (const draft of this.#prepared.drafts.values()) draft.discard();
    this.#prepared = undefined;
  }

  /** Waits until all that was committed is on the disk. */
  async flush(): Promise<void> {
    await this.#tables.root.flushed;
  }

  /** Nodes in memory and an estimate of their bytes. */
  stats(): { readonly nodes: number; readonly bytes: number } {
    let nodes = 0;
    let bytes = 0;
    for (const tree of this.#trees.values()) {
      nodes += tree.nodes.arena.count;
      bytes += tree.nodes.arena.bytes;
    }
    return { nodes, bytes };
  }

  async close(): Promise<void> {
    await this.#tables.root.close();
  }

  #tree(name: string): Tree {
    const tree = this.#trees.get(name);
    if (tree === undefined) throw new Error(`there is no store ${name}`);
    return tree;
  }

  #rootHashes(): Map<string, ByteString> {
    return new Map([...this.#trees].map(([name, { nodes, root }]) => [name, rootHash(nodes.arena, root)]));
  }

  /** Keeps the nodes in memory within their bound; the stores share it. */
  #evict(): void {
    let bytes = this.stats().bytes;
    if (bytes <= this.#cacheBytes) return;
    const largestFirst = [...this.#trees.values()].sort((a, b) => b.nodes.arena.bytes - a.nodes.arena.bytes);
    const target = this.#cacheBytes * 0.75;
    for (const { nodes, root } of largestFirst) {
      if (bytes <= target) return;
      const before = nodes.arena.bytes;
      evictColdNodes(nodes.arena, root, Math.max(0, before - (bytes - target)));
      bytes -= before - nodes.arena.bytes;
    }
  }
}

/** A store of the last committed version. */
class LatestStore implements ReadonlyKvStore {
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  get(key: ByteString): Uint8Array | undefined {
    const value = getValue(this.#tree.nodes.source, this.#tree.root, key);
    return value === undefined ? undefined : Buffer.from(value, "latin1");
  }

  has(key: ByteString): boolean {
    return getValue(this.#tree.nodes.source, this.#tree.root, key) !== undefined;
  }

  iterate(range: KeyRange): IterableIterator<Entry> {
    return iterateEntries(this.#tree.nodes.source, this.#tree.root, range);
  }
}

export function readLatest(tables: Tables): { readonly version: number; readonly record: VersionRecord } | undefined {
  for (const { key, value } of tables.versions.getRange({ reverse: true, limit: 1 })) {
    return { version: Buffer.from(key).readUInt32BE(0), record: parseRecord(value) };
  }
  return undefined;
}

export function readVersion(tables: Tables, version: number): VersionRecord | undefined {
  const bytes = tables.versions.get(versionKey(version));
  return bytes === undefined ? undefined : parseRecord(bytes);
}

function parseRecord(bytes: Buffer): VersionRecord {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as VersionRecord;
}

/**
 * Ids of the stores, in byte order of their names. A name keeps its id for ever.
 *
 * @throws DatabaseError when the database holds a store that the program does not know, or lacks one of its own.
 */
export function storeIds(
  tables: Tables,
  names: readonly string[],
  hasVersions: boolean,
): readonly (readonly [string, number])[] {
  const stored = JSON.parse(tables.meta.get("stores") ?? "[]") as string[];
  const wanted = [...names].sort((a, b) => compareBytes(utf8ToByteString(a), utf8ToByteString(b)));
  if (hasVersions) {
    const unknown = stored.filter((name) => !wanted.includes(name));
    const missing = wanted.filter((name) => !stored.includes(name));
    if (unknown.length > 0 || missing.length > 0) {
      throw new DatabaseError(
        `the database has the stores ${stored.join(", ")}; this program has ${wanted.join(", ")}. ` +
          `It was written by another version of the program: start that one, or upgrade the chain as its operators agreed`,
      );
    }
    return wanted.map((name) => [name, stored.indexOf(name)]);
  }
  tables.meta.putSync("stores", JSON.stringify(wanted));
  return wanted.map((name, id) => [name, id]);
}

/** Hash of a root as a record has it. */
export function recordedHash(hex: string): ByteString {
  return hexToByteString(hex)!;
}

export { NO_NODE };
