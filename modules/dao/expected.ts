import type { AccAddress } from "../../core/address.js";
import type { Coin } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { StakingReader } from "../stake/types.js";

/** What governance asks of staking. */
export type Staking = Pick<
  StakingReader,
  "bondedValidators" | "totalBonded" | "delegation" | "delegationsOf" | "settle" | "asSettled"
>;

/** The coins of a module account. */
export interface Purse {
  readonly address: AccAddress;
  collect(ctx: Context, from: AccAddress, ...coins: readonly Coin[]): void;
  pay(ctx: Context, to: AccAddress, ...coins: readonly Coin[]): void;
  balance(ctx: ReadContext, denom: string): bigint;
}

/** The coins of the account of governance: those of deposits. */
export interface DepositPurse extends Purse {
  burn(ctx: Context, ...coins: readonly Coin[]): void;
}

/** What governance asks of the bank. */
export interface Bank {
  supplyOf(ctx: ReadContext, denom: string): bigint;
  isBlocked(address: AccAddress): boolean;
}
