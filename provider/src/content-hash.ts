import { createHash } from "node:crypto";

/** The SHA-256 of some bytes, as 64 lower-case hexadecimal digits: the name of a job or of a result. */
export type ContentHash = string & { readonly __brand: "ContentHash" };

const PATTERN = /^[0-9a-f]{64}$/;

/** True for 64 lower-case hexadecimal digits; upper case is refused, so that one content has one name. */
export function isContentHash(text: string): text is ContentHash {
  return PATTERN.test(text);
}

/** Parses a content hash that came from outside. Throws a `TypeError` for anything but 64 lower-case hex digits. */
export function parseContentHash(text: string): ContentHash {
  if (!isContentHash(text)) throw new TypeError(`a content hash is 64 lower-case hexadecimal digits, not "${text}"`);
  return text;
}

/** The content hash of these bytes. */
export function hashContent(bytes: Uint8Array): ContentHash {
  return parseContentHash(createHash("sha256").update(bytes).digest("hex"));
}
