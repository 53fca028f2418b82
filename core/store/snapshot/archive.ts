import { createReadStream, createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";

import { extract, pack } from "tar-stream";

import { HASH_BYTES, sha256 } from "../tree/node-codec.js";
import type { SnapshotFolder } from "./folder.js";
import { MalformedSnapshot, MAX_CHUNK_BYTES, MAX_CHUNKS } from "./format.js";
import type { SnapshotManifest } from "./manifest.js";

/**
 * One snapshot in one file: a tar.gz with `height` (decimal), `metadata` and the chunks by number, in this order. What comes
 * in is checked against the metadata before it is in the folder.
 */
export async function dumpSnapshot(
  { folder, manifest }: { readonly folder: SnapshotFolder; readonly manifest: SnapshotManifest },
  file: string,
): Promise<void> {
  const tar = pack();
  const unfinished = `${file}.unfinished`;
  const written = pipeline(tar, createGzip(), createWriteStream(unfinished));
  const add = async (name: string, bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      tar.entry({ name, size: bytes.length, mtime: new Date(0) }, bytes, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  const { height, chunkHashes } = manifest;
  try {
    await add("height", Buffer.from(String(height)));
    await add("metadata", Buffer.from(chunkHashes.join(""), "latin1"));
    for (const index of chunkHashes.keys()) {
      const chunk = await folder.loadChunk(height, index);
      if (chunk === undefined)
        throw new Error(`chunk ${index} of the snapshot of height ${height} is missing or damaged`);
      await add(String(index), chunk);
    }
    tar.finalize();
    await written;
    renameSync(unfinished, file);
  } catch (error) {
    tar.destroy();
    await written.catch(() => undefined);
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Takes a snapshot from a file into the folder; one of the same height is replaced. Throws {@link MalformedSnapshot}. */
export async function loadSnapshot(file: string, folder: SnapshotFolder): Promise<SnapshotManifest> {
  const reader = new ArchiveReader(folder);
  const tar = extract();
  try {
    const read = pipeline(createReadStream(file), createGunzip(), tar);
    // Its failure ends the loop below too, which is where it is seen.
    read.catch(() => undefined);
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header;
      if (type !== "file" || size > MAX_ENTRY_BYTES) throw new MalformedSnapshot(`${name} has no place in it`);
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      reader.add(name, Buffer.concat(parts));
    }
    await read;
    return reader.finish();
  } catch (error) {
    reader.discard();
    const reason = error instanceof Error ? error.message : String(error);
    throw new MalformedSnapshot(`${file} is no archive of a snapshot: ${reason}`);
  }
}

const MAX_ENTRY_BYTES = Math.max(MAX_CHUNK_BYTES, MAX_CHUNKS * HASH_BYTES);

class ArchiveReader {
  readonly #folder: SnapshotFolder;
  #height: number | undefined;
  #hashes: Buffer | undefined;
  #draft: ReturnType<SnapshotFolder["begin"]> | undefined;
  #next = 0;

  constructor(folder: SnapshotFolder) {
    this.#folder = folder;
  }

  add(name: string, bytes: Buffer): void {
    if (this.#height === undefined) {
      if (name !== "height" || !/^[1-9]\d{0,9}$/.test(bytes.toString()))
        throw new MalformedSnapshot("its height is missing");
      this.#height = Number(bytes.toString());
    } else if (this.#hashes === undefined) {
      if (name !== "metadata" || bytes.length === 0 || bytes.length % HASH_BYTES !== 0)
        throw new MalformedSnapshot("its metadata are missing");
      this.#hashes = bytes;
      this.#draft = this.#folder.begin(this.#height);
    } else {
      const index = this.#next++;
      const expected = this.#hashes.latin1Slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
      if (name !== String(index) || sha256(bytes) !== expected)
        throw new MalformedSnapshot(`chunk ${index} is missing or does not have its hash`);
      this.#draft?.write(index, bytes);
    }
  }

  finish(): SnapshotManifest {
    if (this.#draft === undefined || this.#hashes?.length !== this.#next * HASH_BYTES)
      throw new MalformedSnapshot("it ends too early");
    return this.#draft.finish();
  }

  discard(): void {
    this.#draft?.discard();
  }
}
