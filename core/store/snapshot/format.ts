import type { ByteString } from "../../bytes.js";
import { HASH_BYTES, varintBytes, writeVarint } from "../tree/node-codec.js";

/** Of what is described in README.md. A snapshot of another number is not read. */
export const SNAPSHOT_FORMAT = 1;
export const SNAPSHOT_MAGIC = "CPTMSNAP";
/** What a chunk and a subtree are filled up to. Part of the format: every node cuts at the same places. */
export const CHUNK_TARGET_BYTES = 2 << 20;
/** CometBFT takes chunks below 16,000,000 bytes (statesync/messages.go, chunkMsgSize), with some for the message around. */
export const MAX_CHUNK_BYTES = 15_900_000;
/** The metadata, 32 bytes a chunk, must fit into a message of 4,000,000 bytes (snapshotMsgSize). */
export const MAX_CHUNKS = 120_000;
/** Higher than any balanced tree of 2^32 leaves. */
export const MAX_TREE_HEIGHT = 64;
export const MAX_STORES = 1_000;
export const MAX_NAME_BYTES = 256;
export const MAX_META_BYTES = 64 << 10;

/** Records of a tree in post-order: children come before their parent, which therefore need not name them. */
export const TAG = {
  /** In an outline: version · key · SHA-256 of the value. In a chunk: version · key · value. */
  leaf: 0,
  /** version; height and size follow from the two children before it. */
  inner: 1,
  /** Only in an outline, the root of a subtree whose records are in a chunk: version · height · size · both hashes. */
  subtree: 2,
} as const;

/** Bytes that are no part of a snapshot of this format. */
export class MalformedSnapshot extends Error {
  override readonly name = "MalformedSnapshot";
}

/** Appends fields to a buffer that grows. */
export class SnapshotWriter {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** A view, good until the next write. */
  view(start: number, end = this.#end): Buffer {
    return this.#bytes.subarray(start, end);
  }

  clear(): void {
    this.#end = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  varint(value: number): void {
    this.#reserve(varintBytes(value));
    this.#end = writeVarint(this.#bytes, this.#end, value);
  }

  raw(text: ByteString): void {
    this.#reserve(text.length);
    this.#end += this.#bytes.latin1Write(text, this.#end);
  }

  text(text: ByteString): void {
    this.varint(text.length);
    this.raw(text);
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + bytes));
    this.#bytes.copy(bigger, 0, 0, this.#end);
    this.#bytes = bigger;
  }
}

/** Reads fields in their one encoding; anything else is {@link MalformedSnapshot}. */
export class SnapshotReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedSnapshot("it ends too early");
    this.#at++;
    return byte;
  }

  /** At least `min`, at most `max`, in as few bytes as it needs. */
  varint(min: number, max: number): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 53; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte >= 0x80) continue;
      if (byte === 0 && unit > 1) throw new MalformedSnapshot("a number is longer than it needs");
      if (value < min || value > max) throw new MalformedSnapshot(`${value} is not between ${min} and ${max}`);
      return value;
    }
    throw new MalformedSnapshot("a number is too long");
  }

  raw(length: number): ByteString {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedSnapshot("it ends too early");
    const text = this.#bytes.latin1Slice(this.#at, end) as ByteString;
    this.#at = end;
    return text;
  }

  hash(): ByteString {
    return this.raw(HASH_BYTES);
  }

  text(minBytes: number, maxBytes: number): ByteString {
    return this.raw(this.varint(minBytes, maxBytes));
  }

  finish(): void {
    if (!this.isAtEnd) throw new MalformedSnapshot("something is behind its end");
  }
}
