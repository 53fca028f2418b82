import type { AccAddress } from "../../core/address.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { Receipt } from "../reputation/types.js";
import type { CoinAmount } from "./types.js";

/**
 * The right to move the coins of one module account; `app.ts` makes it from the bank's capability and hands it over, and
 * whoever does not hold it cannot touch the account. Amounts are positive. All throw registered errors of the bank.
 */
export interface Purse {
  /** From an account into the module account. */
  collect(ctx: Context, from: AccAddress, coin: CoinAmount): void;
  /** From the module account to an account, a module's included. */
  pay(ctx: Context, to: AccAddress, coin: CoinAmount): void;
  /** What the module account holds. */
  balance(ctx: ReadContext, denom: string): bigint;
}

/** A purse that may also burn. */
export interface BurningPurse extends Purse {
  /** Out of existence: the supply becomes less. */
  burn(ctx: Context, coin: CoinAmount): void;
}

/** Who rewards providers for work that was settled without a dispute, by what it burned. */
export interface WorkRewards {
  countWork(ctx: Context, work: { readonly provider: AccAddress; readonly burned: CoinAmount }): void;
}

/** What the market asks of reputation. */
export interface ReputationKeeper {
  /** Counts a settled receipt. */
  countReceipt(ctx: Context, receipt: Receipt): void;
  /** Score of a provider for a kind of resource at the time of the block, in 1/10,000. 0 for one that is not known. */
  scoreBps(ctx: ReadContext, provider: AccAddress, kind: string): number;
}
