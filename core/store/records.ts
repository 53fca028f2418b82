import type { ByteString } from "../bytes.js";
import "../node-buffer.js";
import type { NodeArena, Slot, StubFields } from "./merkle/arena.js";
import { HASH_BYTES } from "./merkle/encoding.js";
import { readUvarint, writeUvarint } from "./merkle/encoding.js";
import type { NodeId } from "./merkle/writer.js";

/**
 * How nodes, roots and orphans are written (docs/adr/001). Nodes of a version are numbered from 1 and packed, 64 at a time,
 * into chunks:
 *
 * chunk: u8 count, count × u8 position in the chunk, count × u32 end of its record, records
 * leaf:  u8 0, uvarint key length, key, value
 * inner: u8 height, uvarint key length, key, 2 × child
 * child: u32 version, u32 nonce, u8 height, u48 size, 32 bytes hash
 *
 * All numbers are big-endian.
 */
export const CHUNK_NODES = 64;

/** Bytes in the database that are no record. The database is damaged, or not ours. */
export class CorruptRecordError extends Error {
  override readonly name = "CorruptRecordError";
}

/** Chunk and position of a node in it. */
export function chunkOf(nonce: number): { readonly chunk: number; readonly position: number } {
  return { chunk: Math.floor((nonce - 1) / CHUNK_NODES), position: (nonce - 1) % CHUNK_NODES };
}

/** `version ‖ store ‖ chunk`: a block's chunks are appended at the end of the table. */
export function chunkKey(version: number, storeId: number, chunk: number): Buffer {
  const key = Buffer.allocUnsafe(10);
  key.writeUInt32BE(version, 0);
  key.writeUInt16BE(storeId, 4);
  key.writeUInt32BE(chunk, 6);
  return key;
}

export function versionKey(version: number): Buffer {
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(version, 0);
  return key;
}

const CHILD_BYTES = 4 + 4 + 1 + 6 + HASH_BYTES;

/** Records are put together here; it grows to the largest chunk. */
let scratch = Buffer.allocUnsafe(1 << 16);

function reserve(bytes: number, used: number): void {
  if (scratch.length >= bytes) return;
  const grown = Buffer.allocUnsafe(bytes * 2);
  scratch.copy(grown, 0, 0, used);
  scratch = grown;
}

/** A chunk of whole nodes, `slots[i]` at position i. */
export function encodeChunk(arena: NodeArena, slots: readonly Slot[]): Buffer {
  const header = 1 + slots.length * 5;
  let at = header;
  scratch[0] = slots.length;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!;
    reserve(at + 16 + arena.key[slot]!.length + (arena.value[slot]?.length ?? 2 * CHILD_BYTES), at);
    at = writeNode(arena, slot, at);
    scratch[1 + i] = i;
    scratch.writeUInt32BE(at, 1 + slots.length + i * 4);
  }
  return Buffer.from(scratch.subarray(0, at));
}

function writeNode(arena: NodeArena, slot: Slot, start: number): number {
  const key = arena.key[slot]!;
  const height = arena.height[slot]!;
  let at = start;
  scratch[at++] = height;
  at = writeUvarint(scratch, at, key.length);
  at += scratch.latin1Write(key, at);
  if (height === 0) return at + scratch.latin1Write(arena.value[slot]!, at);
  at = writeChild(arena, arena.left[slot]!, at);
  return writeChild(arena, arena.right[slot]!, at);
}

function writeChild(arena: NodeArena, slot: Slot, at: number): number {
  scratch.writeUInt32BE(arena.version[slot]!, at);
  scratch.writeUInt32BE(arena.nonce[slot]!, at + 4);
  scratch[at + 8] = arena.height[slot]!;
  scratch.writeUIntBE(arena.size[slot]!, at + 9, 6);
  scratch.latin1Write(arena.hash[slot]!, at + 15);
  return at + CHILD_BYTES;
}

/** A node as its record says it, without what its parent's record says. */
export type NodeRecord =
  | { readonly height: 0; readonly key: ByteString; readonly value: ByteString }
  | { readonly height: number; readonly key: ByteString; readonly left: StubFields; readonly right: StubFields };

/** The node at a position of a chunk; undefined when it is not there. */
export function decodeNode(chunk: Buffer, position: number): NodeRecord | undefined {
  const count = chunk[0];
  if (count === undefined || count > CHUNK_NODES) throw new CorruptRecordError("a chunk of nodes is damaged");
  // Dense until something was pruned; then positions are sorted.
  let index = chunk[1 + position] === position ? position : -1;
  if (index < 0 || index >= count) {
    index = -1;
    for (let i = 0; i < count && index < 0; i++) if (chunk[1 + i] === position) index = i;
    if (index < 0) return undefined;
  }
  const [start, end] = recordBounds(chunk, count, index);
  return readNode(chunk, start, end);
}

function recordBounds(chunk: Buffer, count: number, index: number): readonly [start: number, end: number] {
  const ends = 1 + count;
  const start = index === 0 ? ends + count * 4 : chunk.readUInt32BE(ends + (index - 1) * 4);
  const end = chunk.readUInt32BE(ends + index * 4);
  if (start >= end || end > chunk.length) throw new CorruptRecordError("a chunk of nodes is damaged");
  return [start, end];
}

function readNode(chunk: Buffer, start: number, end: number): NodeRecord {
  const height = chunk[start]!;
  const [keyLength, keyStart] = readUvarint(chunk, start + 1);
  const keyEnd = keyStart + keyLength;
  if (keyEnd > end) throw new CorruptRecordError("a node is damaged");
  const key = chunk.latin1Slice(keyStart, keyEnd) as ByteString;
  if (height === 0) return { height, key, value: chunk.latin1Slice(keyEnd, end) as ByteString };
  if (end - keyEnd !== 2 * CHILD_BYTES) throw new CorruptRecordError("a node is damaged");
  return { height, key, left: readChild(chunk, keyEnd), right: readChild(chunk, keyEnd + CHILD_BYTES) };
}

function readChild(chunk: Buffer, at: number): StubFields {
  return {
    version: chunk.readUInt32BE(at),
    nonce: chunk.readUInt32BE(at + 4),
    height: chunk[at + 8]!,
    size: chunk.readUIntBE(at + 9, 6),
    hash: chunk.latin1Slice(at + 15, at + CHILD_BYTES) as ByteString,
  };
}

/** The chunk without the positions of a set; undefined when nothing is left. The same one when none of them was there. */
export function withoutPositions(chunk: Buffer, drop: ReadonlySet<number>): Buffer | undefined {
  const count = chunk[0]!;
  const kept: number[] = [];
  for (let i = 0; i < count; i++) if (!drop.has(chunk[1 + i]!)) kept.push(i);
  if (kept.length === 0) return undefined;
  if (kept.length === count) return chunk;
  const bounds = kept.map((index) => recordBounds(chunk, count, index));
  const header = 1 + kept.length * 5;
  const size = bounds.reduce((sum, [start, end]) => sum + end - start, header);
  const target = Buffer.allocUnsafe(size);
  target[0] = kept.length;
  let at = header;
  for (const [i, [start, end]] of bounds.entries()) {
    target[1 + i] = chunk[1 + kept[i]!]!;
    at += chunk.copy(target, at, start, end);
    target.writeUInt32BE(at, 1 + kept.length + i * 4);
  }
  return target;
}

/** Sorted ids, each as the differences from the one before: uvarint version, uvarint nonce (whole where the version changed). */
export function encodeOrphans(ids: readonly NodeId[]): Buffer {
  const sorted = [...ids].sort((a, b) => a.version - b.version || a.nonce - b.nonce);
  const target = Buffer.allocUnsafe(sorted.length * 12);
  let at = 0;
  let version = 0;
  let nonce = 0;
  for (const id of sorted) {
    at = writeUvarint(target, at, id.version - version);
    if (id.version !== version) nonce = 0;
    at = writeUvarint(target, at, id.nonce - nonce);
    version = id.version;
    nonce = id.nonce;
  }
  return Buffer.from(target.subarray(0, at));
}

export function* decodeOrphans(bytes: Buffer): IterableIterator<NodeId> {
  let at = 0;
  let version = 0;
  let nonce = 0;
  while (at < bytes.length) {
    let step: number;
    [step, at] = readUvarint(bytes, at);
    version += step;
    if (step !== 0) nonce = 0;
    [step, at] = readUvarint(bytes, at);
    nonce += step;
    yield { version, nonce };
  }
}
