import "./node-buffer.js";

/**
 * Byte strings: immutable bytes held in a JavaScript string, one character (U+0000 to U+00FF) a byte.
 *
 * Keys, addresses and hashes are byte strings wherever they are compared, sorted or looked up: `<` is byte order,
 * a `Map` finds them without conversion, V8 keeps them as one-byte strings, and nobody can change them in place.
 */
declare const byteString: unique symbol;

/** Bytes as a latin-1 string. Made with the functions below, never from arbitrary text. */
export type ByteString = string & { readonly [byteString]: true };

export const EMPTY_BYTES = "" as ByteString;

/** The bytes as a byte string. */
export function toByteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice() as ByteString;
}

/** A fresh array of the bytes. */
export function fromByteString(bytes: ByteString): Uint8Array {
  return Buffer.from(bytes, "latin1");
}

/** The UTF-8 encoding of a text. */
export function utf8ToByteString(text: string): ByteString {
  return Buffer.from(text, "utf8").latin1Slice() as ByteString;
}

export function concatBytes(...parts: readonly ByteString[]): ByteString {
  return parts.join("") as ByteString;
}

/** Lower-case hexadecimal. */
export function byteStringToHex(bytes: ByteString): string {
  return Buffer.from(bytes, "latin1").toString("hex");
}

/** From hexadecimal of either case; undefined when it is not. */
export function hexToByteString(hex: string): ByteString | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return undefined;
  return Buffer.from(hex, "hex").latin1Slice() as ByteString;
}

/** The order of bytes: negative, zero or positive. For `sort`, which must never be called without a comparison. */
export function compareBytes(a: ByteString, b: ByteString): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The smallest key above every key that begins with `prefix`; undefined when there is none (prefix empty or all 0xff).
 * With `prefix` as the start it spans exactly the keys with that prefix.
 */
export function prefixEnd(prefix: ByteString): ByteString | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix.charCodeAt(i);
    if (byte < 0xff) return (prefix.slice(0, i) + String.fromCharCode(byte + 1)) as ByteString;
  }
  return undefined;
}

/** A 64-bit unsigned integer, big-endian, so that byte order is numeric order. */
export function u64ToBytes(value: bigint): ByteString {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError(`${value} does not fit in 64 bits`);
  const buffer = Buffer.allocUnsafe(8);
  buffer.writeBigUInt64BE(value);
  return buffer.latin1Slice() as ByteString;
}

/** The inverse of {@link u64ToBytes}, of the 8 bytes at `offset`. */
export function bytesToU64(bytes: ByteString, offset = 0): bigint {
  if (bytes.length < offset + 8) throw new RangeError("8 bytes expected");
  return Buffer.from(bytes.slice(offset, offset + 8), "latin1").readBigUInt64BE();
}
