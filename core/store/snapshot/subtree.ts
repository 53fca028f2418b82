import type { ByteString } from "../../bytes.js";
import { MAX_KEY_BYTES } from "../kv.js";
import type { NodeRecord } from "../tree/node-codec.js";
import { leafHash } from "../tree/node-codec.js";
import { MalformedSnapshot, MAX_CHUNK_BYTES, MAX_TREE_HEIGHT, SnapshotReader, TAG } from "./format.js";
import type { Subtree } from "./outline.js";
import { joinLastTwo } from "./outline.js";

/** A node of a chunk, numbered. */
export interface RestoredNode {
  readonly version: number;
  readonly nonce: number;
  readonly record: NodeRecord;
}

/** A subtree as read, its hash that of the outline. */
export interface RestoredSubtree {
  readonly store: number;
  readonly firstKey: ByteString;
  readonly nodes: readonly RestoredNode[];
}

/**
 * Reads a chunk that has these subtrees, in this order. Throws {@link MalformedSnapshot} for anything whose hashes are
 * not those of the outline; keys of inner nodes, which hashes do not cover, are made anew.
 */
export function readSubtrees(
  bytes: Uint8Array,
  subtrees: readonly Subtree[],
  maxVersion: number,
): readonly RestoredSubtree[] {
  const reader = new SnapshotReader(bytes);
  const read = subtrees.map((subtree) => readSubtree(reader, subtree, maxVersion));
  reader.finish();
  return read;
}

interface Built {
  readonly version: number;
  readonly nonce: number;
  readonly hash: ByteString;
  readonly height: number;
  readonly size: number;
  readonly firstKey: ByteString;
}

function readSubtree(reader: SnapshotReader, expected: Subtree, maxVersion: number): RestoredSubtree {
  const nodes: RestoredNode[] = [];
  const stack: Built[] = [];
  let nonce = expected.firstNonce;
  // A root of the size that the outline promises ends it; the outline's hashes make sure of that size.
  for (let left = 2 * expected.size - 1; left > 0; left--, nonce++) {
    const tag = reader.byte();
    const version = reader.varint(1, maxVersion);
    if (tag === TAG.leaf) {
      const key = reader.text(1, MAX_KEY_BYTES);
      const value = reader.text(0, MAX_CHUNK_BYTES);
      nodes.push({ version, nonce, record: { height: 0, key, value } });
      stack.push({ version, nonce, hash: leafHash({ key, value, version }), height: 0, size: 1, firstKey: key });
    } else if (tag === TAG.inner) {
      const { node, left, right } = joinLastTwo(stack, version);
      const { height, size } = node;
      nodes.push({ version, nonce, record: { height, size, key: right.firstKey, left, right } });
      stack.push({ ...node, nonce, firstKey: left.firstKey });
    } else {
      throw new MalformedSnapshot(`there is no record ${tag} in a chunk`);
    }
    if (stack.length > MAX_TREE_HEIGHT + 1) throw new MalformedSnapshot("a subtree is too high");
  }
  const [root] = stack;
  if (root === undefined || stack.length > 1 || root.hash !== expected.hash) {
    throw new MalformedSnapshot("a subtree does not have the hash that the outline gives");
  }
  return { store: expected.store, firstKey: root.firstKey, nodes };
}
