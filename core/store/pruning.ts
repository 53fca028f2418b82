import type { PruneProgress, Tables } from "./database.js";
import { chunkKey, storeKey, versionKey } from "./database.js";
import { CorruptDatabase, DatabaseError } from "./errors.js";
import type { NodeSet } from "./tree/chunk.js";
import {
  Chunk,
  chunkOf,
  countNodes,
  difference,
  indexInChunk,
  NO_NODES,
  oneNode,
  readNodeSet,
  union,
  writeNodeSet,
} from "./tree/chunk.js";
import { MalformedRecord } from "./tree/node-codec.js";
import { readOrphans } from "./tree/orphans.js";

/** Which versions are kept, as in Cosmos' `app.toml`. */
export interface PruningOptions {
  /** Versions before the last one that can still be read; undefined keeps all. */
  readonly keepRecent: number | undefined;
  /** Versions are given up this many at a time: nodes of one chunk then die together more often. */
  readonly interval: number;
}

/** The named strategies of Cosmos (`pruning = "default"` and so on). */
export const PRUNING: Readonly<Record<"default" | "nothing" | "everything", PruningOptions>> = {
  default: { keepRecent: 362_880, interval: 10 },
  nothing: { keepRecent: undefined, interval: 0 },
  everything: { keepRecent: 2, interval: 10 },
};

/** Checks `custom` values. Throws {@link DatabaseError} that says what to write instead. */
export function customPruning(keepRecent: number, interval: number): PruningOptions {
  if (!Number.isSafeInteger(keepRecent) || keepRecent < 2) {
    throw new DatabaseError(`pruning-keep-recent is ${keepRecent}; it is a whole number from 2 on`);
  }
  if (!Number.isSafeInteger(interval) || interval < 10) {
    throw new DatabaseError(`pruning-interval is ${interval}; it is a whole number from 10 on`);
  }
  return { keepRecent, interval };
}

/** The highest height to be given up once `height` is committed; 0 for none. */
export function pruneTarget({ keepRecent, interval }: PruningOptions, height: number): number {
  if (keepRecent === undefined || height % Math.max(1, interval) !== 0) return 0;
  return Math.max(0, height - 1 - keepRecent);
}

/** Commit records of given-up heights that one slice deletes at most. */
const COMMITS_PER_SLICE = 256;

/** Whether there is work for {@link pruneSlice}. */
export function isPruning(progress: PruneProgress, earliest: number): boolean {
  return progress.version <= earliest && earliest > 0;
}

/**
 * One bounded step of pruning, inside a write transaction: works through the orphan lists of the versions up to `earliest`
 * (what these versions made superfluous, no kept height needs). Returns how far it came.
 *
 * A dead node is only marked; its chunk is deleted when all of it is dead, and written anew without the dead when they are
 * half of it. So a node is copied a few times at most, and the file holds at most twice what lives.
 */
export function pruneSlice(tables: Tables, progress: PruneProgress, earliest: number, maxNodes: number): PruneProgress {
  deleteCommits(tables, earliest);
  let at = progress;
  let left = maxNodes;
  while (left > 0) {
    const next = firstList(tables, at);
    if (next === undefined || next.version > earliest) {
      return { version: earliest + 1, store: 0, offset: 0, orphanVersion: 0, orphanNonce: 0 };
    }
    const isSame = next.version === at.version && next.store === at.store;
    if (!isSame) at = { ...next, offset: 0, orphanVersion: 0, orphanNonce: 0 };
    const key = storeKey(at.version, at.store);
    const list = tables.orphans.getBinary(key) as Buffer;
    const killer = new NodeKiller(tables, at.store);
    let read = 0;
    const cursor = readList(at, list, left, (version, nonce) => {
      read++;
      killer.kill(version, nonce);
    });
    killer.finish();
    left -= Math.max(1, read);
    at = { ...at, offset: cursor.offset, orphanVersion: cursor.version, orphanNonce: cursor.nonce };
    if (cursor.offset >= list.length) {
      tables.orphans.removeSync(key);
      at = { version: at.version, store: at.store + 1, offset: 0, orphanVersion: 0, orphanNonce: 0 };
    }
  }
  return at;
}

function readList(
  at: PruneProgress,
  list: Buffer,
  limit: number,
  each: (version: number, nonce: number) => void,
): { offset: number; version: number; nonce: number } {
  try {
    return readOrphans(list, { offset: at.offset, version: at.orphanVersion, nonce: at.orphanNonce }, limit, each);
  } catch (error) {
    if (error instanceof MalformedRecord)
      throw new CorruptDatabase(`orphans of version ${at.version}: ${error.message}`);
    throw error;
  }
}

function firstList(tables: Tables, { version, store }: PruneProgress): { version: number; store: number } | undefined {
  for (const key of tables.orphans.getKeys({ start: storeKey(version, store), limit: 1 })) {
    return { version: key.readUInt32BE(0), store: key.readUInt16BE(4) };
  }
  return undefined;
}

function deleteCommits(tables: Tables, earliest: number): void {
  const keys = [...tables.commits.getKeys({ end: versionKey(earliest), limit: COMMITS_PER_SLICE })].map((key) =>
    Buffer.from(key),
  );
  for (const key of keys) tables.commits.removeSync(key);
}

/** Takes dead nodes in order and handles each chunk once. */
class NodeKiller {
  readonly #tables: Tables;
  readonly #store: number;
  #version = 0;
  #chunk = 0;
  #nodes: NodeSet = NO_NODES;

  constructor(tables: Tables, store: number) {
    this.#tables = tables;
    this.#store = store;
  }

  kill(version: number, nonce: number): void {
    const chunk = chunkOf(nonce);
    if (version !== this.#version || chunk !== this.#chunk) {
      this.finish();
      this.#version = version;
      this.#chunk = chunk;
    }
    const index = indexInChunk(nonce);
    this.#nodes = union(this.#nodes, oneNode(index));
  }

  finish(): void {
    if (countNodes(this.#nodes) === 0) return;
    const { nodes, dead } = this.#tables;
    const key = chunkKey(this.#version, this.#store, this.#chunk);
    const where = `chunk ${this.#chunk} of version ${this.#version} in store ${this.#store}`;
    const bytes = nodes.getBinary(key);
    if (bytes === undefined) throw new CorruptDatabase(`${where} is missing`);
    const marked = dead.getBinary(key);
    const gone = marked === undefined ? this.#nodes : union(readNodeSet(marked, 0), this.#nodes);
    const present = readNodeSet(bytes, 4);
    const live = difference(present, gone);
    if (2 * countNodes(live) > countNodes(present)) {
      const mark = Buffer.alloc(8);
      writeNodeSet(mark, 0, gone);
      dead.putSync(key, mark);
    } else {
      try {
        const kept = new Chunk(bytes).keep(live);
        if (kept === undefined) nodes.removeSync(key);
        else nodes.putSync(key, kept);
      } catch (error) {
        if (error instanceof MalformedRecord) throw new CorruptDatabase(`${where}: ${error.message}`);
        throw error;
      }
      if (marked !== undefined) dead.removeSync(key);
    }
    this.#nodes = NO_NODES;
  }
}
