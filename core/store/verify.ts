import type { ByteString } from "../bytes.js";
import type { Database } from "./database.js";
import { CorruptDatabase } from "./errors.js";
import { readCommit } from "./history.js";
import { multiStoreHash } from "./multistore-hash.js";
import { MissingNode, NodeReader } from "./node-reader.js";
import type { ChildRef, NodeRecord } from "./tree/node-codec.js";
import { EMPTY_HASH, isLeaf } from "./tree/node-codec.js";

export interface VerifyReport {
  readonly heights: number;
  readonly nodes: number;
}

/** What a parent must know of a subtree to check itself. */
interface Subtree {
  readonly height: number;
  readonly size: number;
  readonly firstKey: ByteString;
  readonly lastKey: ByteString;
}

/**
 * Reads every node that a kept height reaches, once, and checks its hash, its balance, its size and the order of its keys
 * (hashes do not cover the keys of inner nodes), and every app hash. Throws CorruptDatabase at the first fault.
 */
export function verifyDatabase(database: Database): VerifyReport {
  database.refresh();
  const { earliest, latest } = database.status();
  const reader = new NodeReader(database);
  const names = database.names();
  let nodes = 0;
  const read = (store: number, ref: ChildRef): NodeRecord => {
    try {
      return reader.read(store, ref);
    } catch (error) {
      throw error instanceof MissingNode ? new CorruptDatabase(error.message) : error;
    }
  };
  /** The subtree's outline; it is walked whole only where nodes are at least of version `from`. */
  const walk = (store: number, ref: ChildRef, from: number): Subtree => {
    const node = read(store, ref);
    if (isLeaf(node)) {
      nodes++;
      return { height: 0, size: 1, firstKey: node.key, lastKey: node.key };
    }
    if (ref.version < from) {
      // An earlier height reached it and it was checked there: the keys at its two ends are all that is needed.
      return {
        height: node.height,
        size: node.size,
        firstKey: edgeKey(store, node, "left"),
        lastKey: edgeKey(store, node, "right"),
      };
    }
    nodes++;
    const left = walk(store, node.left, from);
    const right = walk(store, node.right, from);
    const lean = left.height - right.height;
    const isSound =
      node.height === Math.max(left.height, right.height) + 1 &&
      node.size === left.size + right.size &&
      Math.abs(lean) <= 1 &&
      node.key === right.firstKey &&
      left.lastKey < node.key;
    if (!isSound)
      throw new CorruptDatabase(`node ${ref.nonce} of version ${ref.version} in store ${store} has a wrong shape`);
    return { height: node.height, size: node.size, firstKey: left.firstKey, lastKey: right.lastKey };
  };
  const edgeKey = (store: number, node: NodeRecord, side: "left" | "right"): ByteString => {
    while (!isLeaf(node)) node = read(store, node[side]);
    return node.key;
  };
  for (let version = earliest; version <= latest && latest > 0; version++) {
    const commit = readCommit(database, version);
    const hash = multiStoreHash(commit.roots.map((root) => ({ name: names[root.store] ?? "", hash: root.hash })));
    if (hash !== commit.appHash) throw new CorruptDatabase(`height ${version} does not have its app hash`);
    for (const root of commit.roots) {
      if (root.version !== 0) walk(root.store, root, version === earliest ? 0 : version);
      else if (root.hash !== EMPTY_HASH)
        throw new CorruptDatabase(`store ${root.store} at height ${version} has a wrong root`);
    }
  }
  return { heights: latest === 0 ? 0 : latest - earliest + 1, nodes };
}
