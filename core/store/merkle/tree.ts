import type { ByteString } from "../../bytes.js";
import type { Entry, KeyRange } from "../kv.js";
import type { NodeArena, Slot } from "./arena.js";
import { NO_NODE } from "./arena.js";

/** Fills stubs from where nodes are kept. */
export interface NodeLoader {
  /** Fills the slot, its hash checked against what was read. Throws when the node is not there or damaged. */
  load(slot: Slot): void;
}

/** Nodes in memory and the way to those that are not. */
export class NodeSource {
  readonly arena: NodeArena;
  readonly #loader: NodeLoader;
  /** Stamped on every node that is passed. */
  epoch = 0;

  constructor(arena: NodeArena, loader: NodeLoader) {
    this.arena = arena;
    this.#loader = loader;
  }

  /** Makes sure that the node is whole, and notes that it was used. */
  touch(slot: Slot): Slot {
    if (this.arena.whole[slot] === 0) this.#loader.load(slot);
    this.arena.used[slot] = this.epoch;
    return slot;
  }
}

/** The value of a key below `root`; undefined when it is not there. */
export function getValue(source: NodeSource, root: Slot, key: ByteString): ByteString | undefined {
  if (root === NO_NODE) return undefined;
  const { arena } = source;
  let slot = source.touch(root);
  while (arena.height[slot] !== 0) {
    slot = source.touch(key < arena.key[slot]! ? arena.left[slot]! : arena.right[slot]!);
  }
  return arena.key[slot] === key ? arena.value[slot] : undefined;
}

/** Inner nodes from the root down to a leaf, and the leaf where the key is or would be. */
export function pathTo(
  source: NodeSource,
  root: Slot,
  key: ByteString,
): { readonly inner: readonly Slot[]; readonly leaf: Slot } {
  const { arena } = source;
  const inner: Slot[] = [];
  let slot = source.touch(root);
  while (arena.height[slot] !== 0) {
    inner.push(slot);
    slot = source.touch(key < arena.key[slot]! ? arena.left[slot]! : arena.right[slot]!);
  }
  return { inner, leaf: slot };
}

/** Entries of a range, in the order of their keys. Nodes are looked up as the walk comes to them. */
export function* iterateEntries(source: NodeSource, root: Slot, range: KeyRange): IterableIterator<Entry> {
  if (root === NO_NODE) return;
  const { arena } = source;
  const { start, end, reverse } = range;
  const pending: Slot[] = [root];
  for (let slot = pending.pop(); slot !== undefined; slot = pending.pop()) {
    source.touch(slot);
    const key = arena.key[slot]!;
    if (arena.height[slot] === 0) {
      if ((start === undefined || key >= start) && (end === undefined || key < end)) {
        yield [key, Buffer.from(arena.value[slot]!, "latin1")];
      }
      continue;
    }
    // Left of an inner node are the keys below its own.
    const left = start === undefined || start < key ? arena.left[slot]! : NO_NODE;
    const right = end === undefined || end > key ? arena.right[slot]! : NO_NODE;
    if (reverse === true) {
      if (left !== NO_NODE) pending.push(left);
      if (right !== NO_NODE) pending.push(right);
    } else {
      if (right !== NO_NODE) pending.push(right);
      if (left !== NO_NODE) pending.push(left);
    }
  }
}
