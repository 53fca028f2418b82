import type { AccAddress, Addresses } from "../../core/address.js";
import type { StoreReader, StoreWriter } from "../../core/collections/collections.js";
import type { ModuleAccountSpec } from "../auth/types.js";

/** What the bank asks of auth. */
export interface AccountKeeper {
  readonly addresses: Addresses;
  readonly moduleAccounts: ReadonlyMap<string, ModuleAccountSpec & { readonly address: AccAddress }>;
  has(ctx: StoreReader, address: AccAddress): boolean;
  /** Makes an account where there is none. */
  create(ctx: StoreWriter, address: AccAddress): unknown;
  ensureModuleAccount(ctx: StoreWriter, name: string): unknown;
  moduleAccountSpec(name: string): ModuleAccountSpec & { readonly address: AccAddress };
}
