import { MalformedRecord, writeVarint } from "./node-codec.js";

/**
 * The nodes of one store that a block replaced or removed: no height from this one on needs them. Collected in any order,
 * stored sorted by version and nonce as differences, 2 to 4 bytes a node.
 */
export class OrphanList {
  /** Pairs of nonce and version: read as 64-bit little-endian integers they sort by version, then nonce. */
  #pairs = new Uint32Array(256);
  #length = 0;

  get count(): number {
    return this.#length / 2;
  }

  push(version: number, nonce: number): void {
    if (this.#length === this.#pairs.length) {
      const bigger = new Uint32Array(2 * this.#pairs.length);
      bigger.set(this.#pairs);
      this.#pairs = bigger;
    }
    this.#pairs[this.#length++] = nonce;
    this.#pairs[this.#length++] = version;
  }

  encode(): Buffer {
    const pairs = this.#pairs;
    new BigUint64Array(pairs.buffer, 0, this.count).sort();
    const out = Buffer.allocUnsafe(10 * this.count);
    let at = 0;
    let version = 0;
    let nonce = 0;
    for (let i = 0; i < this.#length; i += 2) {
      const nextNonce = pairs[i] as number;
      const nextVersion = pairs[i + 1] as number;
      // An even number is the step to the next nonce; an odd one the step to a later version, whose nonce follows.
      if (nextVersion === version) at = writeVarint(out, at, 2 * (nextNonce - nonce));
      else {
        at = writeVarint(out, at, 2 * (nextVersion - version) + 1);
        at = writeVarint(out, at, nextNonce);
      }
      version = nextVersion;
      nonce = nextNonce;
    }
    return out.subarray(0, at);
  }
}

/** Where reading of an encoded list stopped. */
export interface OrphanCursor {
  readonly offset: number;
  readonly version: number;
  readonly nonce: number;
}

export const ORPHANS_START: OrphanCursor = { offset: 0, version: 0, nonce: 0 };

/** Reads on from a cursor: calls `each` at most `limit` times and returns where it stopped. Throws {@link MalformedRecord}. */
export function readOrphans(
  bytes: Uint8Array,
  cursor: OrphanCursor,
  limit: number,
  each: (version: number, nonce: number) => void,
): OrphanCursor {
  let { offset, version, nonce } = cursor;
  const varint = (): number => {
    let value = 0;
    for (let unit = 1; unit < 2 ** 53; unit *= 0x80) {
      const byte = bytes[offset++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    throw new MalformedRecord("bad list of orphans");
  };
  for (let i = 0; i < limit && offset < bytes.length; i++) {
    const step = varint();
    if (step % 2 === 0) nonce += step / 2;
    else {
      version += (step - 1) / 2;
      nonce = varint();
    }
    each(version, nonce);
  }
  return { offset, version, nonce };
}
