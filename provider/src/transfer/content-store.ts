import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { hashContent, isContentHash, type ContentHash } from "../content-hash.js";

/** The store is full; nothing was kept. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}

/** What arrived is not what was announced; nothing was kept. */
export class ContentMismatchError extends Error {
  override readonly name = "ContentMismatchError";
}

const PARTIAL = ".partial";

/**
 * Jobs and results on disk, each in a file named by its hash. A file appears whole or not at all; its hash is checked
 * again at reading; the sum of the sizes is bounded.
 */
export class ContentStore {
  private readonly sizes = new Map<ContentHash, number>();
  /** Bytes on disk and promised to writes under way. */
  private usedBytes = 0;

  private constructor(
    private readonly folder: string,
    readonly capacityBytes: number,
  ) {}

  /** Opens a folder, made if need be; removes what an interrupted write left. */
  static async open(folder: string, capacityBytes: number): Promise<ContentStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = new ContentStore(folder, capacityBytes);
    for (const name of await readdir(folder)) {
      if (name.endsWith(PARTIAL)) await rm(join(folder, name), { force: true });
      else if (isContentHash(name)) store.remember(name, (await stat(join(folder, name))).size);
    }
    return store;
  }

  has(hash: ContentHash): boolean {
    return this.sizes.has(hash);
  }

  /** The content, or undefined. Throws {@link ContentMismatchError} when the disk gave back other bytes. */
  async get(hash: ContentHash): Promise<Uint8Array | undefined> {
    if (!this.has(hash)) return undefined;
    const bytes = await readFile(join(this.folder, hash));
    if (hashContent(bytes) !== hash) throw new ContentMismatchError(`the stored content ${hash} was damaged`);
    return bytes;
  }

  async put(bytes: Uint8Array): Promise<ContentHash> {
    const hash = hashContent(bytes);
    await this.putStream(hash, bytes.length, [bytes]);
    return hash;
  }

  /**
   * Keeps a stream that was announced with this hash and length. Throws {@link StoreFullError} before anything is read,
   * {@link ContentMismatchError} for other bytes; whatever the source throws passes through.
   */
  async putStream(
    hash: ContentHash,
    lengthBytes: number,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    if (this.has(hash)) return;
    if (lengthBytes > this.capacityBytes - this.usedBytes)
      throw new StoreFullError(`the store holds ${this.usedBytes} of ${this.capacityBytes} bytes`);
    this.usedBytes += lengthBytes;
    const partial = join(this.folder, `${randomBytes(12).toString("hex")}${PARTIAL}`);
    try {
      await writeChecked(partial, hash, lengthBytes, source);
      await rename(partial, join(this.folder, hash));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    } finally {
      this.usedBytes -= lengthBytes;
    }
    // Two writes of one content may have run side by side: it counts once.
    if (!this.has(hash)) this.remember(hash, lengthBytes);
  }

  async delete(hash: ContentHash): Promise<void> {
    const size = this.sizes.get(hash);
    if (size === undefined) return;
    this.sizes.delete(hash);
    this.usedBytes -= size;
    await rm(join(this.folder, hash), { force: true });
  }

  /** Deletes what was written longer ago than this; returns how many it was. */
  async deleteOlderThan(seconds: number): Promise<number> {
    const before = Date.now() - seconds * 1000;
    let deleted = 0;
    for (const hash of [...this.sizes.keys()]) {
      const { mtimeMs } = await stat(join(this.folder, hash));
      if (mtimeMs >= before) continue;
      await this.delete(hash);
      deleted++;
    }
    return deleted;
  }

  private remember(hash: ContentHash, size: number): void {
    this.sizes.set(hash, size);
    this.usedBytes += size;
  }
}

async function writeChecked(
  file: string,
  hash: ContentHash,
  lengthBytes: number,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    const digest = createHash("sha256");
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > lengthBytes) throw new ContentMismatchError(`more than the announced ${lengthBytes} bytes`);
      digest.update(chunk);
      await handle.writeFile(chunk); // at the current position: appends, and writes all of it
    }
    if (length !== lengthBytes)
      throw new ContentMismatchError(`${length} bytes instead of the announced ${lengthBytes}`);
    if (digest.digest("hex") !== hash) throw new ContentMismatchError(`the content does not have the hash ${hash}`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
