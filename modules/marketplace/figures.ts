import { LeaseState, OrderState, ProviderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { Addresses } from "../../core/address.js";
import type { StateIndex, StateMap } from "../../core/collections/collections.js";
import type { ReadContext } from "../../core/runtime/context.js";
import { marketplaceState } from "./state.js";

/** What goes on in the market, for those who watch it from outside. */
export interface MarketFigures {
  /** By name of the state, such as OPEN; states that nothing is in are there with 0. */
  readonly orders: ReadonlyMap<string, number>;
  readonly leases: ReadonlyMap<string, number>;
  readonly providers: ReadonlyMap<string, number>;
  /** By denom, in base units. */
  readonly escrowed: ReadonlyMap<string, bigint>;
  readonly bonded: ReadonlyMap<string, bigint>;
  /** False when there is more in some state than was counted. */
  readonly complete: boolean;
}

/** Counts records by state, at most `limit` in each. */
export function marketFigures(ctx: ReadContext, addresses: Addresses, limit: number): MarketFigures {
  const state = marketplaceState(addresses);
  let complete = true;
  const count = <T>(entries: Iterable<T>, each: (entry: T) => void): void => {
    let seen = 0;
    for (const entry of entries) {
      if (seen === limit) {
        complete = false;
        return;
      }
      seen++;
      each(entry);
    }
  };
  const byState = <K, V>(index: StateIndex<bigint, K, V>, names: Enum): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const [value, name] of statesOf(names)) {
      let found = 0;
      count(index.refs.map.rawEntries(ctx, { prefix: index.prefix(BigInt(value)) }), () => found++);
      counts.set(name, found);
    }
    return counts;
  };
  const providers = new Map(statesOf(ProviderState).map(([, name]) => [name, 0]));
  count(state.providers.map.entries(ctx), ([, provider]) => {
    const name = ProviderState[provider.state] ?? "";
    providers.set(name, (providers.get(name) ?? 0) + 1);
  });
  const sums = (totals: StateMap<string, bigint>): Map<string, bigint> => {
    const found = new Map<string, bigint>();
    count(totals.entries(ctx), ([denom, amount]) => found.set(denom, amount));
    return found;
  };
  const figures = {
    orders: byState(state.ordersByState, OrderState),
    leases: byState(state.leasesByState, LeaseState),
    providers,
    escrowed: sums(state.escrowTotals),
    bonded: sums(state.bondTotals),
  };
  return { ...figures, complete };
}

/** A generated enum: number → name. */
type Enum = Readonly<Record<number, string>>;

function statesOf(names: Enum): readonly (readonly [number, string])[] {
  const states: (readonly [number, string])[] = [];
  for (let value = 1; ; value++) {
    const name = names[value];
    if (name === undefined) return states;
    states.push([value, name]);
  }
}
