import type { ByteString } from "../bytes.js";
import { EMPTY_BYTES, bytesToU64, u64ToBytes, utf8ToByteString } from "../bytes.js";

/**
 * How a key of type K is written, as cosmossdk.io/collections writes it. Inside a composite key every part but the last
 * is written so that its end can be found again ("non-terminal").
 */
export interface KeyCodec<K> {
  encode(key: K): ByteString;
  encodeNonTerminal(key: K): ByteString;
  /** Reads a key that ends with the bytes. */
  decode(bytes: ByteString): K;
  /** Reads a key from `offset`, and says where it ended. */
  decodeNonTerminal(bytes: ByteString, offset: number): readonly [key: K, end: number];
}

/** Bytes in state that are no key of their collection. It means that the database is damaged. */
export class KeyDecodingError extends Error {
  override readonly name = "KeyDecodingError";
}

/** 64 bits, big-endian. */
export const u64Key: KeyCodec<bigint> = {
  encode: u64ToBytes,
  encodeNonTerminal: u64ToBytes,
  decode(bytes) {
    if (bytes.length !== 8) throw new KeyDecodingError(`a 64-bit key has 8 bytes, not ${bytes.length}`);
    return bytesToU64(bytes);
  },
  decodeNonTerminal(bytes, offset) {
    if (bytes.length < offset + 8) throw new KeyDecodingError("a 64-bit key has 8 bytes");
    return [bytesToU64(bytes, offset), offset + 8];
  },
};

const SIGN_BIT = 1n << 63n;

/** 64 bits with a sign, big-endian with the sign bit turned over, so that byte order is numeric order. */
export const i64Key: KeyCodec<bigint> = {
  encode: (key) => u64ToBytes(key + SIGN_BIT),
  encodeNonTerminal: (key) => u64ToBytes(key + SIGN_BIT),
  decode: (bytes) => u64Key.decode(bytes) - SIGN_BIT,
  decodeNonTerminal(bytes, offset) {
    const [key, end] = u64Key.decodeNonTerminal(bytes, offset);
    return [key - SIGN_BIT, end];
  },
};

const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * A Unix time in nanoseconds, of any year: its seconds with a sign, then the rest; byte order is the order of times. (64 bits
 * of nanoseconds, as {@link i64Key} has them, end in the year 2262.)
 */
export const timeKey: KeyCodec<bigint> = {
  encode(key) {
    const rest = ((key % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
    return (i64Key.encode((key - rest) / NANOS_PER_SECOND) + u64Key.encode(rest)) as ByteString;
  },
  encodeNonTerminal: (key) => timeKey.encode(key),
  decode(bytes) {
    const [key, end] = timeKey.decodeNonTerminal(bytes, 0);
    if (end !== bytes.length) throw new KeyDecodingError("bytes behind the end of a time");
    return key;
  },
  decodeNonTerminal(bytes, offset) {
    const [seconds, middle] = i64Key.decodeNonTerminal(bytes, offset);
    const [rest, end] = u64Key.decodeNonTerminal(bytes, middle);
    return [seconds * NANOS_PER_SECOND + rest, end];
  },
};

/** Raw bytes, such as addresses; before another part with their length in one byte. At most 255 bytes there. */
export const bytesKey: KeyCodec<ByteString> = {
  encode: (key) => key,
  encodeNonTerminal(key) {
    if (key.length > 255) throw new RangeError(`part of a key of ${key.length} bytes; at most 255`);
    return (String.fromCharCode(key.length) + key) as ByteString;
  },
  decode: (bytes) => bytes,
  decodeNonTerminal(bytes, offset) {
    const length = bytes.charCodeAt(offset);
    const end = offset + 1 + length;
    if (!(end <= bytes.length)) throw new KeyDecodingError("a part of a key is cut short");
    return [bytes.slice(offset + 1, end) as ByteString, end];
  },
};

/** {@link bytesKey} with its length even where it ends a key: sdk.LengthPrefixedAddressKey, which old indexes use. */
export function lengthPrefixedBytesKey<K extends ByteString>(): KeyCodec<K> {
  return {
    encode: (key) => bytesKey.encodeNonTerminal(key),
    encodeNonTerminal: (key) => bytesKey.encodeNonTerminal(key),
    decode(bytes) {
      const [key, end] = bytesKey.decodeNonTerminal(bytes, 0);
      if (end !== bytes.length) throw new KeyDecodingError("bytes behind the end of a key");
      return key as K;
    },
    decodeNonTerminal: (bytes, offset) => bytesKey.decodeNonTerminal(bytes, offset) as readonly [K, number],
  };
}

/** {@link bytesKey} under the brand of its caller, such as an address. */
export function brandedBytesKey<K extends ByteString>(): KeyCodec<K> {
  return bytesKey as unknown as KeyCodec<K>;
}

/** Texts in keys are denoms and identifiers, hence mostly ASCII, whose UTF-8 is the text itself. */
const ASCII = /^[\x01-\x7f]*$/;

function textToBytes(text: string): ByteString {
  return ASCII.test(text) ? (text as ByteString) : utf8ToByteString(text);
}

function bytesToText(bytes: ByteString): string {
  return ASCII.test(bytes) ? bytes : Buffer.from(bytes, "latin1").toString("utf8");
}

/** UTF-8 text without U+0000; before another part with a zero byte behind it. */
export const stringKey: KeyCodec<string> = {
  encode: textToBytes,
  encodeNonTerminal(key) {
    if (key.includes("\0")) throw new RangeError("a text inside a key cannot hold U+0000");
    return (textToBytes(key) + "\0") as ByteString;
  },
  decode: bytesToText,
  decodeNonTerminal(bytes, offset) {
    const end = bytes.indexOf("\0", offset);
    if (end < 0) throw new KeyDecodingError("a text inside a key has no end");
    return [bytesToText(bytes.slice(offset, end) as ByteString), end + 1];
  },
};

/** Two parts, in this order. */
export interface PairKeyCodec<A, B> extends KeyCodec<readonly [A, B]> {
  /** What all keys whose first part is `first` begin with. */
  prefix(first: A): ByteString;
}

export function pairKey<A, B>(a: KeyCodec<A>, b: KeyCodec<B>): PairKeyCodec<A, B> {
  return {
    encode: ([first, second]) => (a.encodeNonTerminal(first) + b.encode(second)) as ByteString,
    encodeNonTerminal: ([first, second]) => (a.encodeNonTerminal(first) + b.encodeNonTerminal(second)) as ByteString,
    decode(bytes) {
      const [first, end] = a.decodeNonTerminal(bytes, 0);
      return [first, b.decode(bytes.slice(end) as ByteString)];
    },
    decodeNonTerminal(bytes, offset) {
      const [first, middle] = a.decodeNonTerminal(bytes, offset);
      const [second, end] = b.decodeNonTerminal(bytes, middle);
      return [[first, second], end];
    },
    prefix: (first) => a.encodeNonTerminal(first),
  };
}

/** The key of a collection that has one entry. */
export const noKey: KeyCodec<undefined> = {
  encode: () => EMPTY_BYTES,
  encodeNonTerminal: () => EMPTY_BYTES,
  decode: () => undefined,
  decodeNonTerminal: (_bytes, offset) => [undefined, offset],
};
