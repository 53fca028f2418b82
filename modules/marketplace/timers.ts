import type { AccAddress } from "../../core/address.js";
import type { Context } from "../../core/runtime/context.js";
import type { MarketplaceKeeper } from "./keeper.js";

type Due =
  | { readonly time: bigint; readonly kind: "provider"; readonly key: AccAddress }
  | { readonly time: bigint; readonly kind: "order" | "lease"; readonly key: bigint };

function* upTo<K>(
  refs: IterableIterator<readonly [time: bigint, key: K]>,
  time: bigint,
  limit: number,
): IterableIterator<readonly [bigint, K]> {
  let count = 0;
  for (const entry of refs) {
    if (count++ >= limit || entry[0] > time) return;
    yield entry;
  }
}

/** The deadlines that have passed, the earliest first, at most `limit`; of one time: providers, leases, orders. */
function dueDeadlines(ctx: Context, { state }: MarketplaceKeeper, limit: number): readonly Due[] {
  const now = ctx.timeSeconds;
  const due: Due[] = [];
  for (const [time, key] of upTo(state.providersByDeadline.refs.keys(ctx), now, limit)) {
    due.push({ time, kind: "provider", key });
  }
  for (const [time, key] of upTo(state.leasesByDeadline.refs.keys(ctx), now, limit)) {
    due.push({ time, kind: "lease", key });
  }
  for (const [time, key] of upTo(state.ordersByDeadline.refs.keys(ctx), now, limit)) {
    due.push({ time, kind: "order", key });
  }
  // The sort is stable, so the order above decides among equals.
  return due.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).slice(0, limit);
}

/**
 * Handles deadlines that have passed until about `max_timers_per_block` records were touched: one deadline may touch some
 * more (the bids of an order that is removed, the leases of a provider that is lost). The rest waits for the next block
 * without any change to what is paid. Returns how many records were touched.
 */
export function handleDeadlines(ctx: Context, keeper: MarketplaceKeeper): number {
  const limit = keeper.params(ctx).maxTimersPerBlock;
  let touched = 0;
  for (const due of dueDeadlines(ctx, keeper, limit)) {
    if (touched >= limit) break;
    switch (due.kind) {
      case "provider":
        touched += keeper.providers.advance(ctx, due.key);
        break;
      case "lease":
        touched += keeper.leases.advance(ctx, due.key);
        break;
      case "order":
        touched += keeper.orders.advance(ctx, due.key);
        break;
    }
  }
  return touched;
}
