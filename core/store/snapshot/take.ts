import type { ByteString } from "../../bytes.js";
import { utf8ToByteString } from "../../bytes.js";
import type { CommitRecord } from "../commit-record.js";
import type { ChildRef, InnerRecord, NodeRecord } from "../tree/node-codec.js";
import { isLeaf, sha256, varintBytes } from "../tree/node-codec.js";
import {
  CHUNK_TARGET_BYTES,
  MAX_CHUNK_BYTES,
  MAX_CHUNKS,
  SNAPSHOT_FORMAT,
  SNAPSHOT_MAGIC,
  SnapshotWriter,
  TAG,
} from "./format.js";

/** A state that does not fit into this format: a value larger than a chunk, or too many chunks. */
export class SnapshotTooLarge extends Error {
  override readonly name = "SnapshotTooLarge";
}

/** The state of a height, as a snapshot is made of it. */
export interface SnapshotSource {
  readonly height: number;
  readonly commit: CommitRecord;
  readonly storeName: (store: number) => string;
  /** A node, checked against its hash. Called for every node once, children in order. */
  readonly read: (store: number, ref: ChildRef) => NodeRecord;
}

/**
 * Walks the trees of a height and hands over its chunks as they become full: those with subtrees first, from 1 on, and
 * chunk 0, the outline, at the end. The same bytes for the same state, on whichever node.
 *
 * @param targetBytes only tests have another one than the format's.
 */
export function takeSnapshot(
  source: SnapshotSource,
  emit: (index: number, chunk: Buffer) => void,
  targetBytes = CHUNK_TARGET_BYTES,
): void {
  const cutter = new Cutter(source, emit, targetBytes);
  const { height, commit } = source;
  const stores = commit.roots
    .map((root) => ({ root, name: utf8ToByteString(source.storeName(root.store)) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const outlines = stores.map(({ root, name }) => ({ name, ...cutter.cut(root.store, root) }));
  const counts = cutter.finish();

  const out = new SnapshotWriter();
  out.raw(SNAPSHOT_MAGIC as ByteString);
  out.byte(SNAPSHOT_FORMAT);
  out.varint(height);
  out.text(commit.meta);
  out.varint(outlines.length);
  for (const { name, records, bytes } of outlines) {
    out.text(name);
    out.varint(records);
    out.append(bytes);
  }
  out.varint(counts.length);
  for (const count of counts) out.varint(count);
  if (out.length > MAX_CHUNK_BYTES) throw new SnapshotTooLarge(`the outline takes ${out.length} bytes`);
  emit(0, out.view(0));
}

/** A subtree whose records are all in the buffer, and which may become part of a larger one. */
interface Whole {
  readonly start: number;
  /** As the outline has it, if it does not grow any more. */
  readonly record: OutlineRecord;
}

type OutlineRecord =
  | { readonly version: number; readonly key: ByteString; readonly value: ByteString }
  | { readonly version: number; readonly node: InnerRecord };

/**
 * Cuts trees into the largest subtrees that take at most so many bytes, and fills chunks with them. What lies above the
 * cuts is the outline.
 */
class Cutter {
  readonly #source: SnapshotSource;
  readonly #emit: (index: number, chunk: Buffer) => void;
  readonly #targetBytes: number;
  /** Records of the subtrees that are not cut yet. */
  readonly #buffer = new SnapshotWriter();
  #wholes: Whole[] = [];
  readonly #outline = new SnapshotWriter();
  #outlineRecords = 0;
  readonly #chunk = new SnapshotWriter();
  #subtrees = 0;
  readonly #counts: number[] = [];

  constructor(source: SnapshotSource, emit: (index: number, chunk: Buffer) => void, targetBytes: number) {
    this.#source = source;
    this.#emit = emit;
    this.#targetBytes = targetBytes;
  }

  cut(store: number, root: ChildRef): { records: number; bytes: Buffer } {
    this.#outline.clear();
    this.#outlineRecords = 0;
    if (root.version !== 0) {
      this.#walk(store, root);
      this.#cutWholes();
    }
    return { records: this.#outlineRecords, bytes: Buffer.from(this.#outline.view(0)) };
  }

  /** Closes the last chunk; returns how many subtrees each has. */
  finish(): readonly number[] {
    this.#closeChunk();
    return this.#counts;
  }

  /** Returns whether the subtree is whole: in the buffer, as the last one. */
  #walk(store: number, ref: ChildRef): boolean {
    const node = this.#source.read(store, ref);
    const { version } = ref;
    const buffer = this.#buffer;
    if (isLeaf(node)) {
      const { key, value } = node;
      this.#wholes.push({ start: buffer.length, record: { version, key, value } });
      buffer.byte(TAG.leaf);
      buffer.varint(version);
      buffer.text(key);
      buffer.text(value);
      return true;
    }
    const isLeftWhole = this.#walk(store, node.left);
    const isRightWhole = this.#walk(store, node.right);
    const left = this.#wholes.at(-2);
    if (isLeftWhole && isRightWhole && left !== undefined) {
      if (buffer.length - left.start + 1 + varintBytes(version) <= this.#targetBytes) {
        buffer.byte(TAG.inner);
        buffer.varint(version);
        this.#wholes.splice(-2, 2, { start: left.start, record: { version, node } });
        return true;
      }
    }
    this.#cutWholes();
    this.#outline.byte(TAG.inner);
    this.#outline.varint(version);
    this.#outlineRecords++;
    return false;
  }

  /** A node is too large to be whole, so are all above it: what is in the buffer does not grow any more. */
  #cutWholes(): void {
    const wholes = this.#wholes;
    for (const [i, { start, record }] of wholes.entries()) {
      const end = wholes[i + 1]?.start ?? this.#buffer.length;
      if (this.#subtrees > 0 && this.#chunk.length + end - start > this.#targetBytes) this.#closeChunk();
      this.#chunk.append(this.#buffer.view(start, end));
      this.#subtrees++;
      this.#writeOutline(record);
    }
    this.#wholes = [];
    this.#buffer.clear();
  }

  #writeOutline(record: OutlineRecord): void {
    const out = this.#outline;
    this.#outlineRecords++;
    if ("key" in record) {
      out.byte(TAG.leaf);
      out.varint(record.version);
      out.text(record.key);
      out.raw(sha256(Buffer.from(record.value, "latin1")));
      return;
    }
    const { height, size, left, right } = record.node;
    out.byte(TAG.subtree);
    out.varint(record.version);
    out.byte(height);
    out.varint(size);
    out.raw(left.hash);
    out.raw(right.hash);
  }

  #closeChunk(): void {
    if (this.#subtrees === 0) return;
    if (this.#chunk.length > MAX_CHUNK_BYTES) {
      throw new SnapshotTooLarge(`a value takes ${this.#chunk.length} bytes, and a chunk has ${MAX_CHUNK_BYTES}`);
    }
    if (this.#counts.length + 1 >= MAX_CHUNKS) throw new SnapshotTooLarge(`it has more than ${MAX_CHUNKS} chunks`);
    this.#counts.push(this.#subtrees);
    this.#emit(this.#counts.length, this.#chunk.view(0));
    this.#chunk.clear();
    this.#subtrees = 0;
  }
}
