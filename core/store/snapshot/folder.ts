import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { ByteString } from "../../bytes.js";
import { fromByteString } from "../../bytes.js";
import { HASH_BYTES, sha256 } from "../tree/node-codec.js";
import { SNAPSHOT_FORMAT } from "./format.js";
import type { SnapshotManifest } from "./manifest.js";
import { announce, readAnnounced } from "./manifest.js";

const METADATA = "metadata";
const UNFINISHED = "unfinished-";

/**
 * Snapshots in files: `<height>/<format>/` holds `metadata` (the SHA-256 of each chunk) and the chunks by their number. One
 * that is being made has a folder of another name until it is whole.
 */
export class SnapshotFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** What is there and whole, the newest first. */
  list(): readonly SnapshotManifest[] {
    const heights = entries(this.path)
      .filter((name) => /^[1-9]\d*$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
    return heights.flatMap((height) => this.find(height) ?? []);
  }

  /** Undefined when there is none of this height. */
  find(height: number): SnapshotManifest | undefined {
    let metadata: Buffer;
    try {
      metadata = readFileSync(join(this.#folder(height), METADATA));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
    const chunks = metadata.length / HASH_BYTES;
    const hash = fromByteString(sha256(metadata));
    try {
      return readAnnounced({ height: BigInt(height), format: SNAPSHOT_FORMAT, chunks, hash, metadata });
    } catch {
      // Cut off by a crash of the machine; it is none.
      return undefined;
    }
  }

  /** A chunk as it was made; undefined when it is not there, or not the one that the metadata names any more. */
  async loadChunk(height: number, index: number): Promise<Buffer | undefined> {
    const expected = this.find(height)?.chunkHashes[index];
    if (expected === undefined) return undefined;
    try {
      const chunk = await readFile(join(this.#folder(height), String(index)));
      return sha256(chunk) === expected ? chunk : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Begins to write the snapshot of a height; what another attempt left is deleted. */
  begin(height: number): SnapshotDraft {
    const folder = join(this.path, `${UNFINISHED}${height}`);
    rmSync(folder, { recursive: true, force: true });
    const inner = join(folder, String(SNAPSHOT_FORMAT));
    mkdirSync(inner, { recursive: true });
    const hashes: ByteString[] = [];
    return {
      write: (index, chunk) => {
        writeFileSync(join(inner, String(index)), chunk, { flush: true });
        hashes[index] = sha256(chunk);
      },
      finish: () => {
        const manifest = { height, chunkHashes: hashes };
        writeFileSync(join(inner, METADATA), announce(manifest).metadata, { flush: true });
        const final = join(this.path, String(height));
        rmSync(final, { recursive: true, force: true });
        renameSync(folder, final);
        return manifest;
      },
      discard: () => rmSync(folder, { recursive: true, force: true }),
    };
  }

  delete(height: number): void {
    rmSync(join(this.path, String(height)), { recursive: true, force: true });
  }

  /** Deletes all but the newest ones; 0 keeps all. Returns the heights that went. */
  keepRecent(count: number): readonly number[] {
    if (count === 0) return [];
    const old = this.list()
      .slice(count)
      .map(({ height }) => height);
    for (const height of old) this.delete(height);
    return old;
  }

  /** Deletes what a process that ended left unfinished. */
  discardUnfinished(): void {
    for (const name of entries(this.path)) {
      if (name.startsWith(UNFINISHED)) rmSync(join(this.path, name), { recursive: true, force: true });
    }
  }

  #folder(height: number): string {
    return join(this.path, String(height), String(SNAPSHOT_FORMAT));
  }
}

/** A snapshot that is being written. */
export interface SnapshotDraft {
  /** Chunks may come in any order, each once. */
  write(index: number, chunk: Uint8Array): void;
  /** From here on it is in the list. */
  finish(): SnapshotManifest;
  discard(): void;
}

function entries(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  // Not by `instanceof`, which fails for errors of another realm, such as node:vm's.
  return (error as { readonly code?: unknown } | undefined)?.code === "ENOENT";
}
