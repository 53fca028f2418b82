import type { ByteString } from "../bytes.js";
import { compareBytes, utf8ToByteString } from "../bytes.js";
import { EMPTY_HASH, sha256OfString, uvarintBytes } from "./merkle/encoding.js";

/**
 * The hash of the stores together: CometBFT's simple Merkle tree over the sorted store names (RFC 6962 shape),
 * as cosmossdk.io/store CommitInfo.Hash has it.
 */

/** The steps from a leaf to the root: what stands before and behind the child's hash in each inner node. */
export interface MerkleStep {
  readonly prefix: ByteString;
  readonly suffix: ByteString;
}

const LEAF = "\x00" as ByteString;
const INNER = "\x01";

function leafOf(name: string, rootHash: ByteString): ByteString {
  const key = utf8ToByteString(name);
  const value = sha256OfString(rootHash);
  return sha256OfString((LEAF + uvarintBytes(key.length) + key + uvarintBytes(value.length) + value) as ByteString);
}

function sorted(roots: ReadonlyMap<string, ByteString>): readonly (readonly [string, ByteString])[] {
  return [...roots].sort(([a], [b]) => compareBytes(utf8ToByteString(a), utf8ToByteString(b)));
}

/** The largest power of two below `n`. */
function split(n: number): number {
  let size = 1;
  while (size * 2 < n) size *= 2;
  return size;
}

function rootOf(leaves: readonly ByteString[]): ByteString {
  if (leaves.length === 0) return EMPTY_HASH;
  if (leaves.length === 1) return leaves[0]!;
  const at = split(leaves.length);
  return sha256OfString((INNER + rootOf(leaves.slice(0, at)) + rootOf(leaves.slice(at))) as ByteString);
}

/** The app hash over root hashes by store name. */
export function simpleMerkleRoot(roots: ReadonlyMap<string, ByteString>): ByteString {
  return rootOf(sorted(roots).map(([name, hash]) => leafOf(name, hash)));
}

/** The path of a store to the app hash, from its leaf upwards. */
export function simpleMerklePath(roots: ReadonlyMap<string, ByteString>, storeName: string): readonly MerkleStep[] {
  const entries = sorted(roots);
  const steps: MerkleStep[] = [];
  let leaves = entries.map(([name, hash]) => leafOf(name, hash));
  let index = entries.findIndex(([name]) => name === storeName);
  if (index < 0) throw new RangeError(`no store ${storeName}`);
  while (leaves.length > 1) {
    const at = split(leaves.length);
    const [left, right] = [leaves.slice(0, at), leaves.slice(at)];
    if (index < at) {
      steps.unshift({ prefix: INNER as ByteString, suffix: rootOf(right) });
      leaves = left;
    } else {
      steps.unshift({ prefix: (INNER + rootOf(left)) as ByteString, suffix: "" as ByteString });
      leaves = right;
      index -= at;
    }
  }
  return steps;
}
