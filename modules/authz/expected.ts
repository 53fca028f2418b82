import type { AccAddress } from "../../core/address.js";
import type { StoreReader, StoreWriter } from "../../core/collections/collections.js";
import type { Context } from "../../core/runtime/context.js";

/** What authz asks of auth and the bank. */
export interface AccountKeeper {
  has(ctx: StoreReader, address: AccAddress): boolean;
  create(ctx: StoreWriter, address: AccAddress): unknown;
}

export interface BankKeeper {
  /** Whether only its module acts for an address. */
  isBlocked(address: AccAddress): boolean;
}

/** What a spending authorization asks of the marketplace. */
export interface MarketplaceReader {
  /** Addresses of both sides of a lease; undefined for one that does not exist. */
  leaseParties(ctx: Context, leaseId: bigint): { readonly tenant: string; readonly provider: string } | undefined;
}
