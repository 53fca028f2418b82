import { hash } from "node:crypto";

export const CHECKSUM_BYTES = 8;

/** The beginning of SHA-256: tells bytes that were damaged from those that were written; it keeps nobody from forging them. */
export function checksum(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer").subarray(0, CHECKSUM_BYTES);
}
