import type { ByteString } from "../bytes.js";
import { compareBytes, concatBytes, fromByteString, utf8ToByteString } from "../bytes.js";
import { EMPTY_HASH, sha256, varintBytes, writeVarint } from "./tree/node-codec.js";

/**
 * The app hash over the roots of all stores: a Merkle tree in the manner of RFC 6962 with one leaf per store in byte order
 * of names, each leaf being length-prefixed name and length-prefixed SHA-256 of the root. As CommitInfo.Hash in
 * cosmossdk.io/store/types and crypto/merkle in CometBFT make it.
 */

const LEAF_PREFIX = "\x00" as ByteString;
const INNER_PREFIX = "\x01" as ByteString;

/** One step from a leaf up to the app hash: `prefix ‖ child ‖ suffix` is hashed. */
export interface MerkleStep {
  readonly prefix: ByteString;
  readonly suffix: ByteString;
}

export interface StoreRoot {
  readonly name: string;
  readonly hash: ByteString;
}

function digest(...parts: ByteString[]): ByteString {
  return sha256(fromByteString(concatBytes(...parts)));
}

function lengthPrefixed(bytes: ByteString): ByteString {
  const length = Buffer.alloc(varintBytes(bytes.length));
  writeVarint(length, 0, bytes.length);
  return concatBytes(length.latin1Slice() as ByteString, bytes);
}

interface Leaf {
  readonly name: ByteString;
  readonly hash: ByteString;
}

function leaves(roots: readonly StoreRoot[]): Leaf[] {
  return roots
    .map(({ name, hash }) => {
      const nameBytes = utf8ToByteString(name);
      const rootDigest = digest(hash);
      return { name: nameBytes, hash: digest(LEAF_PREFIX, lengthPrefixed(nameBytes), lengthPrefixed(rootDigest)) };
    })
    .sort((a, b) => compareBytes(a.name, b.name));
}

/** The largest power of two below the number of leaves. */
function splitPoint(length: number): number {
  let split = 1;
  while (2 * split < length) split *= 2;
  return split;
}

function merkleRoot(of: readonly Leaf[]): ByteString {
  const [only] = of;
  if (only === undefined) return EMPTY_HASH;
  if (of.length === 1) return only.hash;
  const split = splitPoint(of.length);
  return digest(INNER_PREFIX, merkleRoot(of.slice(0, split)), merkleRoot(of.slice(split)));
}

function merklePath(of: readonly Leaf[], index: number): MerkleStep[] {
  if (of.length <= 1) return [];
  const split = splitPoint(of.length);
  if (index < split) {
    const steps = merklePath(of.slice(0, split), index);
    steps.push({ prefix: INNER_PREFIX, suffix: merkleRoot(of.slice(split)) });
    return steps;
  }
  const steps = merklePath(of.slice(split), index - split);
  steps.push({ prefix: concatBytes(INNER_PREFIX, merkleRoot(of.slice(0, split))), suffix: "" as ByteString });
  return steps;
}

export function multiStoreHash(roots: readonly StoreRoot[]): ByteString {
  return merkleRoot(leaves(roots));
}

/** The steps from a store's leaf to the app hash; undefined when no store has the name. */
export function multiStorePath(roots: readonly StoreRoot[], name: string): MerkleStep[] | undefined {
  const all = leaves(roots);
  const nameBytes = utf8ToByteString(name);
  const index = all.findIndex((leaf) => leaf.name === nameBytes);
  return index < 0 ? undefined : merklePath(all, index);
}
