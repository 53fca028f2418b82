/** Shorter pieces are copied faster by a loop. */
const SHORT = 64;
/** Larger pieces get memory of their own. */
const MAX_PIECE = 16_384;

/**
 * Memory for many small pieces of bytes that live about equally long, such as all that is kept of a transaction until its
 * block: an `ArrayBuffer` for each would cost more than the bytes, to make and, above all, to collect. A slab
 * goes when the last of its pieces does, so that what lives long must not be put beside what does not.
 */
export class ByteSlab {
  readonly #size: number;
  #slab: ArrayBuffer;
  #used = 0;

  /** @param size Of a slab, in bytes. */
  constructor(size: number) {
    this.#size = size;
    this.#slab = new ArrayBuffer(size);
  }

  /** A copy of a part of `source`. */
  copy(source: Uint8Array, start = 0, end = source.length): Uint8Array {
    const length = end - start;
    if (length > Math.min(MAX_PIECE, this.#size)) return Uint8Array.prototype.slice.call(source, start, end);
    if (this.#used + length > this.#size) {
      this.#slab = new ArrayBuffer(this.#size);
      this.#used = 0;
    }
    const piece = new Uint8Array(this.#slab, this.#used, length);
    this.#used += length;
    if (length > SHORT) piece.set(start === 0 && end === source.length ? source : source.subarray(start, end));
    else for (let i = 0; i < length; i++) piece[i] = source[start + i]!;
    return piece;
  }
}
