import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

import type { Database, RootDatabase } from "lmdb";
import { open } from "lmdb";

/** Number of the layout that this code reads and writes (docs/adr/001). Another one is refused, or migrated, at start. */
export const LAYOUT_VERSION = 1;

/** A database that this code must not touch. The message says what to do. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}

/** The tables of the environment. Keys and values are bytes; `meta` is text. */
export interface Tables {
  readonly root: RootDatabase;
  /** {@link chunkKey} → chunk of nodes. */
  readonly nodes: Database<Buffer, Buffer>;
  /** version → {@link VersionRecord} as JSON. */
  readonly versions: Database<Buffer, Buffer>;
  /** version, store → the nodes that this version no longer has. */
  readonly orphans: Database<Buffer, Buffer>;
  /** `layout`, `stores` (names in the order of their ids, as JSON), `earliest`. */
  readonly meta: Database<string, string>;
}

/** A root, by store id. No nonce: the tree is empty. */
export interface RootRecord {
  readonly version: number;
  readonly nonce: number;
  readonly height: number;
  readonly size: number;
  /** Hexadecimal. */
  readonly hash: string;
}

/** What is kept of a committed version beside its nodes. */
export interface VersionRecord {
  /** Hexadecimal. */
  readonly appHash: string;
  /** By store name. */
  readonly roots: Readonly<Record<string, RootRecord | null>>;
  /** Given by the caller of `prepare`. */
  readonly meta: string;
}

export interface OpenTablesOptions {
  readonly path: string;
  /** Only reads; the database has to be there. */
  readonly readOnly: boolean;
  /** After a power cut, go back to the last version that had reached the disk. */
  readonly safeRestore?: boolean;
}

/** Opens the environment in a folder. Nothing is written before the layout is known to be ours. */
export function openTables(options: OpenTablesOptions): Tables {
  const file = `${options.path}/data.mdb`;
  const isNew = !existsSync(file);
  if (isNew && options.readOnly) throw new DatabaseError(`there is no database at ${options.path}`);
  if (isNew) mkdirSync(dirname(file), { recursive: true });
  let root: RootDatabase;
  try {
    root = open({
      path: file,
      noSubdir: true,
      maxDbs: 8,
      // The disk may trail: CometBFT replays what a power cut takes. A crash of the process alone takes nothing.
      overlappingSync: true,
      encoding: "binary",
      ...(options.safeRestore === true ? { safeRestore: true } : {}),
    });
  } catch (error) {
    throw new DatabaseError(
      `${file} cannot be opened (${error instanceof Error ? error.message : String(error)}). Is it another program's file, or is ` +
        `the disk full? Restore it from a snapshot or a backup; nothing was changed.`,
    );
  }
  const meta = root.openDB<string, string>({ name: "meta", encoding: "string" });
  const layout = meta.get("layout");
  if (layout === undefined && !isNew && [...root.getKeys({ limit: 2 })].some((key) => key !== "meta")) {
    void root.close();
    throw new DatabaseError(`${file} is not a database of this program; move it away or choose another home folder`);
  }
  if (layout !== undefined && layout !== String(LAYOUT_VERSION)) {
    void root.close();
    throw new DatabaseError(
      `${file} has layout ${layout}, this program reads layout ${LAYOUT_VERSION}: ` +
        `start the version of the program that wrote it, or sync this node anew`,
    );
  }
  const binary = { encoding: "binary", keyEncoding: "binary" } as const;
  const tables: Tables = {
    root,
    meta,
    nodes: root.openDB<Buffer, Buffer>({ name: "nodes", ...binary }),
    versions: root.openDB<Buffer, Buffer>({ name: "versions", ...binary }),
    orphans: root.openDB<Buffer, Buffer>({ name: "orphans", ...binary }),
  };
  if (layout === undefined && !options.readOnly) meta.putSync("layout", String(LAYOUT_VERSION));
  return tables;
}
