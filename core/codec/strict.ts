import { isUtf8 } from "node:buffer";

import type { DescMessage } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";
import { AnySchema, DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";

import type { FieldPlan } from "./plan.js";
import { planOf, WIRE } from "./plan.js";
import { packableType } from "./registry.js";
import { WireError, WireReader } from "./wire.js";

/** ADR-020: unknown fields whose number has this bit may be passed over where that is allowed. */
const NON_CRITICAL_BIT = 1 << 10;
/** Messages in messages, `Any` not counted. The SDK takes 10,000; no message of a chain needs more than a handful. */
const MAX_MESSAGE_DEPTH = 64;
/** codec/types.MaxUnpackAnyRecursionDepth: `Any` in `Any`. */
const MAX_ANY_DEPTH = 10;
/** codec/types.MaxUnpackAnySubCalls: `Any` in one outermost `Any`, itself counted. */
const MAX_ANYS = 100;
/** math.Int and math.LegacyDec: 256 bits, and 256 bits with 18 decimals. */
const INTEGER_BITS = 256;
const DECIMAL_BITS = 315;

const WIRE_NAMES = ["varint", "fixed64", "bytes", "start_group", "end_group", "fixed32"] as const;

/**
 * Checks bytes as strictly as the SDK does before it decodes them: unknown fields, wire types, lengths, UTF-8, numbers
 * in text, `Any` of unknown or wrong types, and everything within an `Any` again. What passes can be decoded.
 * Throws {@link WireError}.
 *
 * @returns whether there were unknown fields that are not critical, which only `allowNonCritical` lets pass.
 */
export function checkStrictly(schema: DescMessage, bytes: Uint8Array, allowNonCritical: boolean): boolean {
  const check = new StrictCheck(bytes, allowNonCritical);
  check.message(schema, { end: bytes.length, depth: 0, anyDepth: 0 });
  return check.nonCritical;
}

interface Frame {
  readonly end: number;
  readonly depth: number;
  readonly anyDepth: number;
}

class StrictCheck {
  readonly #reader: WireReader;
  readonly #bytes: Uint8Array;
  readonly #allowNonCritical: boolean;
  nonCritical = false;
  #anys = 0;

  constructor(bytes: Uint8Array, allowNonCritical: boolean) {
    this.#reader = new WireReader(bytes);
    this.#bytes = bytes;
    this.#allowNonCritical = allowNonCritical;
  }

  message(schema: DescMessage, frame: Frame): void {
    const { end } = frame;
    if (frame.depth > MAX_MESSAGE_DEPTH) throw new WireError("recursion limit reached");
    const plan = planOf(schema);
    const reader = this.#reader;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      const field = plan.field(number);
      if (field === undefined) {
        this.#unknown(schema, number, wire);
        reader.skip({ number, wire, end });
      } else if (wire === field.wire) {
        this.#value(field, frame);
      } else if (wire === WIRE.bytes && field.packable) {
        this.#packed(field, end);
      } else {
        throw new WireError(
          `Mismatched "${plan.typeName}": {TagNum: ${number}, GotWireType: "${wireName(wire)}" != WantWireType: "${wireName(field.wire)}"}`,
        );
      }
    }
  }

  #unknown(schema: DescMessage, number: number, wire: number): void {
    const critical = (number & NON_CRITICAL_BIT) === 0;
    if (critical || !this.#allowNonCritical) {
      throw new WireError(`errUnknownField "${schema.typeName}": {TagNum: ${number}, WireType:"${wireName(wire)}"}`);
    }
    this.nonCritical = true;
  }

  #value(field: FieldPlan, frame: Frame): void {
    const reader = this.#reader;
    if (field.wire === WIRE.varint) {
      reader.varint(frame.end);
      return;
    }
    if (field.wire !== WIRE.bytes) {
      reader.skip({ number: 0, wire: field.wire, end: frame.end });
      return;
    }
    const length = reader.length(frame.end);
    const start = reader.pos;
    const end = start + length;
    switch (field.content) {
      case "none":
        break;
      case "utf8":
        this.#text(field, start, end);
        break;
      case "integer":
        this.#number(field, this.#bytes.subarray(start, end), INTEGER_BITS);
        break;
      case "decimal":
        this.#number(field, this.#bytes.subarray(start, end), DECIMAL_BITS);
        break;
      case "any":
        this.#any(field, { end, depth: frame.depth + 1, anyDepth: frame.anyDepth });
        break;
      default:
        this.message(field.child!, { end, depth: frame.depth + 1, anyDepth: frame.anyDepth });
        if (field.content === "timestamp") checkTimestamp(this.#bytes.subarray(start, end));
        else if (field.content === "duration") checkDuration(this.#bytes.subarray(start, end));
    }
    reader.pos = end;
  }

  #packed(field: FieldPlan, outerEnd: number): void {
    const reader = this.#reader;
    const length = reader.length(outerEnd);
    const end = reader.pos + length;
    while (reader.pos < end) reader.skip({ number: 0, wire: field.wire, end });
  }

  #text(field: FieldPlan, start: number, end: number): void {
    const bytes = this.#bytes;
    for (let at = start; at < end; at++) {
      if (bytes[at]! < 0x80) continue;
      if (!isUtf8(bytes.subarray(start, end))) throw new WireError(`${field.name} contains invalid UTF-8`);
      return;
    }
  }

  #number(field: FieldPlan, digits: Uint8Array, bits: number): void {
    if (digits.length === 0) return;
    const first = digits[0] === 0x2d ? 1 : 0;
    let valid = digits.length > first && digits.length <= 100;
    // In Go a zero in front makes it octal.
    if (digits[first] === 0x30 && digits.length > 1) valid = false;
    for (let at = first; valid && at < digits.length; at++) valid = digits[at]! >= 0x30 && digits[at]! <= 0x39;
    if (!valid) throw new WireError(`${field.name} is no number`);
    // 77 digits are below 2^256, whatever they are.
    if (digits.length <= 77) return;
    const value = BigInt(Buffer.from(digits.subarray(first)).latin1Slice());
    if (value >= 1n << BigInt(bits)) throw new WireError(`${field.name} is out of range`);
  }

  /** An `Any` is checked as a message first, then for what it holds: the last of several type URLs and values counts. */
  #any(field: FieldPlan, frame: Frame): void {
    const reader = this.#reader;
    const start = reader.pos;
    this.message(AnySchema, frame);
    let typeUrl = "";
    let valueStart = frame.end;
    let valueEnd = frame.end;
    reader.pos = start;
    while (reader.pos < frame.end) {
      const tag = reader.tag(frame.end);
      const number = Math.floor(tag / 8);
      if (number > 2) {
        reader.skip({ number, wire: tag % 8, end: frame.end });
        continue;
      }
      const end = reader.length(frame.end) + reader.pos;
      if (number === 1) {
        typeUrl = latin1(this.#bytes, reader.pos, end);
      } else {
        valueStart = reader.pos;
        valueEnd = end;
      }
      reader.pos = end;
    }
    const schema = this.#anyType(field, typeUrl, frame);
    reader.pos = valueStart;
    this.message(schema, { end: valueEnd, depth: frame.depth + 1, anyDepth: frame.anyDepth + 1 });
  }

  #anyType(field: FieldPlan, typeUrl: string, { anyDepth }: Frame): DescMessage {
    if (anyDepth >= MAX_ANY_DEPTH) throw new WireError("max depth exceeded");
    if (anyDepth === 0) this.#anys = 0;
    if (++this.#anys > MAX_ANYS) throw new WireError("call limit exceeded");
    const schema = packableType(typeUrl);
    if (schema === undefined) throw new WireError(`unable to resolve type URL ${typeUrl}`);
    if (field.accepts !== undefined && !field.accepts.has(typeUrl)) {
      throw new WireError(`no concrete type registered for type URL ${typeUrl} against ${field.name}`);
    }
    return schema;
  }
}

function wireName(wire: number): string {
  return WIRE_NAMES[wire] ?? `unknown type: ${wire}`;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).latin1Slice();
}

/** google.protobuf.Timestamp: years 1 to 9999. */
const MIN_TIMESTAMP_SECONDS = -62_135_596_800n;
const MAX_TIMESTAMP_SECONDS = 253_402_300_799n;
const NANOS = 1_000_000_000;

/** As gogoproto's StdTimeUnmarshal. */
function checkTimestamp(bytes: Uint8Array): void {
  const { seconds, nanos } = fromBinary(TimestampSchema, bytes);
  if (seconds < MIN_TIMESTAMP_SECONDS || seconds > MAX_TIMESTAMP_SECONDS || nanos < 0 || nanos >= NANOS) {
    throw new WireError("timestamp out of range");
  }
}

/** As gogoproto's StdDurationUnmarshal: what fits in 64 bits of nanoseconds, both parts of one sign. */
function checkDuration(bytes: Uint8Array): void {
  const { seconds, nanos } = fromBinary(DurationSchema, bytes);
  const total = seconds * BigInt(NANOS) + BigInt(nanos);
  const sameSign = (seconds >= 0n || nanos <= 0) && (seconds <= 0n || nanos >= 0);
  if (!sameSign || Math.abs(nanos) >= NANOS || BigInt.asIntN(64, total) !== total) {
    throw new WireError("duration out of range");
  }
}
