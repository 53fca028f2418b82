import type { ByteString } from "../../bytes.js";
import { fromByteString } from "../../bytes.js";
import type { Entry, KeyRange } from "../kv.js";
import { NodeArena, NONE } from "./arena.js";
import type { ChildRef, NodeRecord } from "./node-codec.js";
import { isLeaf } from "./node-codec.js";

/** Memory in use after eviction, as a part of the bound. */
const EVICT_TO = 0.9;
/** Nodes that the hand passes at most on behalf of one read: more than a read brings in. */
const EVICT_AT_READ = 1_000;

/** Reads a node of a store from the database, checked against its hash. */
export type ReadNode = (store: number, node: ChildRef) => NodeRecord;

/**
 * The latest trees, as far as they are in memory. A child that is not there is read when a walk comes to it; the cache's
 * hand takes subtrees away again that no walk came through since its last round.
 */
export class LiveTrees {
  readonly arena = new NodeArena();
  /** Root slots by store number. */
  readonly roots: number[] = [];
  readonly #read: ReadNode;
  /** Counts the moments at which slots may have been given away, so that an iteration seeks its place anew. */
  #generation = 0;
  readonly #maxBytes: number;
  /** While a block is prepared its tree shares nodes with the latest: none may go. */
  isHeld = false;
  #hand: { store: number; key: ByteString | undefined } = { store: 0, key: undefined };

  constructor(read: ReadNode, maxBytes: number) {
    this.#read = read;
    this.#maxBytes = maxBytes;
  }

  /** Puts the committed root of a store in place; `undefined` is the empty tree. */
  setRoot(store: number, root: ChildRef | undefined): void {
    this.roots[store] = root === undefined ? NONE : this.#load(store, root);
  }

  /** After a commit: the new roots, and the slots of nodes that no tree has any more. */
  publish(roots: ReadonlyMap<number, number>, orphanSlots: readonly number[]): void {
    this.#generation++;
    for (const [store, root] of roots) this.roots[store] = root;
    for (const slot of orphanSlots) this.arena.release(slot);
  }

  /** Forgets all of it; the roots must be set again. */
  clear(): void {
    this.#generation++;
    for (const [store, root] of this.roots.entries()) {
      if (root !== NONE && root !== undefined) this.arena.releaseSubtree(root);
      this.roots[store] = NONE;
    }
  }

  get(store: number, key: ByteString): ByteString | undefined {
    const arena = this.arena;
    this.evict(EVICT_AT_READ);
    let slot = this.roots[store] ?? NONE;
    if (slot === NONE) return undefined;
    while (arena.height[slot] !== 0) {
      arena.used[slot] = 1;
      slot = this.#child(store, slot, key < (arena.keys[slot] as ByteString));
    }
    arena.used[slot] = 1;
    return arena.keys[slot] === key ? arena.values[slot] : undefined;
  }

  *iterate(store: number, range: KeyRange): IterableIterator<Entry> {
    const arena = this.arena;
    const reverse = range.reverse === true;
    let { start, end } = range;
    for (;;) {
      const generation = this.#generation;
      const root = this.roots[store] ?? NONE;
      const pending = root === NONE ? [] : [root];
      let moved = false;
      for (let slot = pending.pop(); slot !== undefined && !moved; slot = pending.pop()) {
        arena.used[slot] = 1;
        const key = arena.keys[slot] as ByteString;
        if (arena.height[slot] !== 0) {
          const left = start === undefined || start < key;
          const right = end === undefined || end > key;
          // Pushed in the opposite order, and the far side as the near one: both are loaded from one chunk mostly.
          if (reverse) {
            if (left) pending.push(this.#child(store, slot, true));
            if (right) pending.push(this.#child(store, slot, false));
          } else {
            if (right) pending.push(this.#child(store, slot, false));
            if (left) pending.push(this.#child(store, slot, true));
          }
          continue;
        }
        if ((start !== undefined && key < start) || (end !== undefined && key >= end)) continue;
        yield [key, fromByteString(arena.values[slot] as ByteString)];
        this.evict(EVICT_AT_READ);
        if (generation !== this.#generation) {
          if (reverse) end = key;
          else start = (key + "\x00") as ByteString;
          moved = true;
          break;
        }
      }
      if (!moved) return;
    }
  }

  /** Brings both children of an inner node into memory. */
  loadChildren(store: number, slot: number): void {
    const arena = this.arena;
    const node = this.#read(store, {
      version: arena.version[slot] as number,
      nonce: arena.nonce[slot] as number,
      hash: arena.hashes.latin1Slice(slot * 32, slot * 32 + 32) as ByteString,
    });
    if (isLeaf(node)) throw new Error("an inner node is a leaf on disk");
    if (arena.left[slot] === NONE) {
      const left = this.#load(store, node.left);
      arena.left[slot] = left;
    }
    if (arena.right[slot] === NONE) {
      const right = this.#load(store, node.right);
      arena.right[slot] = right;
    }
  }

  /**
   * Moves the cache's hand on while memory is above the bound, over at most `steps` nodes. The hand goes through the trees
   * in key order like a clock: a node that was used since it last came by is marked unused, one that was not goes with all
   * below it (a walk to what is below would have come through it).
   */
  evict(steps: number): void {
    if (this.isHeld || this.arena.bytes <= this.#maxBytes) return;
    this.#generation++;
    // Somewhat below the bound, so that not every block comes here.
    const maxBytes = this.#maxBytes * EVICT_TO;
    let left = steps;
    for (let turns = 0; left > 0 && turns <= 2 * this.roots.length && this.arena.bytes > maxBytes; turns++) {
      const root = this.roots[this.#hand.store] ?? NONE;
      const stop = { left, key: undefined as ByteString | undefined };
      // The root stays: it is what everything else is found from.
      if (root !== NONE) this.#sweepChildren(root, this.#hand.key, maxBytes, stop);
      left = stop.left;
      this.#hand =
        stop.key === undefined
          ? { store: (this.#hand.store + 1) % Math.max(1, this.roots.length), key: undefined }
          : { store: this.#hand.store, key: stop.key };
    }
  }

  #sweepChildren(slot: number, from: ByteString | undefined, maxBytes: number, stop: Sweep): void {
    const arena = this.arena;
    const key = arena.keys[slot] as ByteString;
    if (from === undefined || from < key) {
      const child = arena.left[slot] as number;
      if (child !== NONE && this.#sweep(child, from, maxBytes, stop)) arena.left[slot] = NONE;
      if (stop.key !== undefined) return;
      from = undefined;
    }
    const child = arena.right[slot] as number;
    if (child !== NONE && this.#sweep(child, from, maxBytes, stop)) arena.right[slot] = NONE;
  }

  /** Returns whether the node went. */
  #sweep(slot: number, from: ByteString | undefined, maxBytes: number, stop: Sweep): boolean {
    const arena = this.arena;
    if (stop.left <= 0 || arena.bytes <= maxBytes) {
      // The hand comes back to the first key of this subtree or, inside one, to where it was.
      stop.key = from ?? this.#firstLoadedKey(slot);
      return false;
    }
    stop.left--;
    if (arena.used[slot] === 0 && from === undefined) {
      stop.left -= arena.releaseSubtree(slot);
      return true;
    }
    arena.used[slot] = 0;
    if (arena.height[slot] !== 0) this.#sweepChildren(slot, from, maxBytes, stop);
    return false;
  }

  #firstLoadedKey(slot: number): ByteString {
    const arena = this.arena;
    for (let left = arena.left[slot] as number; left !== NONE; left = arena.left[slot] as number) slot = left;
    return arena.keys[slot] as ByteString;
  }

  #child(store: number, slot: number, isLeft: boolean): number {
    const arena = this.arena;
    const child = (isLeft ? arena.left[slot] : arena.right[slot]) as number;
    if (child !== NONE) return child;
    this.loadChildren(store, slot);
    return (isLeft ? arena.left[slot] : arena.right[slot]) as number;
  }

  #load(store: number, ref: ChildRef): number {
    const node = this.#read(store, ref);
    const arena = this.arena;
    const slot = arena.allocate(node.key, isLeaf(node) ? node.value : undefined, node.height);
    arena.version[slot] = ref.version;
    arena.nonce[slot] = ref.nonce;
    arena.size[slot] = isLeaf(node) ? 1 : node.size;
    arena.hashes.latin1Write(ref.hash, slot * 32);
    return slot;
  }
}

interface Sweep {
  left: number;
  /** Where the hand stopped; undefined when it came to the end of the tree. */
  key: ByteString | undefined;
}
