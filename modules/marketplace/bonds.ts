import type { Provider } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { AccAddress } from "../../core/address.js";
import type { Context } from "../../core/runtime/context.js";
import { ErrBondTooSmall } from "./errors.js";
import { addToTotal } from "./escrow.js";
import type { Purse } from "./expected.js";
import type { MarketplaceState } from "./state.js";
import type { CoinAmount } from "./types.js";
import { amountInState, coinInState, CorruptStateError } from "./types.js";

/**
 * The bonds of providers, held by a module account of their own. Every open lease reserves its penalty, so that a tenant
 * is paid even when all leases of a provider fail at once. The functions change the record; the caller stores it.
 */
export class Bonds {
  readonly #state: MarketplaceState;
  readonly #purse: Purse;

  constructor(options: { readonly state: MarketplaceState; readonly purse: Purse }) {
    this.#state = options.state;
    this.#purse = options.purse;
  }

  /** What no lease has reserved. */
  free(provider: Provider): bigint {
    return coinInState(provider.bond).amount - amountInState(provider.bondReserved);
  }

  /** Takes coins from the provider's account into its bond. */
  add(ctx: Context, provider: Provider, from: AccAddress, coin: CoinAmount): void {
    const bond = coinInState(provider.bond);
    if (coin.denom !== bond.denom) throw ErrBondTooSmall.with(`the bond is in ${bond.denom}, not in ${coin.denom}`);
    this.#purse.collect(ctx, from, coin);
    provider.bond = { ...provider.bond!, amount: (bond.amount + coin.amount).toString() };
    addToTotal(ctx, this.#state.bondTotals, bond.denom, coin.amount);
  }

  /** Sets a part aside for a lease. Throws `marketplace` 23 when not so much is free. */
  reserve(provider: Provider, amount: bigint): void {
    const free = this.free(provider);
    if (amount > free) throw ErrBondTooSmall.with(`${free} of the bond is free, a lease reserves ${amount}`);
    provider.bondReserved = (amountInState(provider.bondReserved) + amount).toString();
  }

  /** Ends the reservation of a lease. */
  release(provider: Provider, amount: bigint): void {
    const reserved = amountInState(provider.bondReserved) - amount;
    if (reserved < 0n) throw new CorruptStateError(`bond of ${provider.address}: more is released than reserved`);
    provider.bondReserved = reserved.toString();
  }

  /** Pays what was reserved for a lease to its tenant. */
  penalise(ctx: Context, provider: Provider, tenant: AccAddress, amount: bigint): void {
    this.release(provider, amount);
    this.#take(ctx, provider, tenant, amount);
  }

  /** Gives all of the bond back. Nothing may be reserved. */
  giveBack(ctx: Context, provider: Provider, to: AccAddress): CoinAmount {
    if (amountInState(provider.bondReserved) !== 0n) {
      throw new CorruptStateError(`bond of ${provider.address} goes back while a part is reserved`);
    }
    const bond = coinInState(provider.bond);
    this.#take(ctx, provider, to, bond.amount);
    return bond;
  }

  #take(ctx: Context, provider: Provider, to: AccAddress, amount: bigint): void {
    const bond = coinInState(provider.bond);
    if (amount > bond.amount) throw new CorruptStateError(`bond of ${provider.address} would be negative`);
    if (amount === 0n) return;
    provider.bond = { ...provider.bond!, amount: (bond.amount - amount).toString() };
    addToTotal(ctx, this.#state.bondTotals, bond.denom, -amount);
    this.#purse.pay(ctx, to, { denom: bond.denom, amount });
  }
}
