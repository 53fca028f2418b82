import type { ByteString } from "../../bytes.js";
import type { Slot } from "./arena.js";
import { NO_NODE } from "./arena.js";
import { EMPTY_HASH, innerHash, leafHash } from "./encoding.js";
import type { NodeSource } from "./tree.js";

/** A node on disk that a version no longer has. */
export interface NodeId {
  readonly version: number;
  readonly nonce: number;
}

/**
 * The next version of one tree, in memory. Written nodes are never changed: what a change touches is copied, so that
 * the former root goes on standing for the former version until {@link TreeDraft.accept}.
 *
 * The shape after each change (where a new leaf goes, when and how it is balanced) is that of github.com/cosmos/iavl v1,
 * mutable_tree.go: the root hash depends on it.
 */
export class TreeDraft {
  readonly #source: NodeSource;
  readonly #version: number;
  #root: Slot;
  /** Whether the last leaf that was set was there before: then no shape changes. */
  #overwrote = false;
  /** Written nodes that were copied or removed. */
  readonly #replaced: Slot[] = [];
  /** Nodes made by this draft, in the order in which they will be written; known after {@link hash}. */
  readonly #written: Slot[] = [];

  constructor(source: NodeSource, root: Slot, version: number) {
    this.#source = source;
    this.#root = root;
    this.#version = version;
  }

  get root(): Slot {
    return this.#root;
  }

  /** The new nodes in the order of their nonces, from 1. Known after {@link hash}. */
  get written(): readonly Slot[] {
    return this.#written;
  }

  /** The nodes of earlier versions that this one does without, in no order. */
  orphans(): NodeId[] {
    const { version, nonce } = this.#source.arena;
    return this.#replaced.map((slot) => ({ version: version[slot]!, nonce: nonce[slot]! }));
  }

  set(key: ByteString, value: ByteString): void {
    const { arena } = this.#source;
    this.#root = this.#root === NO_NODE ? arena.leaf(this.#version, key, value) : this.#set(this.#root, key, value);
  }

  remove(key: ByteString): void {
    if (this.#root === NO_NODE) return;
    const removed = this.#remove(this.#root, key);
    if (removed !== undefined) this.#root = removed.node;
  }

  /** Numbers and hashes the new nodes, those below before those above; returns the root hash. */
  hash(): ByteString {
    if (this.#root === NO_NODE) return EMPTY_HASH;
    this.#hash(this.#root);
    return this.#source.arena.hash[this.#root]!;
  }

  /** Makes this the committed version: what it replaced is given back. No draft of the former version may be used again. */
  accept(): void {
    for (const slot of this.#replaced) this.#source.arena.release(slot);
  }

  /** Forgets the draft: the nodes that it made are given back. */
  discard(): void {
    this.#releaseNew(this.#root);
  }

  #releaseNew(slot: Slot): void {
    const { arena } = this.#source;
    if (slot === NO_NODE || arena.version[slot] !== this.#version) return;
    if (arena.height[slot] !== 0) {
      this.#releaseNew(arena.left[slot]!);
      this.#releaseNew(arena.right[slot]!);
    }
    arena.release(slot);
  }

  #isNew(slot: Slot): boolean {
    return this.#source.arena.version[slot] === this.#version;
  }

  /** The node itself when it belongs to this draft, else a copy that does. */
  #own(slot: Slot): Slot {
    if (this.#isNew(slot)) return slot;
    const { arena } = this.#source;
    const copy = arena.inner(this.#version, arena.key[slot]!, arena.left[slot]!, arena.right[slot]!);
    arena.height[copy] = arena.height[slot]!;
    arena.size[copy] = arena.size[slot]!;
    arena.used[copy] = this.#source.epoch;
    this.#replaced.push(slot);
    return copy;
  }

  /** The node goes out of the tree. */
  #drop(slot: Slot): void {
    if (this.#isNew(slot)) this.#source.arena.release(slot);
    else this.#replaced.push(slot);
  }

  #set(at: Slot, key: ByteString, value: ByteString): Slot {
    const { arena } = this.#source;
    const slot = this.#source.touch(at);
    const here = arena.key[slot]!;
    if (arena.height[slot] === 0) {
      const leaf = arena.leaf(this.#version, key, value);
      arena.used[leaf] = this.#source.epoch;
      this.#overwrote = key === here;
      if (this.#overwrote) {
        this.#drop(slot);
        return leaf;
      }
      const inner =
        key < here ? arena.inner(this.#version, here, leaf, slot) : arena.inner(this.#version, key, slot, leaf);
      arena.height[inner] = 1;
      arena.size[inner] = 2;
      arena.used[inner] = this.#source.epoch;
      return inner;
    }
    const node = this.#own(slot);
    // The arrays may move while the arena grows: they are looked up after the call, not before.
    const goesLeft = key < here;
    const below = this.#set(goesLeft ? arena.left[node]! : arena.right[node]!, key, value);
    if (goesLeft) arena.left[node] = below;
    else arena.right[node] = below;
    return this.#overwrote ? node : this.#balance(node);
  }

  /** Undefined when the key is not there. `key` is the new smallest key of the subtree, where that changed. */
  #remove(at: Slot, key: ByteString): { readonly node: Slot; readonly key: ByteString | undefined } | undefined {
    const { arena } = this.#source;
    const slot = this.#source.touch(at);
    if (arena.height[slot] === 0) {
      if (arena.key[slot] !== key) return undefined;
      this.#drop(slot);
      return { node: NO_NODE, key: undefined };
    }
    const here = arena.key[slot]!;
    const left = arena.left[slot]!;
    const right = arena.right[slot]!;
    if (key < here) {
      const removed = this.#remove(left, key);
      if (removed === undefined) return undefined;
      if (removed.node === NO_NODE) {
        this.#drop(slot);
        return { node: right, key: here };
      }
      const node = this.#own(slot);
      arena.left[node] = removed.node;
      return { node: this.#balance(node), key: removed.key };
    }
    const removed = this.#remove(right, key);
    if (removed === undefined) return undefined;
    if (removed.node === NO_NODE) {
      this.#drop(slot);
      return { node: left, key: undefined };
    }
    const node = this.#own(slot);
    arena.right[node] = removed.node;
    if (removed.key !== undefined) arena.key[node] = removed.key;
    return { node: this.#balance(node), key: undefined };
  }

  /** Sets height and size of an own node from those below, and rotates where the heights differ by two. */
  #balance(node: Slot): Slot {
    this.#measure(node);
    const { arena } = this.#source;
    const balance = this.#tilt(node);
    if (balance > 1) {
      const left = this.#source.touch(arena.left[node]!);
      if (this.#tilt(left) < 0) {
        const rotated = this.#rotateLeft(this.#own(left));
        arena.left[node] = rotated;
      }
      return this.#rotateRight(node);
    }
    if (balance < -1) {
      const right = this.#source.touch(arena.right[node]!);
      if (this.#tilt(right) > 0) {
        const rotated = this.#rotateRight(this.#own(right));
        arena.right[node] = rotated;
      }
      return this.#rotateLeft(node);
    }
    return node;
  }

  #rotateRight(node: Slot): Slot {
    const { arena } = this.#source;
    const top = this.#own(this.#source.touch(arena.left[node]!));
    arena.left[node] = arena.right[top]!;
    arena.right[top] = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }

  #rotateLeft(node: Slot): Slot {
    const { arena } = this.#source;
    const top = this.#own(this.#source.touch(arena.right[node]!));
    arena.right[node] = arena.left[top]!;
    arena.left[top] = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }

  #measure(node: Slot): void {
    const { arena } = this.#source;
    const left = arena.left[node]!;
    const right = arena.right[node]!;
    arena.height[node] = Math.max(arena.height[left]!, arena.height[right]!) + 1;
    arena.size[node] = arena.size[left]! + arena.size[right]!;
  }

  /** Height on the left less height on the right. */
  #tilt(node: Slot): number {
    const { arena } = this.#source;
    return arena.height[arena.left[node]!]! - arena.height[arena.right[node]!]!;
  }

  #hash(slot: Slot): void {
    const { arena } = this.#source;
    if (!this.#isNew(slot) || arena.nonce[slot] !== 0) return;
    if (arena.height[slot] === 0) {
      arena.hash[slot] = leafHash(this.#version, arena.key[slot]!, arena.value[slot]!);
    } else {
      const left = arena.left[slot]!;
      const right = arena.right[slot]!;
      this.#hash(left);
      this.#hash(right);
      arena.hash[slot] = innerHash(
        arena.height[slot]!,
        arena.size[slot]!,
        this.#version,
        arena.hash[left]!,
        arena.hash[right]!,
      );
    }
    arena.nonce[slot] = this.#written.push(slot);
  }
}
