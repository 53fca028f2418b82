import type { Provider } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { LeaseState, ProviderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  EventProviderLapsedSchema,
  EventProviderRemovedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";

import type { AccAddress } from "../../core/address.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { Bonds } from "./bonds.js";
import { ErrProviderNotFound } from "./errors.js";
import type { MarketplaceState } from "./state.js";
import { coinMessage, CorruptStateError } from "./types.js";

/** Providers: their records, and what time does to them. */
export class Providers {
  readonly #state: MarketplaceState;
  readonly #bonds: Bonds;

  constructor(options: { readonly state: MarketplaceState; readonly bonds: Bonds }) {
    this.#state = options.state;
    this.#bonds = options.bonds;
  }

  /** Throws `marketplace` 21. */
  get(ctx: ReadContext, address: AccAddress): Provider {
    const provider = this.#state.providers.get(ctx, address);
    if (provider === undefined) throw ErrProviderNotFound.plain();
    return provider;
  }

  /** The provider of an open lease, which is always there. */
  ofLease(ctx: ReadContext, address: AccAddress): Provider {
    const provider = this.#state.providers.get(ctx, address);
    if (provider === undefined) throw new CorruptStateError("the provider of an open lease is missing");
    return provider;
  }

  set(ctx: Context, address: AccAddress, provider: Provider): void {
    this.#state.providers.set(ctx, address, provider);
  }

  /**
   * Makes the transitions whose deadline has passed: an overdue heartbeat, the end of unbonding. Returns how many records
   * that touched.
   */
  advance(ctx: Context, address: AccAddress): number {
    const provider = this.#state.providers.get(ctx, address);
    if (provider === undefined) return 0;
    if (provider.state === ProviderState.ONLINE && provider.liveUntilTime <= ctx.timeSeconds) {
      return this.#lapse(ctx, address, provider);
    }
    if (provider.state === ProviderState.UNBONDING && provider.unbondingTime <= ctx.timeSeconds) {
      this.#endUnbonding(ctx, address, provider);
      return 1;
    }
    return 0;
  }

  /** Marks the running leases with the time, from which each closes by itself: at most `max_open_leases_per_provider`. */
  #lapse(ctx: Context, address: AccAddress, provider: Provider): number {
    const lapsedTime = provider.liveUntilTime;
    provider.state = ProviderState.OFFLINE;
    this.set(ctx, address, provider);
    ctx.events.emit(typedEvent(EventProviderLapsedSchema, { provider: provider.address, lapsedTime }));
    let touched = 1;
    for (const id of [...this.#state.openLeasesByProvider.keysOf(ctx, address)]) {
      const lease = this.#state.leases.get(ctx, id);
      if (lease === undefined) throw new CorruptStateError(`lease ${id} is in an index only`);
      const runs = lease.state === LeaseState.ACTIVE || lease.state === LeaseState.PAUSED;
      if (!runs || lease.lostTime > 0n) continue;
      lease.lostTime = lapsedTime;
      this.#state.leases.set(ctx, id, lease);
      touched++;
    }
    return touched;
  }

  #endUnbonding(ctx: Context, address: AccAddress, provider: Provider): void {
    const bond = this.#bonds.giveBack(ctx, provider, address);
    this.#state.providers.remove(ctx, address);
    ctx.events.emit(typedEvent(EventProviderRemovedSchema, { provider: provider.address, bond: coinMessage(bond) }));
  }
}
