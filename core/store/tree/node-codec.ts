import { hash } from "node:crypto";
import type { ByteString } from "../../bytes.js";

/**
 * Two encodings of a node. The *preimage* is what IAVL v1 hashes (iavl/node.go, writeHashBytes); the *record* is what our
 * database holds:
 *
 *   leaf   0 · key length · key · value length · value
 *   inner  height · size · key length · key · left id · right id · left hash · right hash
 *
 * Lengths and sizes are varints, an id is version and nonce as 32-bit big-endian integers. A parent holds the hashes of
 * its children, so that a proof reads the nodes of its path alone.
 */

export const HASH_BYTES = 32;

/** SHA-256 of nothing: the root of an empty tree. */
export const EMPTY_HASH = hash("sha256", "", "binary") as ByteString;

export interface NodeId {
  readonly version: number;
  readonly nonce: number;
}

export interface ChildRef extends NodeId {
  readonly hash: ByteString;
}

export interface LeafRecord {
  readonly height: 0;
  readonly key: ByteString;
  readonly value: ByteString;
}

export interface InnerRecord {
  readonly height: number;
  readonly size: number;
  /** The first key of the right subtree. */
  readonly key: ByteString;
  readonly left: ChildRef;
  readonly right: ChildRef;
}

export type NodeRecord = LeafRecord | InnerRecord;

export function isLeaf(node: NodeRecord): node is LeafRecord {
  return node.height === 0;
}

export function sha256(bytes: Uint8Array): ByteString {
  return hash("sha256", bytes, "binary") as ByteString;
}

/** Writes an unsigned varint below 2^53; returns the offset behind it. */
export function writeVarint(out: Uint8Array, at: number, value: number): number {
  while (value >= 0x80) {
    out[at++] = (value % 0x80) | 0x80;
    value = Math.floor(value / 0x80);
  }
  out[at++] = value;
  return at;
}

export function varintBytes(value: number): number {
  let bytes = 1;
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes++;
  return bytes;
}

/** Height, size and version as every preimage begins: Go's signed varints, which double a number that is not negative. */
export function writePreimageHead(
  out: Uint8Array,
  { height, size, version }: { height: number; size: number; version: number },
): number {
  let at = writeVarint(out, 0, 2 * height);
  at = writeVarint(out, at, 2 * size);
  return writeVarint(out, at, 2 * version);
}

let scratch = Buffer.alloc(4096);
/** Views of the scratch buffer by length: making one for each hash would cost more than hashing. */
const views: (Buffer | undefined)[] = [];

function reserveScratch(bytes: number): void {
  if (bytes <= scratch.length) return;
  scratch = Buffer.alloc(2 * bytes);
  views.length = 0;
}

function view(length: number): Buffer {
  if (length >= 256) return scratch.subarray(0, length);
  return (views[length] ??= scratch.subarray(0, length));
}

export function leafHash({ key, value, version }: { key: ByteString; value: ByteString; version: number }): ByteString {
  reserveScratch(value.length);
  scratch.latin1Write(value, 0);
  return leafHashOf({ key, valueHash: hash("sha256", view(value.length), "binary") as ByteString, version });
}

/** The hash of a leaf of whose value only the SHA-256 is known. */
export function leafHashOf({
  key,
  valueHash,
  version,
}: {
  key: ByteString;
  valueHash: ByteString;
  version: number;
}): ByteString {
  reserveScratch(key.length + 80);
  let at = writePreimageHead(scratch, { height: 0, size: 1, version });
  at = writeVarint(scratch, at, key.length);
  at += scratch.latin1Write(key, at);
  scratch[at++] = HASH_BYTES;
  at += scratch.latin1Write(valueHash, at);
  return hash("sha256", view(at), "binary") as ByteString;
}

/** The hash of an inner node whose children's hashes are in `hashes` at two offsets. */
export function innerHash(
  height: number,
  size: number,
  version: number,
  hashes: Uint8Array,
  left: number,
  right: number,
): ByteString {
  const out = scratch;
  let at = writeVarint(out, 0, 2 * height);
  at = writeVarint(out, at, 2 * size);
  at = writeVarint(out, at, 2 * version);
  out[at++] = HASH_BYTES;
  for (let i = 0; i < HASH_BYTES; i++) out[at++] = hashes[left + i] as number;
  out[at++] = HASH_BYTES;
  for (let i = 0; i < HASH_BYTES; i++) out[at++] = hashes[right + i] as number;
  return hash("sha256", view(at), "binary") as ByteString;
}

const pair = Buffer.alloc(2 * HASH_BYTES);

/** The hash of a node as read from the database, made by the block of height `version`. */
export function recordHash(node: NodeRecord, version: number): ByteString {
  if (isLeaf(node)) return leafHash({ key: node.key, value: node.value, version });
  pair.latin1Write(node.left.hash, 0);
  pair.latin1Write(node.right.hash, HASH_BYTES);
  return innerHash(node.height, node.size, version, pair, 0, HASH_BYTES);
}

export function leafRecordBytes(key: ByteString, value: ByteString): number {
  return 1 + varintBytes(key.length) + key.length + varintBytes(value.length) + value.length;
}

export function innerRecordBytes(key: ByteString, size: number): number {
  return 1 + varintBytes(size) + varintBytes(key.length) + key.length + 16 + 2 * HASH_BYTES;
}

export function writeLeafRecord(out: Buffer, at: number, key: ByteString, value: ByteString): number {
  out[at++] = 0;
  at = writeVarint(out, at, key.length);
  at += out.latin1Write(key, at);
  at = writeVarint(out, at, value.length);
  at += out.latin1Write(value, at);
  return at;
}

/** The record of a node by itself. */
export function encodeRecord(node: NodeRecord): Buffer {
  if (isLeaf(node)) {
    const out = Buffer.allocUnsafe(leafRecordBytes(node.key, node.value));
    writeLeafRecord(out, 0, node.key, node.value);
    return out;
  }
  const { height, size, key, left, right } = node;
  const out = Buffer.allocUnsafe(innerRecordBytes(key, size));
  out[0] = height;
  let at = writeVarint(out, 1, size);
  at = writeVarint(out, at, key.length);
  at += out.latin1Write(key, at);
  for (const { version, nonce } of [left, right]) at = writeUint32(out, writeUint32(out, at, version), nonce);
  at += out.latin1Write(left.hash, at);
  out.latin1Write(right.hash, at);
  return out;
}

export function writeUint32(out: Uint8Array, at: number, value: number): number {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
  return at + 4;
}

/** Bytes that are no record. The caller knows where they were and says so. */
export class MalformedRecord extends Error {
  override readonly name = "MalformedRecord";
}

class Reader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || this.#at >= this.#end) throw new MalformedRecord("too short");
    this.#at++;
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 53; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    throw new MalformedRecord("number too long");
  }

  uint32(): number {
    return this.byte() * 0x100_0000 + ((this.byte() << 16) | (this.byte() << 8) | this.byte());
  }

  text(length: number): ByteString {
    const end = this.#at + length;
    if (end > this.#end) throw new MalformedRecord("too short");
    const text = this.#bytes.latin1Slice(this.#at, end) as ByteString;
    this.#at = end;
    return text;
  }

  finish(): void {
    if (this.#at !== this.#end) throw new MalformedRecord("too long");
  }
}

export function readRecord(bytes: Buffer, start: number, end: number): NodeRecord {
  const reader = new Reader(bytes, start, end);
  const height = reader.byte();
  if (height === 0) {
    const leaf: LeafRecord = { height, key: reader.text(reader.varint()), value: reader.text(reader.varint()) };
    reader.finish();
    return leaf;
  }
  const size = reader.varint();
  const key = reader.text(reader.varint());
  const leftId = { version: reader.uint32(), nonce: reader.uint32() };
  const rightId = { version: reader.uint32(), nonce: reader.uint32() };
  const left = { ...leftId, hash: reader.text(HASH_BYTES) };
  const right = { ...rightId, hash: reader.text(HASH_BYTES) };
  reader.finish();
  return { height, size, key, left, right };
}
