/**
 * Reading protobuf's wire format by the rules of Go's protowire, which the SDK refuses transactions by: they are
 * stricter than protobuf-es' reader. Positions are indices into `bytes`; a reader never looks at or past `end`.
 */

/** Bytes that break the wire format. Only this folder sees it; callers get a registered error. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Of a tag: protobuf's own bound. Go lets numbers up to 2^31-1 pass; the runtime would take them for others. */
export const MAX_FIELD_NUMBER = 0x1fff_ffff;
/** Groups in groups, in fields that nobody knows. */
const MAX_GROUP_DEPTH = 64;
const HIGH_BIT = 0x80;
const TWO_POW_28 = 2 ** 28;

/** A cursor over bytes. One is made for a transaction, not for a message. */
export class WireReader {
  readonly bytes: Uint8Array;
  pos: number;

  constructor(bytes: Uint8Array, pos = 0) {
    this.bytes = bytes;
    this.pos = pos;
  }

  /** A varint of at most 64 bits. Above 2^53 it is not exact, but never below that. */
  varint(end: number): number {
    const { bytes } = this;
    let pos = this.pos;
    if (pos >= end) throw new WireError("unexpected EOF");
    let byte = bytes[pos++]!;
    if (byte < HIGH_BIT) {
      this.pos = pos;
      return byte;
    }
    let value = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      if (pos >= end) throw new WireError("unexpected EOF");
      byte = bytes[pos++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < HIGH_BIT) {
        this.pos = pos;
        return value;
      }
    }
    let factor = TWO_POW_28;
    for (let index = 4; index < 10; index++) {
      if (pos >= end) throw new WireError("unexpected EOF");
      byte = bytes[pos++]!;
      // The tenth byte holds the 64th bit alone.
      if (index === 9 && byte > 1) break;
      value += (byte & 0x7f) * factor;
      if (byte < HIGH_BIT) {
        this.pos = pos;
        return value;
      }
      factor *= 128;
    }
    throw new WireError("variable length integer overflow");
  }

  /** A tag: field number × 8 + wire type. */
  tag(end: number): number {
    const tag = this.varint(end);
    if (tag < 8) throw new WireError("invalid field number");
    if (tag > MAX_FIELD_NUMBER * 8 + 7) throw new WireError("field number out of range");
    return tag;
  }

  /** The length of a field of bytes that lies within `end`. */
  length(end: number): number {
    const length = this.varint(end);
    if (length > end - this.pos) throw new WireError("unexpected EOF");
    return length;
  }

  /** Goes over the value of a field. */
  skip({ number, wire, end }: { readonly number: number; readonly wire: number; readonly end: number }): void {
    if (wire === 3) this.#skipGroup(number, end);
    else this.#skipValue(wire, end);
  }

  #skipValue(wire: number, end: number): void {
    switch (wire) {
      case 0:
        this.varint(end);
        return;
      case 1:
        this.#advance(8, end);
        return;
      case 2:
        this.#advance(this.length(end), end);
        return;
      case 5:
        this.#advance(4, end);
        return;
      default:
        throw new WireError(wire === 4 ? "mismatching end group marker" : "cannot parse reserved wire type");
    }
  }

  #skipGroup(number: number, end: number): void {
    const open = [number];
    while (open.length > 0) {
      const tag = this.tag(end);
      const inner = Math.floor(tag / 8);
      const wire = tag % 8;
      if (wire === 3) {
        if (open.length >= MAX_GROUP_DEPTH) throw new WireError("exceeded max recursion depth");
        open.push(inner);
      } else if (wire === 4) {
        if (open.pop() !== inner) throw new WireError("mismatching end group marker");
      } else {
        this.#skipValue(wire, end);
      }
    }
  }

  #advance(count: number, end: number): void {
    if (count > end - this.pos) throw new WireError("unexpected EOF");
    this.pos += count;
  }
}

/** Bytes that the shortest varint of a value takes. */
export function shortestVarint(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
