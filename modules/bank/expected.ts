import type { AccAddress, Addresses } from "../../core/address.js";
import type { StoreReader, StoreWriter } from "../../core/collections/collections.js";
import type { Coins } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { ModuleAccountSpec, Vesting } from "../auth/types.js";

/** Is told when coins come into existence or cease to exist, and in which module account. */
export interface SupplyWatcher {
  minted(ctx: Context, account: string, coins: Coins): void;
  burned(ctx: Context, account: string, coins: Coins): void;
}

/** What the bank asks of auth. */
export interface AccountKeeper {
  readonly addresses: Addresses;
  readonly moduleAccounts: ReadonlyMap<string, ModuleAccountSpec & { readonly address: AccAddress }>;
  has(ctx: StoreReader, address: AccAddress): boolean;
  /** Makes an account where there is none. */
  create(ctx: StoreWriter, address: AccAddress): unknown;
  /** Makes an account with a vesting schedule where there is none. */
  createVesting(ctx: StoreWriter, address: AccAddress, vesting: Vesting): void;
  /** What an account may not spend yet. */
  lockedCoins(ctx: ReadContext, address: AccAddress): Coins;
  /** Accounts that have a vesting schedule. */
  vestingAddresses(ctx: StoreReader): Iterable<AccAddress>;
  trackDelegation(ctx: Context, address: AccAddress, coins: Coins): void;
  trackUndelegation(ctx: Context, address: AccAddress, coins: Coins): void;
  ensureModuleAccount(ctx: StoreWriter, name: string): unknown;
  moduleAccountSpec(name: string): ModuleAccountSpec & { readonly address: AccAddress };
}
