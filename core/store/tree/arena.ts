import type { ByteString } from "../../bytes.js";
import { EMPTY_BYTES } from "../../bytes.js";

/** No node: an empty tree, or a child that is not in memory. */
export const NONE = -1;

/** Bytes of a slot in the typed arrays, and of its two pointers. */
const SLOT_BYTES = 4 + 4 + 1 + 4 + 4 + 4 + 1 + 32 + 16;
/** Header of a one-byte string in V8, rounded to words. */
const STRING_BYTES = 20;
const FIRST_CAPACITY = 1024;

/** Inner nodes often share their key with a leaf; it is counted for both, so that the estimate errs upwards. */
function textBytes(text: ByteString | undefined): number {
  return text === undefined ? 0 : text.length + STRING_BYTES;
}

/**
 * Tree nodes in typed arrays: at millions of nodes this takes a third of the memory of objects, and the garbage collector
 * has nothing to walk. A node is a slot number. Nodes of all stores share one arena, hence one bound.
 *
 * A slot is *new* while its nonce is 0 (made by a block that is being prepared), afterwards it never changes but for its
 * child slots, which come and go with the cache.
 */
export class NodeArena {
  version = new Uint32Array(FIRST_CAPACITY);
  nonce = new Uint32Array(FIRST_CAPACITY);
  /** 0 for a leaf. */
  height = new Uint8Array(FIRST_CAPACITY);
  /** Leaves below, 1 for a leaf. */
  size = new Uint32Array(FIRST_CAPACITY);
  left = new Int32Array(FIRST_CAPACITY).fill(NONE);
  right = new Int32Array(FIRST_CAPACITY).fill(NONE);
  /** Set by every walk through the node, cleared by the cache's hand. */
  used = new Uint8Array(FIRST_CAPACITY);
  hashes = Buffer.alloc(FIRST_CAPACITY * 32);
  /** A leaf's key; for an inner node the first key of its right subtree. */
  readonly keys: ByteString[] = [];
  /** A leaf's value. */
  readonly values: (ByteString | undefined)[] = [];

  #capacity = FIRST_CAPACITY;
  #end = 0;
  /** Freed slots, linked through `left`. */
  #free = NONE;
  #live = 0;
  #textBytes = 0;

  /** Nodes in memory. */
  get count(): number {
    return this.#live;
  }

  /** An estimate from above of the memory that nodes, keys and values take. */
  get bytes(): number {
    return this.#live * SLOT_BYTES + this.#textBytes;
  }

  /** A leaf or, with `value` undefined, an inner node whose children are still to be set. */
  allocate(key: ByteString, value: ByteString | undefined, height: number): number {
    let slot = this.#free;
    if (slot !== NONE) this.#free = this.left[slot] ?? NONE;
    else {
      slot = this.#end++;
      if (slot === this.#capacity) this.#grow();
    }
    this.#live++;
    this.version[slot] = 0;
    this.nonce[slot] = 0;
    this.height[slot] = height;
    this.size[slot] = 1;
    this.left[slot] = NONE;
    this.right[slot] = NONE;
    this.used[slot] = 1;
    this.keys[slot] = key;
    this.values[slot] = value;
    this.#textBytes += textBytes(key) + textBytes(value);
    return slot;
  }

  setKey(slot: number, key: ByteString): void {
    this.#textBytes += textBytes(key) - textBytes(this.keys[slot]);
    this.keys[slot] = key;
  }

  setValue(slot: number, value: ByteString): void {
    this.#textBytes += textBytes(value) - textBytes(this.values[slot]);
    this.values[slot] = value;
  }

  release(slot: number): void {
    this.#textBytes -= textBytes(this.keys[slot]) + textBytes(this.values[slot]);
    this.keys[slot] = EMPTY_BYTES;
    this.values[slot] = undefined;
    this.left[slot] = this.#free;
    this.#free = slot;
    this.#live--;
  }

  /** Releases the loaded part of a subtree; returns how many nodes that were. */
  releaseSubtree(slot: number): number {
    let released = 1;
    const left = this.left[slot] ?? NONE;
    const right = this.right[slot] ?? NONE;
    if (left !== NONE) released += this.releaseSubtree(left);
    if (right !== NONE) released += this.releaseSubtree(right);
    this.release(slot);
    return released;
  }

  hash(slot: number): Uint8Array {
    return this.hashes.subarray(slot * 32, slot * 32 + 32);
  }

  #grow(): void {
    const capacity = Math.ceil(this.#capacity * 1.5);
    const copy = <T extends Uint32Array | Int32Array | Uint8Array>(bigger: T, old: T): T => {
      bigger.set(old);
      return bigger;
    };
    this.version = copy(new Uint32Array(capacity), this.version);
    this.nonce = copy(new Uint32Array(capacity), this.nonce);
    this.height = copy(new Uint8Array(capacity), this.height);
    this.size = copy(new Uint32Array(capacity), this.size);
    this.left = copy(new Int32Array(capacity), this.left);
    this.right = copy(new Int32Array(capacity), this.right);
    this.used = copy(new Uint8Array(capacity), this.used);
    this.hashes = copy(Buffer.alloc(capacity * 32), this.hashes);
    this.#capacity = capacity;
  }
}
