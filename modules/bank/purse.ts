import type { AccAddress } from "../../core/address.js";
import type { StoreWriter } from "../../core/collections/collections.js";
import { ErrInvalidCoins } from "../../core/errors.js";
import type { Coin, Coins } from "../../core/math/coins.js";
import { coinsOf, formatCoins } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { burned, minted } from "./events.js";
import type { BankKeeper } from "./keeper.js";

/** What a purse needs of the keeper; made by it alone. */
export interface PursePowers {
  readonly address: AccAddress;
  readonly bank: BankKeeper;
  ensureAccount(ctx: StoreWriter): void;
  delegate(ctx: Context, from: AccAddress, coins: Coins): void;
  undelegate(ctx: Context, to: AccAddress, coins: Coins): void;
  addToSupply(ctx: Context, coins: Coins): void;
  takeFromSupply(ctx: Context, coins: Coins): void;
}

/**
 * The right to move the coins of one module account. A module gets the purse of its own account where the chain is put
 * together, and can name no other. Amounts are positive; zeros are left out. All methods throw `sdk` 5 (insufficient
 * funds) when there is too little, and `sdk` 10 (invalid coins) when nothing is left to move.
 */
export class ModulePurse {
  readonly address: AccAddress;
  protected readonly powers: PursePowers;

  constructor(powers: PursePowers) {
    this.address = powers.address;
    this.powers = powers;
  }

  /** From an account into the module account. The caller knows that the account's owner wants it. */
  collect(ctx: Context, from: AccAddress, ...coins: readonly Coin[]): void {
    const moved = positive(coins);
    this.powers.ensureAccount(ctx);
    this.powers.bank.send(ctx, from, this.address, moved);
  }

  /** {@link collect}, but the module has it at the end of the block; the gas is the same for everybody. */
  collectLater(ctx: Context, from: AccAddress, ...coins: readonly Coin[]): void {
    this.powers.bank.sendLater(ctx, from, this.address, positive(coins));
  }

  /** From the module account to an account, that of another module included. */
  pay(ctx: Context, to: AccAddress, ...coins: readonly Coin[]): void {
    this.powers.bank.send(ctx, this.address, to, positive(coins));
  }

  /** What the module account holds. */
  balance(ctx: ReadContext, denom: string): bigint {
    return this.powers.bank.balance(ctx, this.address, denom);
  }

  /** What it holds of the first denoms, at most `limit` of them. */
  balances(ctx: ReadContext, limit: number): Coins {
    return this.powers.bank.balances(ctx, this.address, limit);
  }

  protected get text(): string {
    return this.powers.bank.addresses.account.encode(this.address);
  }
}

/** A purse that may also burn what is in it. */
export class BurningPurse extends ModulePurse {
  /** Out of existence: the supply becomes less. */
  burn(ctx: Context, ...coins: readonly Coin[]): void {
    const gone = positive(coins);
    this.powers.takeFromSupply(ctx, gone);
    ctx.events.emit(burned(this.text, formatCoins(gone)));
  }
}

/** The purse of a pool of stake. Accounts may delegate what they may not spend. */
export class StakingPurse extends BurningPurse {
  /** From an account into the pool; coins that are locked by vesting go first. Throws `sdk` 5 when it has too little. */
  delegate(ctx: Context, from: AccAddress, ...coins: readonly Coin[]): void {
    const moved = positive(coins);
    this.powers.ensureAccount(ctx);
    this.powers.delegate(ctx, from, moved);
  }

  /** Back from the pool to an account, where vesting locks again what it locked before. */
  undelegate(ctx: Context, to: AccAddress, ...coins: readonly Coin[]): void {
    this.powers.undelegate(ctx, to, positive(coins));
  }
}

/** A purse that may also make coins. */
export class MintingPurse extends BurningPurse {
  /** Into existence, in the module account: the supply becomes more. Throws `sdk` 10 above 2^256-1. */
  mint(ctx: Context, ...coins: readonly Coin[]): void {
    const made = positive(coins);
    this.powers.ensureAccount(ctx);
    this.powers.addToSupply(ctx, made);
    ctx.events.emit(minted(this.text, formatCoins(made)));
  }
}

function positive(coins: readonly Coin[]): Coins {
  const sorted = coinsOf(coins);
  if (sorted.length === 0) throw ErrInvalidCoins.with("no coins");
  return sorted;
}
