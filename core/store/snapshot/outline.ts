import type { ByteString } from "../../bytes.js";
import { compareBytes, fromByteString } from "../../bytes.js";
import { MAX_KEY_BYTES } from "../kv.js";
import { multiStoreHash } from "../multistore-hash.js";
import type { ChildRef } from "../tree/node-codec.js";
import { EMPTY_HASH, HASH_BYTES, innerHash, leafHashOf } from "../tree/node-codec.js";
import {
  MalformedSnapshot,
  MAX_CHUNKS,
  MAX_META_BYTES,
  MAX_NAME_BYTES,
  MAX_STORES,
  MAX_TREE_HEIGHT,
  SNAPSHOT_FORMAT,
  SNAPSHOT_MAGIC,
  SnapshotReader,
  TAG,
} from "./format.js";

const MAX_UINT32 = 0xffff_ffff;

/** A subtree that a chunk brings, as the outline knows it: its hash is proven, and with it all else. */
export interface Subtree {
  /** Which of the outline's stores. */
  readonly store: number;
  /** Number of its first node in post-order; those of a store count from 1. It becomes the nonce. */
  readonly firstNonce: number;
  readonly size: number;
  readonly hash: ByteString;
}

/** An inner node above the subtrees. Its key is the first of a subtree, and comes with that. */
export interface TopNode {
  readonly version: number;
  readonly nonce: number;
  readonly height: number;
  readonly size: number;
  readonly left: ChildRef;
  readonly right: ChildRef;
  /** Position among all subtrees of the one whose first key is this node's. */
  readonly keySubtree: number;
}

export interface OutlineStore {
  readonly name: string;
  /** Undefined for an empty tree. */
  readonly root: ChildRef | undefined;
  readonly tops: readonly TopNode[];
}

/** Chunk 0: what all other chunks are checked against. */
export interface Outline {
  readonly height: number;
  /** What the application keeps with the height; nothing proves it. */
  readonly meta: ByteString;
  readonly stores: readonly OutlineStore[];
  /** All subtrees, in the order of the chunks. */
  readonly subtrees: readonly Subtree[];
  /** Where among them those of a chunk begin: `starts[0]` is chunk 1's; the last is their number. */
  readonly starts: readonly number[];
  readonly appHash: ByteString;
}

/** Reads chunk 0. Throws {@link MalformedSnapshot}. The caller compares height and app hash with those it trusts. */
export function readOutline(bytes: Uint8Array): Outline {
  const reader = new SnapshotReader(bytes);
  if (reader.raw(SNAPSHOT_MAGIC.length) !== SNAPSHOT_MAGIC) throw new MalformedSnapshot("it is no snapshot");
  const format = reader.byte();
  if (format !== SNAPSHOT_FORMAT) throw new MalformedSnapshot(`its format is ${format}`);
  const height = reader.varint(1, MAX_UINT32);
  const meta = reader.text(0, MAX_META_BYTES);
  const subtrees: Subtree[] = [];
  const stores: OutlineStore[] = [];
  let lastName: ByteString | undefined;
  for (let left = reader.varint(0, MAX_STORES); left > 0; left--) {
    const name = reader.text(1, MAX_NAME_BYTES);
    if (lastName !== undefined && compareBytes(name, lastName) <= 0)
      throw new MalformedSnapshot("its stores are not in order");
    lastName = name;
    stores.push(readStore(reader, { name, height, store: stores.length, subtrees }));
  }
  const starts = [0];
  for (let left = reader.varint(0, MAX_CHUNKS - 1); left > 0; left--) {
    const start = starts.at(-1) as number;
    starts.push(start + reader.varint(1, subtrees.length - start));
  }
  if (starts.at(-1) !== subtrees.length) throw new MalformedSnapshot("its chunks have not all subtrees");
  reader.finish();
  const appHash = multiStoreHash(stores.map(({ name, root }) => ({ name, hash: root?.hash ?? EMPTY_HASH })));
  return { height, meta, stores, subtrees, starts, appHash };
}

/** A node on the stack that post-order builds. */
interface Built extends ChildRef {
  readonly height: number;
  readonly size: number;
  readonly firstSubtree: number;
}

const pair = Buffer.alloc(2 * HASH_BYTES);

function readStore(
  reader: SnapshotReader,
  at: {
    readonly name: ByteString;
    readonly height: number;
    readonly store: number;
    readonly subtrees: Subtree[];
  },
): OutlineStore {
  const { store, subtrees } = at;
  const tops: TopNode[] = [];
  const stack: Built[] = [];
  let nodes = 0;
  const addSubtree = (node: { version: number; height: number; size: number; hash: ByteString }): void => {
    subtrees.push({ store, firstNonce: nodes + 1, size: node.size, hash: node.hash });
    nodes += 2 * node.size - 1;
    if (nodes > MAX_UINT32) throw new MalformedSnapshot("a tree has more nodes than can be numbered");
    stack.push({ ...node, nonce: nodes, firstSubtree: subtrees.length - 1 });
  };
  for (let left = reader.varint(0, MAX_UINT32); left > 0; left--) {
    const tag = reader.byte();
    const version = reader.varint(1, at.height);
    if (tag === TAG.leaf) {
      const key = reader.text(1, MAX_KEY_BYTES);
      const hash = leafHashOf({ key, valueHash: reader.hash(), version });
      addSubtree({ version, height: 0, size: 1, hash });
    } else if (tag === TAG.subtree) {
      const height = reader.byte();
      if (height < 1 || height > MAX_TREE_HEIGHT) throw new MalformedSnapshot(`a subtree has height ${height}`);
      const size = reader.varint(2, MAX_UINT32);
      pair.latin1Write(reader.raw(2 * HASH_BYTES), 0);
      addSubtree({ version, height, size, hash: innerHash(height, size, version, pair, 0, HASH_BYTES) });
    } else if (tag === TAG.inner) {
      const { node, left, right } = joinLastTwo(stack, version);
      nodes++;
      const nonce = nodes;
      const { height, size } = node;
      tops.push({ version, nonce, height, size, left, right, keySubtree: right.firstSubtree });
      stack.push({ ...node, nonce, firstSubtree: left.firstSubtree });
    } else {
      throw new MalformedSnapshot(`there is no record ${tag}`);
    }
    if (stack.length > MAX_TREE_HEIGHT + 1) throw new MalformedSnapshot("a tree is too high");
  }
  if (stack.length > 1) throw new MalformedSnapshot("a tree has several roots");
  const [root] = stack;
  const name = Buffer.from(fromByteString(at.name)).toString("utf8");
  return {
    name,
    root: root === undefined ? undefined : { version: root.version, nonce: root.nonce, hash: root.hash },
    tops,
  };
}

/** Takes the last two nodes from a stack and makes their parent, without a place among the others. */
export function joinLastTwo<N extends { readonly height: number; readonly size: number; readonly hash: ByteString }>(
  stack: N[],
  version: number,
): {
  readonly left: N;
  readonly right: N;
  readonly node: {
    readonly version: number;
    readonly height: number;
    readonly size: number;
    readonly hash: ByteString;
  };
} {
  const right = stack.pop();
  const left = stack.pop();
  if (left === undefined || right === undefined) throw new MalformedSnapshot("a node has no children");
  const height = Math.max(left.height, right.height) + 1;
  const size = left.size + right.size;
  pair.latin1Write(left.hash, 0);
  pair.latin1Write(right.hash, HASH_BYTES);
  return { left, right, node: { version, height, size, hash: innerHash(height, size, version, pair, 0, HASH_BYTES) } };
}
