import type { ByteString } from "../bytes.js";
import { byteStringToHex, hexToByteString } from "../bytes.js";
import type { RootRecord, Tables } from "./database.js";
import { NodeArena, NO_NODE } from "./merkle/arena.js";
import type { Slot } from "./merkle/arena.js";
import { EMPTY_HASH, innerHash, leafHash } from "./merkle/encoding.js";
import type { NodeLoader } from "./merkle/tree.js";
import { NodeSource } from "./merkle/tree.js";
import type { NodeRecord } from "./records.js";
import { chunkKey, chunkOf, CorruptRecordError, decodeNode } from "./records.js";

/** A node that a tree refers to and the database lacks: it was pruned meanwhile, or the database is damaged. */
export class MissingNodeError extends Error {
  override readonly name = "MissingNodeError";
}

/** The nodes of one store: in memory those that were used, the others in the database. */
export class StoreNodes implements NodeLoader {
  readonly arena = new NodeArena();
  readonly source: NodeSource;
  readonly storeName: string;
  readonly #tables: Tables;
  readonly #storeId: number;

  constructor(tables: Tables, storeName: string, storeId: number) {
    this.#tables = tables;
    this.storeName = storeName;
    this.#storeId = storeId;
    this.source = new NodeSource(this.arena, this);
  }

  /** A handle of a root as a version's record names it. */
  rootSlot(root: RootRecord | null | undefined): Slot {
    if (root === null || root === undefined) return NO_NODE;
    const { version, nonce, height, size } = root;
    return this.arena.stub({ version, nonce, height, size, hash: hexToByteString(root.hash)! });
  }

  load(slot: Slot): void {
    const { arena } = this;
    const version = arena.version[slot]!;
    const nonce = arena.nonce[slot]!;
    const { chunk, position } = chunkOf(nonce);
    const bytes = this.#tables.nodes.getBinaryFast(chunkKey(version, this.#storeId, chunk)) as Buffer | undefined;
    const node = bytes === undefined ? undefined : decodeNode(bytes, position);
    if (node === undefined) {
      throw new MissingNodeError(`store ${this.storeName}: node ${version}/${nonce} is not in the database`);
    }
    if (hashOf(node, version) !== arena.hash[slot]) {
      throw new CorruptRecordError(
        `store ${this.storeName}: node ${version}/${nonce} does not have its hash ${byteStringToHex(arena.hash[slot]!)}: ` +
          `the database is damaged; restore this node from a snapshot, or sync it anew`,
      );
    }
    if ("value" in node) {
      arena.fillLeaf(slot, node.key, node.value);
    } else {
      const left = arena.stub(node.left);
      const right = arena.stub(node.right);
      arena.fillInner(slot, node.key, left, right);
    }
  }
}

function hashOf(node: NodeRecord, version: number): ByteString {
  if ("value" in node) return leafHash(version, node.key, node.value);
  return innerHash(node.height, node.left.size + node.right.size, version, node.left.hash, node.right.hash);
}

/** What a version's record says of a root. */
export function rootRecord(arena: NodeArena, root: Slot): RootRecord | null {
  if (root === NO_NODE) return null;
  return {
    version: arena.version[root]!,
    nonce: arena.nonce[root]!,
    height: arena.height[root]!,
    size: arena.size[root]!,
    hash: byteStringToHex(arena.hash[root]!),
  };
}

export function rootHash(arena: NodeArena, root: Slot): ByteString {
  return root === NO_NODE ? EMPTY_HASH : arena.hash[root]!;
}
