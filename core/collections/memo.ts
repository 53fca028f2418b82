import type { ValueCodec } from "./values.js";

/**
 * A codec that remembers the last value that it read: for the few values, such as parameters, which everything reads
 * and hardly anything changes. What it returns is shared and must not be changed.
 */
export function memoValue<V>(codec: ValueCodec<V>): ValueCodec<V> {
  let bytes: Uint8Array | undefined;
  let value: V | undefined;
  return {
    encode: (written) => codec.encode(written),
    decode(read) {
      if (bytes !== undefined && Buffer.compare(bytes, read) === 0) return value as V;
      const decoded = codec.decode(read);
      // A copy: nothing that a store does with its buffers can make another value look like this one.
      bytes = Uint8Array.from(read);
      value = decoded;
      return decoded;
    },
  };
}
