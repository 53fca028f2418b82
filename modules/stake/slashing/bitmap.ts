import type { ConsAddress } from "../../../core/address.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { missedChunks, ofValidator } from "./state.js";

/** Bits of a chunk; x/slashing/types MissedBlockBitmapChunkSize. */
const CHUNK_BITS = 1024n;

/** Which of the places in the window of a validator are those of blocks that it did not sign. */
export function isMissed(ctx: ReadContext, address: ConsAddress, index: bigint): boolean {
  const chunk = missedChunks.get(ctx, [address, index / CHUNK_BITS]);
  if (chunk === undefined) return false;
  const bit = Number(index % CHUNK_BITS);
  return ((chunk[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

export function setMissed(ctx: Context, address: ConsAddress, index: bigint, missed: boolean): void {
  const key = [address, index / CHUNK_BITS] as const;
  const chunk = Uint8Array.from(missedChunks.get(ctx, key) ?? new Uint8Array(Number(CHUNK_BITS / 8n)));
  const bit = Number(index % CHUNK_BITS);
  const mask = 1 << (bit & 7);
  chunk[bit >> 3] = missed ? chunk[bit >> 3]! | mask : chunk[bit >> 3]! & ~mask;
  if (chunk.every((byte) => byte === 0)) missedChunks.remove(ctx, key);
  else missedChunks.set(ctx, key, chunk);
}

/** Forgets them all: as many writes as a window has chunks. */
export function clearMissed(ctx: Context, address: ConsAddress): void {
  for (const key of [...missedChunks.keys(ctx, { prefix: ofValidator(address) })]) missedChunks.remove(ctx, key);
}

/** The places that are set, in order. */
export function missedIndexes(ctx: ReadContext, address: ConsAddress): readonly bigint[] {
  const found: bigint[] = [];
  for (const [[, number], chunk] of missedChunks.entries(ctx, { prefix: ofValidator(address) })) {
    for (let bit = 0; bit < Number(CHUNK_BITS); bit++) {
      if (((chunk[bit >> 3]! >> (bit & 7)) & 1) === 1) found.push(number * CHUNK_BITS + BigInt(bit));
    }
  }
  return found;
}
