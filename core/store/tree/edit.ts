import type { ByteString } from "../../bytes.js";
import type { NodeArena } from "./arena.js";
import { NONE } from "./arena.js";
import { OrphanList } from "./orphans.js";

/** Brings the children of a node into memory that are not there. */
export type LoadChildren = (slot: number) => void;

/**
 * One block's changes to one tree. The old tree stays as it is: a node is copied before its first change, and the nodes
 * that the new tree lacks are listed as orphans.
 *
 * Shape and rotations are those of Go's iavl v1 (mutable_tree.go) after any sequence of operations, since the root hash
 * depends on them: a change goes down from the root, and each node on the way back up is measured and balanced.
 */
export class TreeEdit {
  readonly #arena: NodeArena;
  readonly #loadChildren: LoadChildren;
  #root: number;
  /** Whether the insertion under way made the tree larger, which is when nodes above must be measured. */
  #grew = false;
  /** While a removal climbs: the new first key of the subtree, when that changed. */
  #newFirstKey: ByteString | undefined;
  /** Nodes of the old tree that the new one lacks: ids for the database, slots for the arena. */
  readonly orphans = new OrphanList();
  readonly orphanSlots: number[] = [];

  constructor(arena: NodeArena, root: number, loadChildren: LoadChildren) {
    this.#arena = arena;
    this.#root = root;
    this.#loadChildren = loadChildren;
  }

  get root(): number {
    return this.#root;
  }

  set(key: ByteString, value: ByteString): void {
    this.#grew = false;
    this.#root = this.#root === NONE ? this.#arena.allocate(key, value, 0) : this.#insert(this.#root, key, value);
  }

  /** Returns whether the key was there. */
  delete(key: ByteString): boolean {
    // Go copies the nodes on the way before it knows, and drops the copies when the key is absent: looking first is the same.
    if (!this.#has(key)) return false;
    this.#newFirstKey = undefined;
    this.#root = this.#remove(this.#root, key);
    return true;
  }

  #has(key: ByteString): boolean {
    const arena = this.#arena;
    let slot = this.#root;
    if (slot === NONE) return false;
    while (arena.height[slot] !== 0) {
      if (arena.left[slot] === NONE || arena.right[slot] === NONE) this.#loadChildren(slot);
      arena.used[slot] = 1;
      slot = (key < (arena.keys[slot] as ByteString) ? arena.left[slot] : arena.right[slot]) as number;
    }
    return arena.keys[slot] === key;
  }

  #insert(slot: number, key: ByteString, value: ByteString): number {
    const arena = this.#arena;
    if (arena.height[slot] === 0) return this.#insertAtLeaf(slot, key, value);
    const node = this.#own(slot);
    if (key < (arena.keys[node] as ByteString)) {
      const child = this.#insert(arena.left[node] as number, key, value);
      arena.left[node] = child;
    } else {
      const child = this.#insert(arena.right[node] as number, key, value);
      arena.right[node] = child;
    }
    if (!this.#grew) return node;
    this.#measure(node);
    return this.#balance(node);
  }

  #insertAtLeaf(slot: number, key: ByteString, value: ByteString): number {
    const arena = this.#arena;
    const ownKey = arena.keys[slot] as ByteString;
    if (key === ownKey) {
      if (arena.nonce[slot] === 0) {
        arena.setValue(slot, value);
        return slot;
      }
      this.#orphan(slot);
      // The old string is the one that an inner node shares.
      return arena.allocate(ownKey, value, 0);
    }
    this.#grew = true;
    const leaf = arena.allocate(key, value, 0);
    const before = key < ownKey;
    const parent = arena.allocate(before ? ownKey : key, undefined, 1);
    arena.size[parent] = 2;
    arena.left[parent] = before ? leaf : slot;
    arena.right[parent] = before ? slot : leaf;
    return parent;
  }

  /** The subtree without the key, which is in it; NONE when nothing is left. */
  #remove(slot: number, key: ByteString): number {
    const arena = this.#arena;
    if (arena.height[slot] === 0) {
      this.#drop(slot);
      return NONE;
    }
    const node = this.#own(slot);
    const nodeKey = arena.keys[node] as ByteString;
    if (key < nodeKey) {
      const child = this.#remove(arena.left[node] as number, key);
      if (child === NONE) {
        const right = arena.right[node] as number;
        this.#newFirstKey = nodeKey;
        arena.release(node);
        return right;
      }
      arena.left[node] = child;
    } else {
      const child = this.#remove(arena.right[node] as number, key);
      if (child === NONE) {
        const left = arena.left[node] as number;
        arena.release(node);
        return left;
      }
      arena.right[node] = child;
      if (this.#newFirstKey !== undefined) {
        arena.setKey(node, this.#newFirstKey);
        this.#newFirstKey = undefined;
      }
    }
    this.#measure(node);
    return this.#balance(node);
  }

  /** A node that may be changed: itself when this block made it, else a copy. Its children are in memory. */
  #own(slot: number): number {
    const arena = this.#arena;
    if (arena.nonce[slot] === 0) return slot;
    // Both of them, always: old tree and copy then agree on what is in memory, and balancing needs their heights.
    if (arena.left[slot] === NONE || arena.right[slot] === NONE) this.#loadChildren(slot);
    const copy = arena.allocate(arena.keys[slot] as ByteString, undefined, arena.height[slot] as number);
    arena.size[copy] = arena.size[slot] as number;
    arena.left[copy] = arena.left[slot] as number;
    arena.right[copy] = arena.right[slot] as number;
    this.#orphan(slot);
    return copy;
  }

  #orphan(slot: number): void {
    this.orphans.push(this.#arena.version[slot] as number, this.#arena.nonce[slot] as number);
    this.orphanSlots.push(slot);
  }

  #drop(slot: number): void {
    if (this.#arena.nonce[slot] === 0) this.#arena.release(slot);
    else this.#orphan(slot);
  }

  #measure(node: number): void {
    const arena = this.#arena;
    const left = arena.left[node] as number;
    const right = arena.right[node] as number;
    arena.height[node] = Math.max(arena.height[left] as number, arena.height[right] as number) + 1;
    arena.size[node] = (arena.size[left] as number) + (arena.size[right] as number);
  }

  /** How much higher the left side is. */
  #lean(node: number): number {
    const arena = this.#arena;
    if (arena.left[node] === NONE || arena.right[node] === NONE) this.#loadChildren(node);
    const left = arena.left[node] as number;
    const right = arena.right[node] as number;
    return (arena.height[left] as number) - (arena.height[right] as number);
  }

  #balance(node: number): number {
    const arena = this.#arena;
    const lean = this.#lean(node);
    if (lean > 1) {
      const left = arena.left[node] as number;
      if (this.#lean(left) < 0) {
        const rotated = this.#rotateLeft(this.#own(left));
        arena.left[node] = rotated;
      }
      return this.#rotateRight(node);
    }
    if (lean < -1) {
      const right = arena.right[node] as number;
      if (this.#lean(right) > 0) {
        const rotated = this.#rotateRight(this.#own(right));
        arena.right[node] = rotated;
      }
      return this.#rotateLeft(node);
    }
    return node;
  }

  #rotateRight(node: number): number {
    const arena = this.#arena;
    const top = this.#own(arena.left[node] as number);
    arena.left[node] = arena.right[top] as number;
    arena.right[top] = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }

  #rotateLeft(node: number): number {
    const arena = this.#arena;
    const top = this.#own(arena.right[node] as number);
    arena.right[node] = arena.left[top] as number;
    arena.left[top] = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }
}
