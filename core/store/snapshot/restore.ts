import type { ByteString } from "../../bytes.js";
import { fromByteString } from "../../bytes.js";
import type { CommitRecord, RootRecord } from "../commit-record.js";
import type { Database } from "../database.js";
import { chunkKey } from "../database.js";
import { Chunk, chunkOf, encodeChunk, indexInChunk } from "../tree/chunk.js";
import type { NodeRecord } from "../tree/node-codec.js";
import { EMPTY_HASH, encodeRecord, sha256 } from "../tree/node-codec.js";
import { MalformedSnapshot, MAX_CHUNK_BYTES } from "./format.js";
import type { SnapshotManifest } from "./manifest.js";
import type { Outline } from "./outline.js";
import { readOutline } from "./outline.js";
import { readSubtrees } from "./subtree.js";

/** A chunk that is not the one that the snapshot announces: whoever sent it is at fault, the snapshot may be good. */
export class WrongChunk extends Error {
  override readonly name = "WrongChunk";
}

/** A snapshot that announces just these bytes, and they do not fit to the app hash: it is no state of this chain. */
export class FalseSnapshot extends Error {
  override readonly name = "FalseSnapshot";
}

/** A snapshot with stores that this program does not have. */
export class SnapshotOfOtherProgram extends Error {
  override readonly name = "SnapshotOfOtherProgram";
}

/** What is trusted of a snapshot before any of it is read: height and app hash come from verified headers. */
export interface RestoreTarget {
  readonly manifest: SnapshotManifest;
  readonly appHash: Uint8Array;
}

/** What a restore needs of the state store. */
export interface RestoreAccess {
  readonly database: Database;
  /** Undefined for a store that this program does not have. */
  readonly storeNumber: (name: string) => number | undefined;
  /** Whether no other restore has begun and no block was committed. */
  readonly isCurrent: () => boolean;
  /** Makes the state the latest one, in the transaction of its last nodes. */
  readonly publish: (version: number, commit: CommitRecord, writeNodes: () => void) => void;
}

/**
 * A snapshot on its way into an empty database. Nodes are written as chunks arrive and are found by nobody before the
 * last of them: what is left of a restore that does not come to its end is deleted when the next one begins, when a first
 * block is committed, and when the state is opened.
 */
export class SnapshotRestore {
  readonly #access: RestoreAccess;
  readonly #target: RestoreTarget;
  #outline: Outline | undefined;
  readonly #storeNumbers: number[] = [];
  readonly #firstKeys: (ByteString | undefined)[] = [];
  readonly #left = new Set<number>();

  constructor(access: RestoreAccess, target: RestoreTarget) {
    this.#access = access;
    this.#target = target;
    for (let index = 0; index < target.manifest.chunkHashes.length; index++) this.#left.add(index);
  }

  get isComplete(): boolean {
    return this.#left.size === 0;
  }

  /** Chunks that are still to come. */
  get missing(): number {
    return this.#left.size;
  }

  /** What the application kept with the height; undefined until chunk 0 was applied. */
  get meta(): string | undefined {
    const { meta } = this.#outline ?? {};
    return meta === undefined ? undefined : Buffer.from(fromByteString(meta)).toString("utf8");
  }

  /**
   * Checks a chunk and writes it; the last one completes the state. Chunk 0 comes first, the others in any order; one
   * that was applied already is ignored.
   *
   * @param checkMeta may refuse what comes with chunk 0 by throwing
   * @throws WrongChunk, FalseSnapshot, SnapshotOfOtherProgram; nothing was written then
   */
  apply(index: number, bytes: Uint8Array, checkMeta?: (meta: string, height: number) => void): void {
    if (!this.isComplete && !this.#access.isCurrent()) throw new Error("this restore was given up");
    const { chunkHashes } = this.#target.manifest;
    const expected = chunkHashes[index];
    if (expected === undefined)
      throw new RangeError(`the snapshot has ${chunkHashes.length} chunks; there is no ${index}`);
    if (bytes.length > MAX_CHUNK_BYTES) throw new WrongChunk(`chunk ${index} has ${bytes.length} bytes`);
    if (sha256(bytes) !== expected) throw new WrongChunk(`chunk ${index} does not have its hash`);
    if (!this.#left.has(index)) return;
    try {
      if (index === 0) this.#applyOutline(bytes, checkMeta);
      else this.#applySubtrees(index, bytes);
    } catch (error) {
      if (error instanceof MalformedSnapshot) throw new FalseSnapshot(`chunk ${index}: ${error.message}`);
      throw error;
    }
    this.#left.delete(index);
    if (this.#left.size === 0) this.#complete();
  }

  #applyOutline(bytes: Uint8Array, checkMeta?: (meta: string, height: number) => void): void {
    const { manifest, appHash } = this.#target;
    const outline = readOutline(bytes);
    if (outline.height !== manifest.height) throw new MalformedSnapshot(`it is of height ${outline.height}`);
    if (outline.starts.length !== manifest.chunkHashes.length) {
      throw new MalformedSnapshot(`it has ${outline.starts.length} chunks`);
    }
    if (!Buffer.from(fromByteString(outline.appHash)).equals(appHash)) {
      throw new MalformedSnapshot("the stores do not have the app hash");
    }
    for (const { name } of outline.stores) {
      const number = this.#access.storeNumber(name);
      if (number === undefined) {
        throw new SnapshotOfOtherProgram(
          `the snapshot of height ${outline.height} has a store ${name}, which this program does not know: run the version of the program that the chain had at that height`,
        );
      }
      this.#storeNumbers.push(number);
    }
    this.#outline = outline;
    if (this.meta !== undefined) checkMeta?.(this.meta, outline.height);
  }

  #applySubtrees(index: number, bytes: Uint8Array): void {
    const outline = this.#outline;
    if (outline === undefined) throw new RangeError("chunk 0 comes first");
    const start = outline.starts[index - 1] as number;
    const subtrees = readSubtrees(bytes, outline.subtrees.slice(start, outline.starts[index]), outline.height);
    const writer = new NodeWriter(this.#access.database);
    for (const { store, nodes } of subtrees) {
      const number = this.#storeNumbers[store] as number;
      for (const { version, nonce, record } of nodes) writer.add(number, version, nonce, record);
    }
    this.#access.database.write(() => writer.write());
    for (const [i, { firstKey }] of subtrees.entries()) this.#firstKeys[start + i] = firstKey;
  }

  #complete(): void {
    const { stores, height, meta, appHash } = this.#outline as Outline;
    const writer = new NodeWriter(this.#access.database);
    const roots: RootRecord[] = [];
    for (const [i, { root, tops }] of stores.entries()) {
      const store = this.#storeNumbers[i] as number;
      roots.push(root === undefined ? { store, version: 0, nonce: 0, hash: EMPTY_HASH } : { store, ...root });
      for (const { version, nonce, height, size, left, right, keySubtree } of tops) {
        const key = this.#firstKeys[keySubtree] as ByteString;
        writer.add(store, version, nonce, { height, size, key, left, right });
      }
    }
    this.#access.publish(height, { appHash, roots, meta }, () => writer.write());
  }
}

/** Collects nodes by the chunks of the database, where those of a neighbouring subtree may be already. */
class NodeWriter {
  readonly #database: Database;
  readonly #chunks = new Map<string, { key: Buffer; records: Map<number, Buffer> }>();

  constructor(database: Database) {
    this.#database = database;
  }

  add(store: number, version: number, nonce: number, record: NodeRecord): void {
    const key = chunkKey(version, store, chunkOf(nonce));
    const name = key.latin1Slice();
    let chunk = this.#chunks.get(name);
    if (chunk === undefined) this.#chunks.set(name, (chunk = { key, records: new Map() }));
    chunk.records.set(indexInChunk(nonce), encodeRecord(record));
  }

  /** In the order of keys, which is how LMDB writes fastest. */
  write(): void {
    const { nodes } = this.#database.tables;
    const sorted = [...this.#chunks].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, { key, records }] of sorted) {
      const present = nodes.getBinary(key);
      if (present !== undefined) {
        for (const [index, record] of new Chunk(present).records()) if (!records.has(index)) records.set(index, record);
      }
      nodes.putSync(key, encodeChunk(records));
    }
  }
}
