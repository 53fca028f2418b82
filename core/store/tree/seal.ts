import type { ByteString } from "../../bytes.js";
import type { NodeArena } from "./arena.js";
import { NONE } from "./arena.js";
import { CHUNK_NODES, chunkHeadBytes, firstNodes, sealChunk } from "./chunk.js";
import {
  HASH_BYTES,
  innerHash,
  innerRecordBytes,
  leafHash,
  leafRecordBytes,
  writeLeafRecord,
  writeUint32,
  writeVarint,
} from "./node-codec.js";

/**
 * Numbers the new nodes of a tree in pre-order and hashes them, children first, in one pass. Returns their slots in order
 * of their nonces (from 1).
 */
export function numberAndHash(arena: NodeArena, root: number, version: number): number[] {
  const created: number[] = [];
  const visit = (slot: number): void => {
    arena.version[slot] = version;
    arena.nonce[slot] = created.push(slot);
    const height = arena.height[slot] as number;
    let digest: ByteString;
    if (height === 0) {
      digest = leafHash({ key: arena.keys[slot] as ByteString, value: arena.values[slot] as ByteString, version });
    } else {
      const left = arena.left[slot] as number;
      const right = arena.right[slot] as number;
      if (arena.nonce[left] === 0) visit(left);
      if (arena.nonce[right] === 0) visit(right);
      const size = arena.size[slot] as number;
      digest = innerHash(height, size, version, arena.hashes, left * HASH_BYTES, right * HASH_BYTES);
    }
    arena.hashes.latin1Write(digest, slot * HASH_BYTES);
  };
  if (root !== NONE && arena.nonce[root] === 0) visit(root);
  return created;
}

/** Encoded chunks one behind the other in a buffer that is used again for every block. */
export class ChunkBuffer {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #end = 0;

  /** Forgets what was written; gives memory back that one large block took. */
  clear(): void {
    this.#end = 0;
    if (this.#bytes.length > 1 << 26) this.#bytes = Buffer.allocUnsafe(1 << 16);
  }

  view(start: number, end: number): Buffer {
    return this.#bytes.subarray(start, end);
  }

  /** Encodes nodes with consecutive nonces, in chunks; returns where each begins, and the end of the last. */
  write(arena: NodeArena, created: readonly number[]): number[] {
    const bounds = [this.#end];
    for (let first = 0; first < created.length; first += CHUNK_NODES) {
      const nodes = Math.min(CHUNK_NODES, created.length - first);
      const head = chunkHeadBytes(nodes);
      let needed = head;
      for (let i = first; i < first + nodes; i++) needed += recordBytes(arena, created[i] as number);
      this.#reserve(needed);
      const start = this.#end;
      const base = start + head;
      const ends: number[] = [];
      let at = base;
      for (let i = first; i < first + nodes; i++) {
        at = writeRecord(this.#bytes, at, arena, created[i] as number);
        ends.push(at - base);
      }
      sealChunk(this.#bytes.subarray(start, at), firstNodes(nodes), ends);
      this.#end = at;
      bounds.push(at);
    }
    return bounds;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + bytes));
    this.#bytes.copy(bigger, 0, 0, this.#end);
    this.#bytes = bigger;
  }
}

function recordBytes(arena: NodeArena, slot: number): number {
  const key = arena.keys[slot] as ByteString;
  if (arena.height[slot] === 0) return leafRecordBytes(key, arena.values[slot] as ByteString);
  return innerRecordBytes(key, arena.size[slot] as number);
}

function writeRecord(out: Buffer, at: number, arena: NodeArena, slot: number): number {
  const key = arena.keys[slot] as ByteString;
  const height = arena.height[slot] as number;
  if (height === 0) return writeLeafRecord(out, at, key, arena.values[slot] as ByteString);
  const left = arena.left[slot] as number;
  const right = arena.right[slot] as number;
  out[at++] = height;
  at = writeVarint(out, at, arena.size[slot] as number);
  at = writeVarint(out, at, key.length);
  at += out.latin1Write(key, at);
  at = writeUint32(out, at, arena.version[left] as number);
  at = writeUint32(out, at, arena.nonce[left] as number);
  at = writeUint32(out, at, arena.version[right] as number);
  at = writeUint32(out, at, arena.nonce[right] as number);
  const hashes = arena.hashes;
  let from = left * HASH_BYTES;
  for (let i = 0; i < HASH_BYTES; i++) out[at++] = hashes[from++] as number;
  from = right * HASH_BYTES;
  for (let i = 0; i < HASH_BYTES; i++) out[at++] = hashes[from++] as number;
  return at;
}
