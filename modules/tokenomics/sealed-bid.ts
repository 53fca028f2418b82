import { createHash } from "node:crypto";

import type { Dec } from "../../core/math/dec.js";
import { formatDec } from "../../core/math/dec.js";

export const COMMITMENT_BYTES = 32;
/** Bounds of a salt's length in bytes: so short that it can be tried out, a seal is none. */
export const SALT_BYTES = [16, 64] as const;

/**
 * What a bidder hands in to seal a bid: SHA-256 of `<chain id>/<auction id>/<bidder>/<quantity>/<price>/<salt in hex>`, the
 * price with 18 decimals. Chain, auction and bidder are in it, so that nobody else can hand in the same seal with effect.
 */
export function bidCommitment(bid: {
  readonly chainId: string;
  readonly auctionId: bigint;
  readonly bidder: string;
  readonly quantity: bigint;
  readonly price: Dec;
  readonly salt: Uint8Array;
}): Uint8Array {
  const { chainId, auctionId, bidder, quantity, price, salt } = bid;
  const text = [chainId, auctionId, bidder, quantity, formatDec(price), Buffer.from(salt).toString("hex")].join("/");
  return createHash("sha256").update(text).digest();
}
