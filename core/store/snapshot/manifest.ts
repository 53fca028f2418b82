import type { ByteString } from "../../bytes.js";
import { fromByteString, toByteString } from "../../bytes.js";
import { HASH_BYTES, sha256 } from "../tree/node-codec.js";
import { MalformedSnapshot, MAX_CHUNKS, SNAPSHOT_FORMAT } from "./format.js";

/** What is announced of a snapshot. Its metadata are the SHA-256 of each chunk; its hash is the SHA-256 of these. */
export interface SnapshotManifest {
  readonly height: number;
  readonly chunkHashes: readonly ByteString[];
}

/** As ABCI has it. */
export interface AnnouncedSnapshot {
  readonly height: bigint;
  readonly format: number;
  readonly chunks: number;
  readonly hash: Uint8Array;
  readonly metadata: Uint8Array;
}

export function announce({ height, chunkHashes }: SnapshotManifest): AnnouncedSnapshot {
  const metadata = fromByteString(chunkHashes.join("") as ByteString);
  const hash = fromByteString(sha256(metadata));
  return { height: BigInt(height), format: SNAPSHOT_FORMAT, chunks: chunkHashes.length, hash, metadata };
}

/** Reads what somebody announces of a snapshot of our format. Throws {@link MalformedSnapshot} with the reason. */
export function readAnnounced(snapshot: AnnouncedSnapshot): SnapshotManifest {
  const { height, format, chunks, hash, metadata } = snapshot;
  if (format !== SNAPSHOT_FORMAT) throw new MalformedSnapshot(`format ${format} is not ${SNAPSHOT_FORMAT}`);
  if (height < 1n || height > 0xffff_ffffn) throw new MalformedSnapshot(`there is no height ${height}`);
  if (chunks < 1 || chunks > MAX_CHUNKS)
    throw new MalformedSnapshot(`it has ${chunks} chunks, 1 to ${MAX_CHUNKS} may be`);
  if (metadata.length !== chunks * HASH_BYTES) {
    throw new MalformedSnapshot(`${chunks} chunks have ${chunks * HASH_BYTES} bytes of hashes, not ${metadata.length}`);
  }
  if (sha256(metadata) !== toByteString(hash)) throw new MalformedSnapshot("its hash is not that of its metadata");
  const all = toByteString(metadata);
  const chunkHashes = Array.from(
    { length: chunks },
    (_, i) => all.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES) as ByteString,
  );
  return { height: Number(height), chunkHashes };
}
