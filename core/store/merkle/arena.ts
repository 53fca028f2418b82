import type { ByteString } from "../../bytes.js";
import { EMPTY_BYTES } from "../../bytes.js";

/** The handle of a node in memory. */
export type Slot = number;

/** No node: the root of an empty tree. */
export const NO_NODE: Slot = 0;

/** What is known of a node before it is loaded; its parent's record says it. */
export interface StubFields {
  readonly version: number;
  readonly nonce: number;
  readonly height: number;
  readonly size: number;
  readonly hash: ByteString;
}

/**
 * The nodes that are in memory, in parallel arrays: a million nodes as objects would cost the garbage collector
 * more than all hashing. A slot holds either a whole node or, as a stub, all but its key, value and
 * children; a stub is filled in place when somebody looks below it, and a subtree is evicted by making its top a stub
 * again.
 */
export class NodeArena {
  /** 0 for a stub, 1 for a whole node. */
  whole = new Uint8Array(INITIAL);
  /** 0 for a leaf. */
  height = new Uint8Array(INITIAL);
  /** Number of leaves below; 1 for a leaf. */
  size = new Float64Array(INITIAL);
  /** Block that made the node; part of its hash. */
  version = new Uint32Array(INITIAL);
  /** Number within its version, from 1 in the order of writing; 0 while it is not written. */
  nonce = new Uint32Array(INITIAL);
  left = new Uint32Array(INITIAL);
  right = new Uint32Array(INITIAL);
  /** Last commit in which somebody passed here. A node's is never before those below it. */
  used = new Uint32Array(INITIAL);
  /** Of a leaf its key; of an inner node the smallest key on its right. */
  readonly key: ByteString[] = [EMPTY_BYTES];
  /** Of a leaf. */
  readonly value: (ByteString | undefined)[] = [undefined];
  /** Empty while it is not computed. */
  readonly hash: ByteString[] = [EMPTY_BYTES];

  #capacity = INITIAL;
  #next: Slot = 1;
  readonly #free: Slot[] = [];
  #bytes = 0;

  /** An estimate of what the nodes take, keys and values included. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#next - 1 - this.#free.length;
  }

  /** One above the highest slot ever used. */
  get end(): Slot {
    return this.#next;
  }

  allocate(): Slot {
    let slot = this.#free.pop();
    if (slot === undefined) {
      if (this.#next === this.#capacity) this.#grow();
      slot = this.#next++;
    }
    this.#bytes += SLOT_BYTES;
    return slot;
  }

  stub(node: StubFields): Slot {
    const slot = this.allocate();
    this.height[slot] = node.height;
    this.size[slot] = node.size;
    this.version[slot] = node.version;
    this.nonce[slot] = node.nonce;
    this.hash[slot] = node.hash;
    return slot;
  }

  leaf(version: number, key: ByteString, value: ByteString): Slot {
    const slot = this.allocate();
    this.version[slot] = version;
    this.nonce[slot] = 0;
    this.hash[slot] = EMPTY_BYTES;
    this.fillLeaf(slot, key, value);
    return slot;
  }

  fillLeaf(slot: Slot, key: ByteString, value: ByteString): void {
    this.whole[slot] = 1;
    this.height[slot] = 0;
    this.size[slot] = 1;
    this.key[slot] = key;
    this.value[slot] = value;
    this.#bytes += key.length + value.length + TEXT_BYTES;
  }

  /** An inner node that is not written yet; the caller sets height and size. */
  inner(version: number, key: ByteString, left: Slot, right: Slot): Slot {
    const slot = this.allocate();
    this.version[slot] = version;
    this.nonce[slot] = 0;
    this.hash[slot] = EMPTY_BYTES;
    this.fillInner(slot, key, left, right);
    return slot;
  }

  fillInner(slot: Slot, key: ByteString, left: Slot, right: Slot): void {
    this.whole[slot] = 1;
    this.key[slot] = key;
    this.left[slot] = left;
    this.right[slot] = right;
  }

  /** Gives a slot back. The caller has no handle of it left. */
  release(slot: Slot): void {
    this.#dropContent(slot);
    this.hash[slot] = EMPTY_BYTES;
    this.#bytes -= SLOT_BYTES;
    this.#free.push(slot);
  }

  /** Makes the slot a stub and gives back all that is below it, which must be written. */
  evict(top: Slot): void {
    const below = [this.left[top]!, this.right[top]!];
    this.#dropContent(top);
    for (let slot = below.pop(); slot !== undefined; slot = below.pop()) {
      if (slot === NO_NODE) continue;
      below.push(this.left[slot]!, this.right[slot]!);
      this.release(slot);
    }
  }

  #dropContent(slot: Slot): void {
    const value = this.value[slot];
    if (value !== undefined) this.#bytes -= this.key[slot]!.length + value.length + TEXT_BYTES;
    this.whole[slot] = 0;
    this.key[slot] = EMPTY_BYTES;
    this.value[slot] = undefined;
    this.left[slot] = NO_NODE;
    this.right[slot] = NO_NODE;
  }

  #grow(): void {
    const capacity = Math.ceil(this.#capacity * 1.5);
    const grown = <T extends Uint8Array | Uint32Array | Float64Array>(make: new (length: number) => T, from: T): T => {
      const to = new make(capacity);
      to.set(from);
      return to;
    };
    this.whole = grown(Uint8Array, this.whole);
    this.height = grown(Uint8Array, this.height);
    this.size = grown(Float64Array, this.size);
    this.version = grown(Uint32Array, this.version);
    this.nonce = grown(Uint32Array, this.nonce);
    this.left = grown(Uint32Array, this.left);
    this.right = grown(Uint32Array, this.right);
    this.used = grown(Uint32Array, this.used);
    this.#capacity = capacity;
  }
}

const INITIAL = 1 << 12;
/** Typed arrays (30 bytes), three pointers, the hash as a text of 32 characters with its header. */
const SLOT_BYTES = 30 + 3 * 8 + 48;
/** Headers of the two texts of a leaf, rounding included. */
const TEXT_BYTES = 40;
