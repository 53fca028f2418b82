import { DatabaseError } from "./database.js";
import type { Tables } from "./database.js";
import { chunkKey, chunkOf, decodeOrphans, versionKey, withoutPositions } from "./records.js";

/** Which versions are kept, as in Cosmos' `app.toml`. */
export interface PruningOptions {
  /** Versions before the last one that can still be read; undefined keeps all. */
  readonly keepRecent: number | undefined;
  /** Versions are dropped this many at a time: more at once touch each chunk less often. */
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
  if (!Number.isInteger(keepRecent) || keepRecent < 2) {
    throw new DatabaseError(`pruning-keep-recent is ${keepRecent}; it is a whole number from 2 on`);
  }
  if (!Number.isInteger(interval) || interval < 10) {
    throw new DatabaseError(`pruning-interval is ${interval}; it is a whole number from 10 on`);
  }
  return { keepRecent, interval };
}

export function orphansKey(version: number, storeId: number): Buffer {
  const key = Buffer.allocUnsafe(6);
  key.writeUInt32BE(version, 0);
  key.writeUInt16BE(storeId, 4);
  return key;
}

/** At least so many chunks are handled in a slice, however small the batch. */
const MIN_SLICE_CHUNKS = 256;
/** A batch ends once its orphans are so many, so that its memory is bounded. */
const MAX_BATCH_ORPHANS = 2_000_000;

/** Positions to drop, by chunk. */
interface Batch {
  /** The version that becomes the earliest when all is done. */
  readonly target: number;
  readonly chunks: [key: Buffer, positions: Set<number>][];
  readonly sliceChunks: number;
}

/**
 * Drops old versions in slices that run inside the transactions of commits. The orphans of version v are the nodes that
 * version v-1 had and v has not: once no version before v is to be read, they can go. Dropping a node twice does
 * nothing, so a batch that a crash interrupted is simply begun again.
 */
export class Pruner {
  readonly #tables: Tables;
  readonly #options: PruningOptions;
  #earliest: number;
  /** Versions up to this one have been dropped entirely. */
  #batch: Batch | undefined;

  constructor(tables: Tables, options: PruningOptions) {
    this.#tables = tables;
    this.#options = options;
    this.#earliest = Number(tables.meta.get("earliest") ?? firstVersion(tables));
  }

  get earliest(): number {
    return this.#earliest;
  }

  /** One slice of work, within the transaction that commits `version`. */
  slice(version: number): void {
    if (this.#earliest === 0) this.#earliest = version;
    this.#batch ??= this.#begin(version);
    const batch = this.#batch;
    if (batch === undefined) return;
    const { nodes } = this.#tables;
    for (let done = 0; done < batch.sliceChunks; done++) {
      const next = batch.chunks.pop();
      if (next === undefined) break;
      const [key, positions] = next;
      const chunk = nodes.get(key);
      if (chunk === undefined) continue;
      const rest = withoutPositions(chunk, positions);
      if (rest === undefined) nodes.removeSync(key);
      else if (rest !== chunk) nodes.putSync(key, rest);
    }
    if (batch.chunks.length === 0) this.#finish(batch);
  }

  #begin(version: number): Batch | undefined {
    const { keepRecent, interval } = this.#options;
    if (keepRecent === undefined) return undefined;
    const wanted = version - keepRecent;
    if (wanted < this.#earliest + Math.max(interval, 1)) return undefined;
    const done = Number(this.#tables.meta.get("pruned") ?? "0");
    const byChunk = new Map<string, [Buffer, Set<number>]>();
    let orphans = 0;
    let target = this.#earliest;
    for (const { key, value } of this.#tables.orphans.getRange({
      start: orphansKey(done + 1, 0),
      end: orphansKey(wanted + 1, 0),
    })) {
      const at = Buffer.from(key);
      const orphanedAt = at.readUInt32BE(0);
      if (orphans > MAX_BATCH_ORPHANS && orphanedAt > target) break;
      target = orphanedAt;
      for (const { version: made, nonce } of decodeOrphans(Buffer.from(value))) {
        const { chunk, position } = chunkOf(nonce);
        const chunkId = chunkKey(made, at.readUInt16BE(4), chunk);
        const id = chunkId.latin1Slice();
        let entry = byChunk.get(id);
        if (entry === undefined) byChunk.set(id, (entry = [chunkId, new Set()]));
        entry[1].add(position);
        orphans++;
      }
    }
    if (orphans <= MAX_BATCH_ORPHANS) target = wanted;
    // From now on nobody may begin to read what is being dropped.
    this.#earliest = target;
    this.#tables.meta.putSync("earliest", String(target));
    const chunks = [...byChunk.values()].sort(([a], [b]) => Buffer.compare(b, a));
    return {
      target,
      chunks,
      sliceChunks: Math.max(MIN_SLICE_CHUNKS, Math.ceil(chunks.length / Math.max(interval, 1))),
    };
  }

  #finish(batch: Batch): void {
    const { orphans, versions, meta } = this.#tables;
    for (const key of orphans.getKeys({ end: orphansKey(batch.target + 1, 0) })) orphans.removeSync(key);
    for (const key of versions.getKeys({ end: versionKey(batch.target) })) versions.removeSync(key);
    meta.putSync("pruned", String(batch.target));
    this.#batch = undefined;
  }
}

function firstVersion(tables: Tables): number {
  for (const key of tables.versions.getKeys({ limit: 1 })) return Buffer.from(key).readUInt32BE(0);
  return 0;
}
