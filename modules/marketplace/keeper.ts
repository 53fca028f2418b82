import type { Params } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { Bonds } from "./bonds.js";
import { Escrow } from "./escrow.js";
import type { BurningPurse, Purse, ReputationKeeper, WorkRewards } from "./expected.js";
import { Leases } from "./leases.js";
import { Orders } from "./orders.js";
import { Providers } from "./providers.js";
import type { MarketplaceState } from "./state.js";
import { marketplaceState } from "./state.js";
import { CorruptStateError } from "./types.js";

export interface MarketplaceDeps {
  readonly addresses: Addresses;
  /** Purse of the module account of escrowed coins; it burns a part of the take rate. */
  readonly escrowPurse: BurningPurse;
  /** Purse of the module account of bonds: another one, so that neither can ever pay for the other. */
  readonly bondPurse: Purse;
  /** Gets the take rate. */
  readonly treasury: AccAddress;
  /** May change the parameters: the account of the governance module. */
  readonly authority: AccAddress;
  readonly reputation: ReputationKeeper;
  /** Left out where nobody rewards work. */
  readonly rewards?: WorkRewards;
}

/** The market: the only writer of its state outside genesis. */
export class MarketplaceKeeper {
  readonly deps: MarketplaceDeps;
  readonly state: MarketplaceState;
  readonly escrow: Escrow;
  readonly bonds: Bonds;
  readonly providers: Providers;
  readonly orders: Orders;
  readonly leases: Leases;

  constructor(deps: MarketplaceDeps) {
    const state = marketplaceState(deps.addresses);
    const params = (ctx: ReadContext) => this.params(ctx);
    const { addresses, reputation } = deps;
    this.deps = deps;
    this.state = state;
    this.escrow = new Escrow({ state, addresses, purse: deps.escrowPurse, treasury: deps.treasury });
    this.bonds = new Bonds({ state, purse: deps.bondPurse });
    this.providers = new Providers({ state, bonds: this.bonds });
    this.orders = new Orders({ state, addresses, escrow: this.escrow, params });
    this.leases = new Leases({
      state,
      addresses,
      escrow: this.escrow,
      bonds: this.bonds,
      providers: this.providers,
      orders: this.orders,
      reputation,
      rewards: deps.rewards,
      params,
    });
  }

  params(ctx: ReadContext): Params {
    const params = this.state.params.get(ctx);
    if (params === undefined) throw new CorruptStateError("the market has no parameters: genesis was not run");
    return params;
  }

  setParams(ctx: Context, params: Params): void {
    this.state.params.set(ctx, params);
  }

  /** Both sides of a lease, as text; undefined for one that does not exist. */
  leaseParties(ctx: ReadContext, leaseId: bigint): { readonly tenant: string; readonly provider: string } | undefined {
    return this.state.leases.get(ctx, leaseId);
  }
}
