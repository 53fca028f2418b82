import { parseAmount } from "../math/amount.js";
import type { ByteString } from "../bytes.js";
import { bytesToU64, fromByteString, toByteString, u64ToBytes } from "../bytes.js";

/** The one way in which a value is written in state, and read. */
export interface ValueCodec<V> {
  encode(value: V): Uint8Array;
  decode(bytes: Uint8Array): V;
}

/** Bytes in state that are no value of their collection. It means that the database is damaged. */
export class ValueDecodingError extends Error {
  override readonly name = "ValueDecodingError";
}

/** A non-negative amount as decimal text, as cosmossdk.io/math.Int is stored. */
export const amountValue: ValueCodec<bigint> = {
  encode(value) {
    if (value < 0n) throw new RangeError(`an amount cannot be negative: ${value}`);
    return Buffer.from(value.toString(), "latin1");
  },
  decode(bytes) {
    const value = parseAmount(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice());
    if (value === undefined) throw new ValueDecodingError("no amount");
    return value;
  },
};

/** 64 bits, big-endian. */
export const u64Value: ValueCodec<bigint> = {
  encode: (value) => fromByteString(u64ToBytes(value)),
  decode(bytes) {
    if (bytes.length !== 8) throw new ValueDecodingError(`a 64-bit number has 8 bytes, not ${bytes.length}`);
    return bytesToU64(toByteString(bytes));
  },
};

/** UTF-8 text. */
export const stringValue: ValueCodec<string> = {
  encode: (value) => Buffer.from(value, "utf8"),
  decode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
};

/** One byte, 0 or 1, as collections.BoolValue. */
export const boolValue: ValueCodec<boolean> = {
  encode: (value) => Uint8Array.of(value ? 1 : 0),
  decode(bytes) {
    if (bytes.length !== 1 || bytes[0]! > 1) throw new ValueDecodingError("no boolean");
    return bytes[0] === 1;
  },
};

/** A google.protobuf.BoolValue, as the SDK's codec.BoolValue: nothing for false. */
export const protoBoolValue: ValueCodec<boolean> = {
  encode: (value) => (value ? Uint8Array.of(0x08, 1) : new Uint8Array(0)),
  decode(bytes) {
    if (bytes.length === 0) return false;
    if (bytes.length !== 2 || bytes[0] !== 0x08 || bytes[1]! > 1) throw new ValueDecodingError("no boolean");
    return bytes[1] === 1;
  },
};

/** Bytes as they are. Shared: whoever receives them must not change them. */
export const rawValue: ValueCodec<Uint8Array> = {
  encode: (value) => value,
  decode: (bytes) => bytes,
};

export const bytesValue: ValueCodec<ByteString> = {
  encode: fromByteString,
  decode: toByteString,
};

/** Nothing: presence is all that counts. */
export const noValue: ValueCodec<undefined> = {
  encode: () => new Uint8Array(0),
  decode: () => undefined,
};
