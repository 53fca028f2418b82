import type { Dec } from "../../core/math/dec.js";
import { decMax, decMin } from "../../core/math/dec.js";
import { ALL_BPS } from "./split.js";

/** How the base fee moves. */
export interface BaseFeeCurve {
  readonly floor: Dec;
  readonly cap: Dec;
  /** Gas of a block at which the price stays; positive. */
  readonly targetGas: bigint;
  readonly maxChangeBps: number;
}

/**
 * The price after a block that used `gasUsed`: it moves in proportion to how far that is from the target, at most
 * `maxChangeBps` of itself for an empty block or one of twice the target, and never leaves floor and cap. Integer arithmetic on
 * raw 10^-18, rounded towards the old price; only upwards it moves by one 10^-18 at least, so that it cannot be stuck.
 */
export function nextBaseFee(price: Dec, gasUsed: bigint, { floor, cap, targetGas, maxChangeBps }: BaseFeeCurve): Dec {
  const isAbove = gasUsed > targetGas;
  const distance = isAbove ? gasUsed - targetGas : targetGas - gasUsed;
  const counted = distance < targetGas ? distance : targetGas;
  const change = (price * counted * BigInt(maxChangeBps)) / (targetGas * BigInt(ALL_BPS));
  const moved = isAbove ? price + (change > 0n ? change : 1n) : price - change;
  return clampPrice(moved as Dec, { floor, cap });
}

export function clampPrice(price: Dec, { floor, cap }: Pick<BaseFeeCurve, "floor" | "cap">): Dec {
  return decMin(decMax(price, floor), cap);
}
