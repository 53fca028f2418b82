import type { AccAddress } from "../../core/address.js";
import type { StoreReader, StoreWriter } from "../../core/collections/collections.js";

/** What feegrant asks of auth and the bank. */
export interface AccountKeeper {
  has(ctx: StoreReader, address: AccAddress): boolean;
  create(ctx: StoreWriter, address: AccAddress): unknown;
}

export interface BankKeeper {
  /** Whether only its module acts for an address. */
  isBlocked(address: AccAddress): boolean;
}
