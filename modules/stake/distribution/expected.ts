import type { AccAddress } from "../../../core/address.js";
import type { Coin, Coins } from "../../../core/math/coins.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";

/** The right to move the coins of distribution's account; `app.ts` hands it over. Amounts are positive. */
export interface Purse {
  readonly address: AccAddress;
  /** From an account into the module account. Throws `sdk` 5 when there is too little. */
  collect(ctx: Context, from: AccAddress, ...coins: readonly Coin[]): void;
  pay(ctx: Context, to: AccAddress, ...coins: readonly Coin[]): void;
  balance(ctx: ReadContext, denom: string): bigint;
  /** At most `limit` coins, in order of their denoms. */
  balances(ctx: ReadContext, limit: number): Coins;
}

/** The account into which the fees of a block, and what is minted, come. */
export interface CollectedFees {
  readonly address: AccAddress;
  /** At most `limit` coins, in order of their denoms. */
  balances(ctx: ReadContext, limit: number): Coins;
}

/** What distribution asks of the bank beside its purse. */
export interface BankReader {
  /** Whether an address receives coins from its module only. */
  isBlocked(address: AccAddress): boolean;
}
