import type { ByteString } from "../../core/bytes.js";
import type { StateChanges } from "../../core/store/state-store.js";

/** A state whose every value at every height follows from the height, so that any thread knows what it must read. */
export const STORES = ["acc", "bank"] as const;
/** Below the number of keys in each store; a few are never written. */
export const KEYS = 400;
/** Each block writes every so manieth key, in turn. */
const STRIDE = 7;
const NEVER_WRITTEN = 13;
const DELETED = 5;

export const keyOf = (n: number): ByteString => `key ${String(n).padStart(4, "0")}` as ByteString;

function writeOf(store: string, n: number, height: number): Uint8Array | undefined {
  return (n + height) % DELETED === 0 ? undefined : Buffer.from(`${store} ${n} of ${height}`);
}

/** Whether the block of a height writes or deletes a key. */
const touches = (height: number, n: number): boolean => (n + height) % STRIDE === 0 && n % NEVER_WRITTEN !== 0;

/** The changes of a block. */
export function changesOf(height: number): StateChanges {
  const numbers = Array.from({ length: KEYS }, (_, n) => n).filter((n) => touches(height, n));
  return new Map(STORES.map((store) => [store, numbers.map((n) => [keyOf(n), writeOf(store, n, height)] as const)]));
}

/** What a key holds at a height. */
export function valueAt(store: string, n: number, height: number): Uint8Array | undefined {
  for (let at = height; at > Math.max(0, height - STRIDE); at--) {
    if (touches(at, n)) return writeOf(store, n, at);
  }
  return undefined;
}
