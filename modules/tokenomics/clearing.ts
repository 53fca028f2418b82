import type { Dec } from "../../core/math/dec.js";
import { DEC_ZERO, decMulAmountCeil } from "../../core/math/dec.js";

/** An opened bid, in calculable form. */
export interface OpenBid {
  readonly bidder: string;
  /** The order in which sealed bids came. */
  readonly number: number;
  /** Base units of the lot; positive. */
  readonly quantity: bigint;
  /** Base units of the chain's denom for one of them. */
  readonly price: Dec;
}

export interface Fill {
  readonly bidder: string;
  readonly quantity: bigint;
  /** `quantity × price`, rounded up: at most what the bid's own price comes to. */
  readonly cost: bigint;
}

/**
 * One price for all: bids are served from the dearest down, of equal ones the earlier first, until the lot is gone; the last
 * one that gets anything sets the price. Nobody pays more than he bid. Nothing sold: price 0.
 */
export function clearAuction(
  lot: bigint,
  bids: readonly OpenBid[],
): { readonly price: Dec; readonly sold: bigint; readonly fills: readonly Fill[] } {
  const ranked = [...bids].sort((a, b) => (a.price === b.price ? a.number - b.number : a.price > b.price ? -1 : 1));
  const served: { readonly bidder: string; readonly quantity: bigint }[] = [];
  let left = lot;
  let price = DEC_ZERO;
  for (const bid of ranked) {
    if (left === 0n) break;
    const quantity = bid.quantity < left ? bid.quantity : left;
    served.push({ bidder: bid.bidder, quantity });
    left -= quantity;
    price = bid.price;
  }
  const fills = served.map((fill) => ({ ...fill, cost: decMulAmountCeil(fill.quantity, price) }));
  return { price, sold: lot - left, fills };
}

/** A price that held from a time on, until the next one. */
export interface PricePoint {
  readonly time: bigint;
  readonly price: Dec;
}

/** The average of prices by the time that each was the last one, up to now; undefined when there is none. In order of time. */
export function timeWeightedPrice(points: readonly PricePoint[], now: bigint): Dec | undefined {
  const last = points.at(-1);
  if (last === undefined) return undefined;
  let sum = 0n;
  let seconds = 0n;
  points.forEach(({ time, price }, i) => {
    const until = points[i + 1]?.time ?? now;
    const held = until > time ? until - time : 0n;
    sum += price * held;
    seconds += held;
  });
  return seconds === 0n ? last.price : ((sum / seconds) as Dec);
}
