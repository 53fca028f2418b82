import type { ByteSlab } from "../../core/byte-slab.js";

/** Longer strings are measured and written by the engine; shorter ones faster by a loop, as long as they are ASCII. */
const LOOP_CHARS = 64;

/**
 * Writes protobuf from the last byte to the first, as the code does that gogoproto generates: when the tag of a nested
 * message is due, its length is known, so nothing is measured beforehand or moved afterwards.
 *
 * Fields are written in descending order, and the bytes come out in ascending order.
 */
export class ReverseWriter {
  #buffer: Buffer;
  #start: number;

  constructor(initialBytes = 1024) {
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.#start = initialBytes;
  }

  /** Bytes written so far. The difference of two values is the length of what was written between them. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** What was written, as a copy in the slab; the writer is empty afterwards. */
  take(slab: ByteSlab): Uint8Array {
    const bytes = slab.copy(this.#buffer, this.#start, this.#buffer.length);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#start = this.#buffer.length;
  }

  #reserve(count: number): void {
    if (this.#start >= count) return;
    const used = this.length;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, used + count));
    grown.set(this.#buffer.subarray(this.#start), grown.length - used);
    this.#buffer = grown;
    this.#start = grown.length - used;
  }

  /** An integer of 0 to 2^53-1. */
  varint(value: number): void {
    this.#reserve(8);
    const buffer = this.#buffer;
    if (value < 0x80) {
      buffer[--this.#start] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
    this.#start -= size;
    let at = this.#start;
    let rest = value;
    while (rest >= 0x80) {
      buffer[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    buffer[at] = rest;
  }

  /** Two's complement in 64 bits, as int64 is encoded. */
  int64(value: bigint | number): void {
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
      if (value >= 0) return this.varint(value);
    }
    const exact = BigInt(value);
    if (BigInt.asIntN(64, exact) !== exact) throw new RangeError(`${exact} does not fit in an int64`);
    let rest = BigInt.asUintN(64, exact);
    const bytes: number[] = [];
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.raw(Uint8Array.from(bytes));
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#start -= bytes.length;
    this.#buffer.set(bytes, this.#start);
  }

  /** A text as UTF-8, without its length; what has no UTF-8 (lone surrogates) becomes U+FFFD. */
  text(text: string): void {
    const { length } = text;
    if (length > LOOP_CHARS) return this.#longText(text);
    this.#reserve(length);
    const buffer = this.#buffer;
    const start = this.#start - length;
    for (let i = 0; i < length; i++) {
      const char = text.charCodeAt(i);
      if (char > 0x7f) return this.#longText(text);
      buffer[start + i] = char;
    }
    this.#start = start;
  }

  #longText(text: string): void {
    const size = Buffer.byteLength(text, "utf8");
    this.#reserve(size);
    this.#start -= size;
    this.#buffer.write(text, this.#start, size, "utf8");
  }

  /** Tag and length in front of what was written since the writer had `lengthBefore` bytes. `tag` is one or two bytes. */
  close(tag: number, lengthBefore: number): void {
    this.varint(this.length - lengthBefore);
    this.varint(tag);
  }

  /** A string field; an empty one is left out, as proto3 has it. */
  textField(tag: number, text: string | undefined): void {
    if (text === undefined || text === "") return;
    const before = this.length;
    this.text(text);
    this.close(tag, before);
  }

  bytesField(tag: number, bytes: Uint8Array | undefined): void {
    if (bytes === undefined || bytes.length === 0) return;
    this.raw(bytes);
    this.varint(bytes.length);
    this.varint(tag);
  }

  int64Field(tag: number, value: bigint | number | undefined): void {
    if (value === undefined || value === 0 || value === 0n) return;
    this.int64(value);
    this.varint(tag);
  }

  uint32Field(tag: number, value: number | undefined): void {
    if (value === undefined || value === 0) return;
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw new RangeError(`${value} is not a uint32`);
    this.varint(value);
    this.varint(tag);
  }
}
