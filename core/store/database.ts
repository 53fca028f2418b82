import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Database as Table, RootDatabase, TransactionFlags } from "lmdb";
import { open } from "lmdb";
import { CHECKSUM_BYTES, checksum } from "./checksum.js";
import { asWriteFault, assertRoom } from "./disk.js";
import { CorruptDatabase, DatabaseError, ForeignDatabase } from "./errors.js";
import { writeUint32 } from "./tree/node-codec.js";

/**
 * The tables of the one LMDB environment. All integers in keys are big-endian, so that LMDB's order is numeric order.
 *
 *   meta     name                               → checksum and JSON: `layout`, `names`, `status`
 *   commits  version (4)                        → app hash, roots of all stores, the application's own bytes (commit-record.ts)
 *   nodes    version (4) · store (2) · chunk (4) → a chunk of node records (tree/chunk.ts)
 *   orphans  version (4) · store (2)            → nodes that this version made superfluous (tree/orphans.ts)
 *   dead     as nodes                           → which nodes of a chunk are pruned though their bytes are still there (8)
 *
 * Node keys begin with the version, so that every block appends, and a rollback deletes one range.
 */
export interface Tables {
  readonly meta: Table<Buffer, Buffer>;
  readonly commits: Table<Buffer, Buffer>;
  readonly nodes: Table<Buffer, Buffer>;
  readonly orphans: Table<Buffer, Buffer>;
  readonly dead: Table<Buffer, Buffer>;
}

const FORMAT = "computronium state";
/** Of the layout on disk, apart from the versions of the modules. */
export const LAYOUT = 1;

/** Address space, not memory or disk; LMDB would map more when the file outgrows it. */
const MAP_BYTES = 2 ** 40;

/** Transactions that commit at once: visible, then flushed, then marked as flushed (lmdb's overlapping sync). */
const COMMIT_FLAGS = 0x10002;

/** Where pruning stands: the orphan lists below this point are done. */
export interface PruneProgress {
  /** The version whose lists are being worked on. */
  readonly version: number;
  readonly store: number;
  readonly offset: number;
  readonly orphanVersion: number;
  readonly orphanNonce: number;
}

export interface Status {
  /** The last committed version, 0 before the first. */
  readonly latest: number;
  /** The first version that can be read; 0 before the first commit. */
  readonly earliest: number;
  /** Counts rollbacks: version numbers are used again after one, so caches of other threads must go. */
  readonly rollbacks: number;
  readonly prune: PruneProgress;
}

export interface DatabaseOptions {
  /** The folder that holds `data.mdb`. */
  readonly path: string;
  readonly readOnly?: boolean | undefined;
  /** After a power cut: go back to the last transaction that is known to be on the disk. */
  readonly safeRestore?: boolean | undefined;
}

export class Database {
  readonly path: string;
  readonly readOnly: boolean;
  readonly tables: Tables;
  readonly #root: RootDatabase<Buffer, Buffer>;

  private constructor(path: string, readOnly: boolean, root: RootDatabase<Buffer, Buffer>, tables: Tables) {
    this.path = path;
    this.readOnly = readOnly;
    this.#root = root;
    this.tables = tables;
  }

  /** Opens a database, or makes an empty one where the folder is empty. What does not fit is refused before a byte changes. */
  static open({ path, readOnly = false, safeRestore = false }: DatabaseOptions): Database {
    const isEmpty = !inspect(path, readOnly);
    if (!readOnly) {
      mkdirSync(path, { recursive: true });
      assertRoom(path);
    }
    let root: RootDatabase<Buffer, Buffer>;
    try {
      root = open<Buffer, Buffer>({
        path,
        noSubdir: false,
        encoding: "binary",
        keyEncoding: "binary",
        maxDbs: 8,
        mapSize: MAP_BYTES,
        noReadAhead: true,
        readOnly,
        ...(safeRestore ? { safeRestore } : {}),
      } as Parameters<typeof open<Buffer, Buffer>>[0]);
    } catch (error) {
      throw new ForeignDatabase(`${path} cannot be opened as a state database: ${String(error)}`);
    }
    let isNew = isEmpty;
    const table = (name: string): Table<Buffer, Buffer> | undefined => {
      const create = isNew && !readOnly;
      // Its type does not say so: without `create` it gives undefined for a table that is not there.
      return root.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary", create } as never);
    };
    const ownTable = (name: string): Table<Buffer, Buffer> => {
      const found = table(name);
      if (found === undefined) throw new CorruptDatabase(`table ${name} of ${path} is missing`);
      return found;
    };
    try {
      if (!readOnly && isHalfMade(root, table)) isNew = true;
      const meta = openMeta(path, table, isNew);
      const tables = {
        meta,
        commits: ownTable("commits"),
        nodes: ownTable("nodes"),
        orphans: ownTable("orphans"),
        dead: ownTable("dead"),
      };
      const database = new Database(path, readOnly, root, tables);
      if (isNew) {
        database.write(() => {
          database.putMeta("layout", { format: FORMAT, layout: LAYOUT });
          database.putMeta("names", []);
          database.putMeta("status", EMPTY_STATUS);
        });
      }
      return database;
    } catch (error) {
      void root.close();
      if (error instanceof DatabaseError) throw error;
      if (isNew) throw asWriteFault(path, error);
      throw new CorruptDatabase(`a table of ${path} cannot be opened: ${String(error)}`);
    }
  }

  /**
   * Runs a write transaction: all of it or, when `change` throws, nothing. Throws StateNotWritten when the disk does not take
   * it: then nothing of it is in the state either, unless only the flush failed, when all of it may be.
   */
  write(change: () => void): void {
    try {
      this.#root.transactionSync(change, COMMIT_FLAGS as TransactionFlags);
    } catch (error) {
      throw asWriteFault(this.path, error);
    }
  }

  /** Later reads see the newest commit of any thread or process, and hold no older pages. */
  refresh(): void {
    (this.#root as RootDatabase<Buffer, Buffer> & { resetReadTxn(): void }).resetReadTxn();
  }

  /** Resolves when everything that was committed is on the disk. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const root = this.#root as unknown as { sync(done: (error?: unknown) => void): void };
      root.sync((error) => (error ? reject(new Error(`flushing the state failed: ${String(error)}`)) : resolve()));
    });
  }

  getMeta(name: string): unknown {
    const bytes = this.tables.meta.getBinary(Buffer.from(name));
    if (bytes === undefined) throw new CorruptDatabase(`the entry ${name} is missing`);
    return parseJson(name, bytes);
  }

  /** Only inside {@link write}. */
  putMeta(name: string, value: unknown): void {
    const json = JSON.stringify(value);
    this.tables.meta.putSync(Buffer.from(name), Buffer.from(prefixOf(json) + json));
  }

  status(): Status {
    return this.getMeta("status") as Status;
  }

  names(): string[] {
    return this.getMeta("names") as string[];
  }

  /** Bytes of the file, and of it what is free to be used again. */
  size(): { fileBytes: number; freeBytes: number } {
    const stats = this.#root.getStats() as { pageSize: number; free: { overflowPages: number } };
    return {
      fileBytes: statSync(join(this.path, "data.mdb")).size,
      freeBytes: stats.free.overflowPages * stats.pageSize,
    };
  }

  /** Writes a copy without free pages into an empty folder, in one read transaction, off this thread. */
  async copyTo(folder: string): Promise<void> {
    await this.#root.backup(folder, true);
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

export const EMPTY_STATUS: Status = {
  latest: 0,
  earliest: 0,
  rollbacks: 0,
  prune: { version: 0, store: 0, offset: 0, orphanVersion: 0, orphanNonce: 0 },
};

/** Hexadecimal digits of the checksum before an entry's JSON. */
const CHECKSUM_DIGITS = 2 * CHECKSUM_BYTES;

function prefixOf(json: string): string {
  return `${checksum(Buffer.from(json)).toString("hex")} `;
}

/** Entries of before there were checksums begin with their JSON. */
function parseJson(name: string, bytes: Buffer): unknown {
  const text = bytes.toString();
  const isBare = text.startsWith("{") || text.startsWith("[");
  const json = isBare ? text : text.slice(CHECKSUM_DIGITS + 1);
  if (!isBare && text.slice(0, CHECKSUM_DIGITS + 1) !== prefixOf(json)) {
    throw new CorruptDatabase(`the entry ${name} does not fit to its checksum`);
  }
  try {
    return JSON.parse(json);
  } catch {
    throw new CorruptDatabase(`the entry ${name} is not JSON`);
  }
}

function openMeta(
  path: string,
  table: (name: string) => Table<Buffer, Buffer> | undefined,
  isNew: boolean,
): Table<Buffer, Buffer> {
  let meta: Table<Buffer, Buffer> | undefined;
  try {
    meta = table("meta");
  } catch {
    // Of another kind, as good as not there.
  }
  if (meta === undefined) {
    throw new ForeignDatabase(`${path} holds an LMDB database of another program: choose another folder`);
  }
  if (isNew) return meta;
  const bytes = meta.getBinary(Buffer.from("layout"));
  const found =
    bytes === undefined ? undefined : (parseJson("layout", bytes) as { format?: unknown; layout?: unknown });
  if (found?.format !== FORMAT) {
    throw new ForeignDatabase(`${path} holds an LMDB database of another program: choose another folder`);
  }
  if (found.layout !== LAYOUT) {
    throw new ForeignDatabase(
      `${path} has state layout ${String(found.layout)}, this program reads layout ${LAYOUT}: run the version of the program that made it, or state-sync into an empty folder`,
    );
  }
  return meta;
}

const TABLES: ReadonlySet<string> = new Set(["meta", "commits", "nodes", "orphans", "dead"]);

/** Whether the process that made this database ended before it had written the first entry: some tables, all empty. */
function isHalfMade(
  root: RootDatabase<Buffer, Buffer>,
  open: (name: string) => Table<Buffer, Buffer> | undefined,
): boolean {
  // The names of the tables are the keys of the root; LMDB keeps the zero byte at their end.
  const names = [...root.getKeys({ limit: TABLES.size + 1 })].map((key) => key.toString("latin1").replace(/\0$/, ""));
  if (!names.every((name) => TABLES.has(name))) return false;
  try {
    return names.every((name) => open(name)?.getKeysCount({ limit: 1 }) === 0);
  } catch {
    // An entry of that name that is no table, or one of another kind.
    return false;
  }
}

/**
 * Looks at a folder before LMDB maps it: LMDB trusts its file, and a cut one would kill the process on the first page
 * that is missing. Returns whether there is a database.
 */
function inspect(path: string, readOnly: boolean): boolean {
  const file = join(path, "data.mdb");
  if (!existsSync(file)) {
    const other = existsSync(path) ? readdirSync(path).filter((name) => name !== "lock.mdb") : [];
    if (other.length > 0) {
      throw new ForeignDatabase(`${path} holds ${other[0]} but no state database: choose an empty folder`);
    }
    if (readOnly) throw new ForeignDatabase(`${path} holds no state database: start the node first`);
    return false;
  }
  const head = Buffer.alloc(META_BYTES * 2 + 65_536);
  const descriptor = openSync(file, "r");
  let length: number;
  try {
    length = readSync(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  // A process killed while it made the file leaves it empty.
  if (length === 0) return false;
  const first = readMetaPage(head, 0);
  if (length < META_BYTES || first === undefined) {
    throw new ForeignDatabase(
      `${file} is not an LMDB file of this version: it is another program's, or damaged at its head`,
    );
  }
  const metas = [first, readMetaPage(head, first.pageSize), readMetaPage(head, first.pageSize / 2)];
  const pages = Math.min(
    ...metas.flatMap((meta) => (meta === undefined || meta.txnId === 0n ? [] : [meta.lastPage + 1])),
  );
  if (Number.isFinite(pages) && statSync(file).size < pages * first.pageSize) {
    throw new CorruptDatabase(`${file} is shorter than its own head says`);
  }
  return metas.some((meta) => meta !== undefined && meta.txnId > 0n);
}

const META_BYTES = 168;
const LMDB_MAGIC = 0xbeef_c0de;
const LMDB_DATA_VERSION = 2;

/** The fields that we need of LMDB's MDB_meta behind a page header of 24 bytes (mdb.c). */
function readMetaPage(bytes: Buffer, at: number): { pageSize: number; lastPage: number; txnId: bigint } | undefined {
  if (bytes.readUInt32LE(at + 24) !== LMDB_MAGIC || (bytes.readUInt32LE(at + 28) & 0xffff) !== LMDB_DATA_VERSION) {
    return undefined;
  }
  const pageSize = bytes.readUInt32LE(at + 48);
  if (pageSize < 256 || pageSize > 65_536) return undefined;
  return { pageSize, lastPage: Number(bytes.readBigUInt64LE(at + 144)), txnId: bytes.readBigUInt64LE(at + 152) };
}

export function versionKey(version: number): Buffer {
  const key = Buffer.allocUnsafe(4);
  writeUint32(key, 0, version);
  return key;
}

export function storeKey(version: number, store: number): Buffer {
  const key = Buffer.allocUnsafe(6);
  writeUint32(key, 0, version);
  key.writeUInt16BE(store, 4);
  return key;
}

export function chunkKey(version: number, store: number, chunk: number): Buffer {
  const key = Buffer.allocUnsafe(10);
  writeUint32(key, 0, version);
  key.writeUInt16BE(store, 4);
  writeUint32(key, 6, chunk);
  return key;
}
