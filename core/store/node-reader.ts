import type { ByteString } from "../bytes.js";
import type { Database } from "./database.js";
import { chunkKey } from "./database.js";
import { CorruptDatabase } from "./errors.js";
import { Chunk, chunkOf, indexInChunk } from "./tree/chunk.js";
import type { ChildRef, NodeRecord } from "./tree/node-codec.js";
import { MalformedRecord, readRecord, recordHash } from "./tree/node-codec.js";

/** A node is not in the database. Pruned, when another thread has moved on meanwhile; else damage. */
export class MissingNode extends Error {
  override readonly name = "MissingNode";
}

/** Bytes of chunks that are kept after reading: neighbours are often read next. */
const CACHED_BYTES = 4 << 20;
/** Nodes this high are kept as read, so many of them: every walk begins there, and they lie in chunks far apart. */
const TOP_HEIGHT = 7;
const CACHED_TOPS = 16_384;

/** Reads nodes from the database, each checked against the hash that its parent gives. */
export class NodeReader {
  readonly #database: Database;
  readonly #cached = new Map<string, Chunk>();
  #cachedBytes = 0;
  readonly #tops = new Map<string, { readonly node: NodeRecord; readonly hash: ByteString }>();

  constructor(database: Database) {
    this.#database = database;
  }

  read(store: number, ref: ChildRef): NodeRecord {
    const name = `${store}/${ref.version}/${ref.nonce}`;
    const top = this.#tops.get(name);
    if (top !== undefined && top.hash === ref.hash) return top.node;
    const node = this.#readRecord(store, ref);
    if (node.height >= TOP_HEIGHT) {
      if (this.#tops.size >= CACHED_TOPS) this.#tops.clear();
      this.#tops.set(name, { node, hash: ref.hash });
    }
    return node;
  }

  #readRecord(store: number, { version, nonce, hash }: ChildRef): NodeRecord {
    const where = `node ${nonce} of version ${version} in store ${store}`;
    try {
      const chunk = this.#chunk(version, store, chunkOf(nonce));
      const span = chunk?.span(indexInChunk(nonce));
      if (chunk === undefined || span === undefined) throw new MissingNode(`${where} is missing`);
      const node = readRecord(chunk.bytes, span[0], span[1]);
      if (recordHash(node, version) !== hash) throw new CorruptDatabase(`${where} does not have its hash`);
      return node;
    } catch (error) {
      if (error instanceof MalformedRecord) throw new CorruptDatabase(`${where}: ${error.message}`);
      throw error;
    }
  }

  /** Forgets what it holds: after a rollback the same number is another node. */
  clear(): void {
    this.#cached.clear();
    this.#cachedBytes = 0;
    this.#tops.clear();
  }

  #chunk(version: number, store: number, number: number): Chunk | undefined {
    const key = chunkKey(version, store, number);
    const name = key.latin1Slice();
    const cached = this.#cached.get(name);
    if (cached !== undefined) return cached;
    const bytes = this.#database.tables.nodes.getBinary(key);
    if (bytes === undefined) return undefined;
    const chunk = new Chunk(bytes);
    this.#cached.set(name, chunk);
    this.#cachedBytes += bytes.length;
    // First in, first out: nearly as good as least recently used here, and costs nothing on a hit.
    for (const [oldest, { bytes }] of this.#cached) {
      if (this.#cachedBytes <= CACHED_BYTES) break;
      this.#cached.delete(oldest);
      this.#cachedBytes -= bytes.length;
    }
    return chunk;
  }
}
