import type { StateMap } from "../../core/collections/collections.js";
import type { ReadContext } from "../../core/runtime/context.js";
import type { Purse } from "./expected.js";
import type { MarketplaceKeeper } from "./keeper.js";

/**
 * Whether the module accounts hold what the records say, by the sums that are kept with every write: a read for each
 * denom, whatever the number of orders. A module account may hold more, if somebody could send it coins; never less.
 */
export function backingProblem(ctx: ReadContext, keeper: MarketplaceKeeper): string | undefined {
  const { state, deps } = keeper;
  return (
    shortage(ctx, "escrow", state.escrowTotals, deps.escrowPurse) ??
    shortage(ctx, "bonds", state.bondTotals, deps.bondPurse)
  );
}

function shortage(ctx: ReadContext, name: string, totals: StateMap<string, bigint>, purse: Purse): string | undefined {
  for (const [denom, total] of totals.entries(ctx)) {
    const held = purse.balance(ctx, denom);
    if (held < total) return `the account of ${name} holds ${held}${denom}, the records say ${total}${denom}`;
  }
  return undefined;
}
