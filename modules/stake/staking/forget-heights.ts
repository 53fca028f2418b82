import type { Context } from "../../../core/runtime/context.js";
import type { StakingParts } from "./keeper.js";

/**
 * For a chain that counts its blocks from 1 again: what is on its way out began before its first block, so that no infraction there
 * concerns it, as in the export for zero height of the SDK's applications. The sums by height are made anew from the genesis.
 */
export function forgetHeights(ctx: Context, { state, validators, unbondings, redelegations }: StakingParts): void {
  for (const [, record] of [...state.validators.entries(ctx)]) validators.set(ctx, { ...record, unbondingHeight: 0n });
  for (const [id, record] of [...state.unbondings.entries(ctx)]) {
    const entries = unbondings.entries(ctx, id).map((entry) => ({ ...entry, creationHeight: 0n }));
    unbondings.setEntries(ctx, id, record.unsettledFrom, entries);
  }
  for (const [id, record] of [...state.redelegations.entries(ctx)]) {
    const entries = redelegations.entries(ctx, id).map((entry) => ({ ...entry, creationHeight: 0n }));
    redelegations.setEntries(ctx, id, record.unsettledFrom, entries);
  }
}
