import type { ByteString } from "../bytes.js";
import { CHECKSUM_BYTES, checksum } from "./checksum.js";
import { MalformedRecord, writeUint32 } from "./tree/node-codec.js";

/** The root of one store at one version. A version of 0 is the empty tree. */
export interface RootRecord {
  readonly store: number;
  readonly version: number;
  readonly nonce: number;
  readonly hash: ByteString;
}

/** What is kept of a height beside its nodes. */
export interface CommitRecord {
  readonly appHash: ByteString;
  readonly roots: readonly RootRecord[];
  /** UTF-8 text that the application keeps with the height. */
  readonly meta: ByteString;
}

/*
 * app hash (32) · count of roots (2), with the flag below · checksum of all but itself (8) · roots · the application's text
 *
 * Without the flag there is no checksum: so were records before it.
 */
const HASH_BYTES = 32;
const ROOT_BYTES = 2 + 4 + 4 + 32;
const HEAD_BYTES = HASH_BYTES + 2;
const BODY_AT = HEAD_BYTES + CHECKSUM_BYTES;
const HAS_CHECKSUM = 0x8000;

export function encodeCommit({ appHash, roots, meta }: CommitRecord): Buffer {
  const out = Buffer.alloc(BODY_AT + roots.length * ROOT_BYTES + meta.length);
  out.latin1Write(appHash, 0);
  out.writeUInt16BE(roots.length | HAS_CHECKSUM, HASH_BYTES);
  let at = BODY_AT;
  for (const root of roots) {
    at = out.writeUInt16BE(root.store, at);
    at = writeUint32(out, at, root.version);
    at = writeUint32(out, at, root.nonce);
    at += out.latin1Write(root.hash, at);
  }
  out.latin1Write(meta, at);
  // Over its own place, where there are zeros still.
  checksum(out).copy(out, HEAD_BYTES);
  return out;
}

/** Throws MalformedRecord for what {@link encodeCommit} did not write. */
export function decodeCommit(bytes: Buffer): CommitRecord {
  if (bytes.length < HEAD_BYTES) throw new MalformedRecord("commit record too short");
  const flagged = bytes.readUInt16BE(HASH_BYTES);
  const isChecked = (flagged & HAS_CHECKSUM) !== 0;
  if (isChecked) requireChecksum(bytes);
  const count = flagged & ~HAS_CHECKSUM;
  let at = isChecked ? BODY_AT : HEAD_BYTES;
  if (bytes.length < at + count * ROOT_BYTES) throw new MalformedRecord("commit record too short");
  const roots: RootRecord[] = [];
  for (let i = 0; i < count; i++, at += ROOT_BYTES) {
    roots.push({
      store: bytes.readUInt16BE(at),
      version: bytes.readUInt32BE(at + 2),
      nonce: bytes.readUInt32BE(at + 6),
      hash: bytes.latin1Slice(at + 10, at + 42) as ByteString,
    });
  }
  return {
    appHash: bytes.latin1Slice(0, HASH_BYTES) as ByteString,
    roots,
    meta: bytes.latin1Slice(at) as ByteString,
  };
}

function requireChecksum(bytes: Buffer): void {
  if (bytes.length < BODY_AT) throw new MalformedRecord("commit record too short");
  const plain = Buffer.from(bytes);
  plain.fill(0, HEAD_BYTES, BODY_AT);
  if (!checksum(plain).equals(bytes.subarray(HEAD_BYTES, BODY_AT))) {
    throw new MalformedRecord("commit record does not fit to its checksum");
  }
}
