import { crc32 } from "node:zlib";
import { MalformedRecord, writeUint32 } from "./node-codec.js";

/**
 * Node records are stored by the chunk: 64 nodes of one store and version with consecutive nonces. Nonces are given in
 * pre-order, so a chunk is mostly whole small subtrees, and a block is a few hundred appended values rather than 100,000.
 *
 *   checksum (CRC-32 of the rest) · presence bits (8 bytes) · end offset of each present record (4 bytes) · records
 *
 * The hashes of the tree cover everything but the keys of inner nodes; the checksum covers these too.
 */
export const CHUNK_NODES = 64;
const HEAD_BYTES = 4 + 8;

/** Nonces count from 1. */
export function chunkOf(nonce: number): number {
  return Math.floor((nonce - 1) / CHUNK_NODES);
}

export function indexInChunk(nonce: number): number {
  return (nonce - 1) % CHUNK_NODES;
}

/** Which of 64 nodes: two 32-bit words, the lower indices in the first. */
export interface NodeSet {
  readonly low: number;
  readonly high: number;
}

export const NO_NODES: NodeSet = { low: 0, high: 0 };

export function firstNodes(count: number): NodeSet {
  const word = (bits: number): number => (bits >= 32 ? 0xffff_ffff : bits <= 0 ? 0 : 2 ** bits - 1);
  return { low: word(count), high: word(count - 32) };
}

export function oneNode(index: number): NodeSet {
  return index < 32 ? { low: (1 << index) >>> 0, high: 0 } : { low: 0, high: (1 << (index - 32)) >>> 0 };
}

export function union(a: NodeSet, b: NodeSet): NodeSet {
  return { low: (a.low | b.low) >>> 0, high: (a.high | b.high) >>> 0 };
}

export function difference(a: NodeSet, b: NodeSet): NodeSet {
  return { low: (a.low & ~b.low) >>> 0, high: (a.high & ~b.high) >>> 0 };
}

export function contains({ low, high }: NodeSet, index: number): boolean {
  return (((index < 32 ? low >>> index : high >>> (index - 32)) & 1) as number) === 1;
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x5555_5555);
  v = (v & 0x3333_3333) + ((v >>> 2) & 0x3333_3333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

export function countNodes({ low, high }: NodeSet): number {
  return bitCount(low) + bitCount(high);
}

export function writeNodeSet(out: Buffer, at: number, { low, high }: NodeSet): number {
  return writeUint32(out, writeUint32(out, at, low), high);
}

export function readNodeSet(bytes: Buffer, at: number): NodeSet {
  return { low: bytes.readUInt32BE(at), high: bytes.readUInt32BE(at + 4) };
}

/** A chunk of records by their place in it. */
export function encodeChunk(records: ReadonlyMap<number, Buffer>): Buffer {
  let present = NO_NODES;
  const ends: number[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  for (let index = 0; index < CHUNK_NODES; index++) {
    const record = records.get(index);
    if (record === undefined) continue;
    present = union(present, oneNode(index));
    parts.push(record);
    ends.push((length += record.length));
  }
  const out = Buffer.concat([Buffer.alloc(chunkHeadBytes(parts.length)), ...parts]);
  sealChunk(out, present, ends);
  return out;
}

export function chunkHeadBytes(nodes: number): number {
  return HEAD_BYTES + 4 * nodes;
}

/** Fills in the head of a chunk whose records are already in place; `ends` are relative to the first record. */
export function sealChunk(chunk: Buffer, present: NodeSet, ends: readonly number[]): void {
  let at = writeNodeSet(chunk, 4, present);
  for (const end of ends) at = writeUint32(chunk, at, end);
  writeUint32(chunk, 0, crc32(chunk.subarray(4)));
}

/** A chunk as read, its checksum proven. Throws {@link MalformedRecord}. */
export class Chunk {
  readonly bytes: Buffer;
  readonly present: NodeSet;
  readonly #nodes: number;

  constructor(bytes: Buffer) {
    if (bytes.length < HEAD_BYTES) throw new MalformedRecord("chunk too short");
    if (crc32(bytes.subarray(4)) !== bytes.readUInt32BE(0)) throw new MalformedRecord("wrong checksum");
    this.bytes = bytes;
    this.present = readNodeSet(bytes, 4);
    this.#nodes = countNodes(this.present);
    if (bytes.length < chunkHeadBytes(this.#nodes)) throw new MalformedRecord("chunk too short");
  }

  /** Where the record of a node lies; undefined when the chunk does not hold it. */
  span(index: number): [start: number, end: number] | undefined {
    if (!contains(this.present, index)) return undefined;
    const before = firstNodes(index);
    const rank = bitCount(this.present.low & before.low) + bitCount(this.present.high & before.high);
    const base = chunkHeadBytes(this.#nodes);
    const start = rank === 0 ? 0 : this.bytes.readUInt32BE(HEAD_BYTES + 4 * (rank - 1));
    const end = this.bytes.readUInt32BE(HEAD_BYTES + 4 * rank);
    return [base + start, base + end];
  }

  /** The records by their place. Views of the chunk. */
  records(): Map<number, Buffer> {
    const records = new Map<number, Buffer>();
    for (let index = 0; index < CHUNK_NODES; index++) {
      const span = this.span(index);
      if (span !== undefined) records.set(index, this.bytes.subarray(...span));
    }
    return records;
  }

  /** The same chunk with fewer nodes; undefined when none is left. */
  keep(live: NodeSet): Buffer | undefined {
    const nodes = countNodes(live);
    if (nodes === 0) return undefined;
    const spans: [number, number][] = [];
    let length = 0;
    const ends: number[] = [];
    for (let index = 0; index < CHUNK_NODES; index++) {
      if (!contains(live, index)) continue;
      const span = this.span(index);
      if (span === undefined) throw new MalformedRecord("a node that is alive is missing");
      spans.push(span);
      length += span[1] - span[0];
      ends.push(length);
    }
    const head = chunkHeadBytes(nodes);
    const out = Buffer.allocUnsafe(head + length);
    let at = head;
    for (const [start, end] of spans) at += this.bytes.copy(out, at, start, end);
    sealChunk(out, live, ends);
    return out;
  }
}
