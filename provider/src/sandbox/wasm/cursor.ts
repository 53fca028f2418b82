import { WasmRefusedError } from "../errors.js";

/** Reads the primitives of the WebAssembly binary format (core specification 2.0, chapter 5.2) within bounds. */
export class Cursor {
  constructor(
    private readonly bytes: Uint8Array,
    public offset = 0,
    readonly end = bytes.length,
  ) {}

  get done(): boolean {
    return this.offset >= this.end;
  }

  byte(): number {
    const value = this.offset < this.end ? this.bytes[this.offset] : undefined;
    if (value === undefined) throw this.malformed("ends too early");
    this.offset++;
    return value;
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f) throw this.malformed("a number has more than 32 bits");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw this.malformed("a number is too long");
  }

  /** Passes over a signed LEB128 number of at most `bits` bits (whose value matters to the engine only). */
  skipSigned(bits: 32 | 33 | 64): void {
    const most = Math.ceil(bits / 7);
    for (let i = 0; i < most; i++) if (this.byte() < 0x80) return;
    throw this.malformed("a number is too long");
  }

  /** A vector's length; each element takes at least one byte, so that a huge count can't make a loop run long. */
  count(): number {
    const count = this.u32();
    if (count > this.end - this.offset) throw this.malformed("a vector is longer than its section");
    return count;
  }

  /** A part of `length` bytes with its own bounds; this cursor goes behind it. */
  part(length: number): Cursor {
    if (length > this.end - this.offset) throw this.malformed("a part is longer than what holds it");
    const part = new Cursor(this.bytes, this.offset, this.offset + length);
    this.offset += length;
    return part;
  }

  name(): string {
    const part = this.part(this.u32());
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        this.bytes.subarray(part.offset, part.end),
      );
    } catch {
      throw this.malformed("a name is not UTF-8");
    }
  }

  mustBeDone(what: string): void {
    if (!this.done) throw this.malformed(`${what} has bytes after its end`);
  }

  malformed(what: string): WasmRefusedError {
    return new WasmRefusedError("malformed", `the module is malformed at byte ${this.offset}: ${what}`);
  }
}
