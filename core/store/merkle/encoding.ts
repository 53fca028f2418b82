import { hash as cryptoHash } from "node:crypto";

import type { ByteString } from "../../bytes.js";
import "../../node-buffer.js";

/**
 * The bytes that IAVL v1 hashes (github.com/cosmos/iavl, node.go, writeHashBytes):
 * leaf:  varint(0) varint(1) varint(version) bytes(key) bytes(sha256(value))
 * inner: varint(height) varint(size) varint(version) bytes(left hash) bytes(right hash)
 * varint is zigzag, bytes are preceded by their length as an unsigned varint.
 */
export const HASH_BYTES = 32;

/** sha256 of nothing: the hash of an empty tree. */
export const EMPTY_HASH = Buffer.from(
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "hex",
).latin1Slice() as ByteString;

/** sha256 as a byte string. The fastest form that Node has: neither a hash object nor a buffer is made. */
export function sha256(bytes: Uint8Array): ByteString {
  return cryptoHash("sha256", bytes, "binary") as ByteString;
}

/** Writes an unsigned varint; returns where it ended. Values are safe integers. */
export function writeUvarint(target: Uint8Array, at: number, value: number): number {
  let rest = value;
  while (rest >= 0x80) {
    target[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  target[at++] = rest;
  return at;
}

/** Writes a non-negative integer as Go's signed varint does: doubled. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  return writeUvarint(target, at, value * 2);
}

/** Reads an unsigned varint of a safe integer. */
export function readUvarint(source: Uint8Array, at: number): readonly [value: number, end: number] {
  let value = 0;
  let scale = 1;
  for (let i = at; i < at + 8; i++) {
    const byte = source[i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, i + 1];
    scale *= 128;
  }
  throw new RangeError("a number is cut short");
}

export function uvarintBytes(value: number): ByteString {
  const buffer = Buffer.allocUnsafe(9);
  return buffer.latin1Slice(0, writeUvarint(buffer, 0, value)) as ByteString;
}

export function varintBytes(value: number): ByteString {
  return uvarintBytes(value * 2);
}

/** Keys and values are hashed through this; it grows to the largest one. */
let scratch = Buffer.allocUnsafe(4096);
const views: (Buffer | undefined)[] = [];

function scratchOf(length: number): Buffer {
  if (scratch.length < length) {
    scratch = Buffer.allocUnsafe(length * 2);
    views.length = 0;
  }
  return scratch;
}

/** A view of the first bytes of the scratch buffer. Made once for each of the lengths that recur. */
function scratchView(length: number): Buffer {
  if (length >= 512) return scratch.subarray(0, length);
  return (views[length] ??= scratch.subarray(0, length));
}

/** sha256 of a byte string. */
export function sha256OfString(bytes: ByteString): ByteString {
  const buffer = scratchOf(bytes.length);
  buffer.latin1Write(bytes, 0);
  return sha256(scratchView(bytes.length));
}

export function leafHash(version: number, key: ByteString, value: ByteString): ByteString {
  const valueHash = sha256OfString(value);
  const buffer = scratchOf(key.length + 64);
  buffer[0] = 0;
  buffer[1] = 2;
  let at = writeVarint(buffer, 2, version);
  at = writeUvarint(buffer, at, key.length);
  at += buffer.latin1Write(key, at);
  buffer[at++] = HASH_BYTES;
  at += buffer.latin1Write(valueHash, at);
  return sha256(scratchView(at));
}

export interface InnerHashParts {
  readonly height: number;
  readonly size: number;
  readonly version: number;
  readonly left: ByteString;
  readonly right: ByteString;
}

export function innerHash(
  height: number,
  size: number,
  version: number,
  left: ByteString,
  right: ByteString,
): ByteString {
  const buffer = scratchOf(128);
  let at = writeVarint(buffer, 0, height);
  at = writeVarint(buffer, at, size);
  at = writeVarint(buffer, at, version);
  buffer[at++] = HASH_BYTES;
  at += buffer.latin1Write(left, at);
  buffer[at++] = HASH_BYTES;
  at += buffer.latin1Write(right, at);
  return sha256(scratchView(at));
}
