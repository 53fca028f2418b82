import type { Params } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import { BaseFeeSchema } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import { EventBaseFeeMovedSchema } from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import { create } from "../../core/codec/protobuf.js";
import type { StoreReader } from "../../core/collections/collections.js";
import type { Dec } from "../../core/math/dec.js";
import { DEC_ZERO, formatDec } from "../../core/math/dec.js";
import type { Context } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { clampPrice, nextBaseFee } from "./base-fee-curve.js";
import { curveOf, decInState } from "./params.js";
import { baseFee } from "./state.js";

/**
 * What a unit of gas costs at least in the block after the given state; undefined where there is no base fee, or where it is 0. It
 * holds for the whole of that block: only its end moves it.
 */
export function readBaseFee(stores: StoreReader): Dec | undefined {
  const stored = baseFee.get(stores);
  const price = stored === undefined ? DEC_ZERO : decInState(stored.price);
  return price === 0n ? undefined : price;
}

/** At the end of a block: the price of the next one. */
export function moveBaseFee(ctx: Context, params: Params, gasUsed: bigint): void {
  const stored = baseFee.get(ctx);
  if (stored === undefined) return;
  const before = decInState(stored.price);
  const price = nextBaseFee(before, gasUsed, curveOf(params));
  if (price === before && stored.gasUsed === gasUsed) return;
  baseFee.set(ctx, create(BaseFeeSchema, { price: formatDec(price), gasUsed }));
  if (price === before) return;
  ctx.events.emit(typedEvent(EventBaseFeeMovedSchema, { price: formatDec(price), gasUsed }));
}

/** After a change of the parameters: begins, ends, or brings the price within its bounds. */
export function adoptBaseFeeParams(ctx: Context, params: Params): void {
  if (params.baseFee?.enabled !== true) return baseFee.remove(ctx);
  const stored = baseFee.get(ctx);
  const before = stored === undefined ? undefined : decInState(stored.price);
  const curve = curveOf(params);
  const price = before === undefined ? curve.floor : clampPrice(before, curve);
  baseFee.set(ctx, create(BaseFeeSchema, { price: formatDec(price), gasUsed: stored?.gasUsed ?? 0n }));
}
