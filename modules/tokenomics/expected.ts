import type { AccAddress, ValAddress } from "../../core/address.js";
import type { StoreReader } from "../../core/collections/collections.js";
import type { Coin, Coins } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { StakingReader } from "../stake/types.js";

export type { CommunityPool } from "../stake/types.js";

/** The denoms of the chain, which are constants of its state. */
export interface Denoms {
  /** Of the coin that this module is about. */
  readonly baseDenom: string;
  /** In which gas has a price. */
  readonly feeDenom: string;
}

/** The right to move the coins of one module account; made by the bank where the chain is put together. */
export interface Purse {
  readonly address: AccAddress;
  collect(ctx: Context, from: AccAddress, ...coins: readonly Coin[]): void;
  pay(ctx: Context, to: AccAddress, ...coins: readonly Coin[]): void;
  balance(ctx: ReadContext, denom: string): bigint;
  /** What is in it, in order of denoms, at most so many. */
  balances(ctx: ReadContext, limit: number): Coins;
}

export interface BurningPurse extends Purse {
  burn(ctx: Context, ...coins: readonly Coin[]): void;
}

export interface MintingPurse extends BurningPurse {
  mint(ctx: Context, ...coins: readonly Coin[]): void;
}

/** What is asked of the bank beside the purses. */
export interface Bank {
  supplyOf(ctx: StoreReader, denom: string): bigint;
  balance(ctx: StoreReader, address: AccAddress, denom: string): bigint;
  /** Whether an address receives coins from its module only. */
  isBlocked(address: AccAddress): boolean;
}

/** What is asked of staking. */
export type Staking = Pick<
  StakingReader,
  "totalBonded" | "bondDenom" | "validator" | "delegation" | "delegationsOf" | "delegations"
>;

/** Delegates coins for their owner, who signed for it; registered errors of staking come through. */
export type Delegate = (
  ctx: Context,
  delegation: { readonly delegator: AccAddress; readonly validator: ValAddress; readonly coin: Coin },
) => void;

/** What vesting locks in the accounts of users, by looking at so many of them at most. */
export interface Vesting {
  lockedTotal(ctx: ReadContext, denom: string, limit: number): { readonly amount: bigint; readonly complete: boolean };
}
