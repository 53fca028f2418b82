import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, toHex } from "@cosmjs/encoding";

import { HashMismatchError } from "./errors.js";

/** SHA-256 of a job, a result or any other content, as the 32 bytes that go on chain. */
export function contentHash(content: Uint8Array): Uint8Array {
  return sha256(content);
}

/** 64 lower-case hexadecimal digits: a hash as people and URLs write it. */
export function hashToText(hash: Uint8Array): string {
  return toHex(hash);
}

/** The 32 bytes behind 64 hexadecimal digits. Throws a `RangeError` for anything else. */
export function hashFromText(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new RangeError(`a SHA-256 is 64 hexadecimal digits, not "${text}"`);
  return fromHex(text);
}

/** Throws {@link HashMismatchError} unless the content has this SHA-256. `what` names the content in the message. */
export function verifyContent(what: string, content: Uint8Array, hash: Uint8Array): void {
  const expected = hashToText(hash);
  const actual = hashToText(contentHash(content));
  if (actual !== expected) throw new HashMismatchError(what, expected, actual);
}
