import type { EscrowAccount } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { EscrowAccountSchema } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import type { StateMap } from "../../core/collections/collections.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { ErrEscrowNotFound, ErrInvalidAmount } from "./errors.js";
import type { BurningPurse } from "./expected.js";
import type { MarketplaceState } from "./state.js";
import type { CoinAmount, StreamPayment } from "./types.js";
import { amountInState, coinInState, coinMessage, CorruptStateError } from "./types.js";

/** Adds to the sum of a denom. A sum of zero is not stored. */
export function addToTotal(ctx: Context, totals: StateMap<string, bigint>, denom: string, delta: bigint): void {
  const sum = (totals.get(ctx, denom) ?? 0n) + delta;
  if (sum < 0n) throw new CorruptStateError(`the total of ${denom} would be ${sum}`);
  if (sum === 0n) totals.remove(ctx, denom);
  else totals.set(ctx, denom, sum);
}

export interface EscrowOptions {
  readonly state: MarketplaceState;
  readonly addresses: Addresses;
  /** The module account that holds all escrowed coins. */
  readonly purse: BurningPurse;
  /** Where the take rate goes. */
  readonly treasury: AccAddress;
}

/**
 * Holds money of a payer until it is paid out or goes back. It knows neither orders nor leases: whoever opened an account
 * decides when to pay. What it guarantees: no account is overdrawn, `deposited = balance + paid + refunded` for each, and
 * the module account holds the sum of all balances.
 */
export class Escrow {
  readonly #state: MarketplaceState;
  readonly #addresses: Addresses;
  readonly #purse: BurningPurse;
  readonly #treasury: AccAddress;

  constructor(options: EscrowOptions) {
    this.#state = options.state;
    this.#addresses = options.addresses;
    this.#purse = options.purse;
    this.#treasury = options.treasury;
  }

  /** An account in state. Throws `marketplace` 100. */
  get(ctx: ReadContext, id: bigint): EscrowAccount {
    const account = this.#state.escrows.get(ctx, id);
    if (account === undefined) throw ErrEscrowNotFound.with(`escrow account ${id}`);
    return account;
  }

  /** What is left in an account. */
  balance(ctx: ReadContext, id: bigint): CoinAmount {
    return coinInState(this.#stored(ctx, id).balance);
  }

  /** A new account with a first deposit of its owner. */
  open(ctx: Context, owner: AccAddress, coin: CoinAmount): bigint {
    const id = this.#state.nextEscrow.next(ctx);
    const account = create(EscrowAccountSchema, {
      id,
      owner: this.#addresses.account.encode(owner),
      balance: { denom: coin.denom, amount: "0" },
      deposited: "0",
      paid: "0",
      refunded: "0",
    });
    this.#credit(ctx, account, owner, coin);
    return id;
  }

  /** Adds to an account, in its denom. What is left one day goes to its owner, whoever deposits. */
  deposit(ctx: Context, id: bigint, from: AccAddress, coin: CoinAmount): void {
    const account = this.#stored(ctx, id);
    const { denom } = coinInState(account.balance);
    if (coin.denom !== denom) {
      throw ErrInvalidAmount.with(`the escrow account holds ${denom}, ${coin.denom} cannot be added`);
    }
    this.#credit(ctx, account, from, coin);
  }

  /** One payment out of an account, divided between payee, treasury and burning. */
  pay(ctx: Context, id: bigint, payee: AccAddress, payment: StreamPayment): void {
    const { gross, provider, treasury, burned } = payment;
    if (gross < 0n || provider < 0n || treasury < 0n || burned < 0n || provider + treasury + burned !== gross) {
      throw new CorruptStateError(`escrow account ${id}: a payment of ${gross} is not the sum of its parts`);
    }
    if (gross === 0n) return;
    const account = this.#stored(ctx, id);
    const denom = this.#debit(ctx, account, gross);
    account.paid = (amountInState(account.paid) + gross).toString();
    this.#state.escrows.set(ctx, id, account);
    if (provider > 0n) this.#purse.pay(ctx, payee, { denom, amount: provider });
    if (treasury > 0n) this.#purse.pay(ctx, this.#treasury, { denom, amount: treasury });
    if (burned > 0n) this.#purse.burn(ctx, { denom, amount: burned });
  }

  /** Gives what is left back to the owner. The account stays, empty, until it is removed. */
  refund(ctx: Context, id: bigint): CoinAmount {
    const account = this.#stored(ctx, id);
    const left = coinInState(account.balance);
    if (left.amount === 0n) return left;
    this.#debit(ctx, account, left.amount);
    account.refunded = (amountInState(account.refunded) + left.amount).toString();
    this.#state.escrows.set(ctx, id, account);
    this.#purse.pay(ctx, this.#addresses.account.decode(account.owner), left);
    return left;
  }

  /** Removes the record of an account that is empty. */
  remove(ctx: Context, id: bigint): void {
    const { amount } = this.balance(ctx, id);
    if (amount !== 0n) throw new CorruptStateError(`escrow account ${id} still holds ${amount}`);
    this.#state.escrows.remove(ctx, id);
  }

  #stored(ctx: ReadContext, id: bigint): EscrowAccount {
    const account = this.#state.escrows.get(ctx, id);
    if (account === undefined) throw new CorruptStateError(`escrow account ${id} is missing`);
    return account;
  }

  #credit(ctx: Context, account: EscrowAccount, from: AccAddress, coin: CoinAmount): void {
    this.#purse.collect(ctx, from, coin);
    const { denom, amount } = coinInState(account.balance);
    account.balance = { ...account.balance!, ...coinMessage({ denom, amount: amount + coin.amount }) };
    account.deposited = (amountInState(account.deposited) + coin.amount).toString();
    this.#state.escrows.set(ctx, account.id, account);
    addToTotal(ctx, this.#state.escrowTotals, denom, coin.amount);
  }

  /** Takes from the balance of the record; the caller stores it. */
  #debit(ctx: Context, account: EscrowAccount, amount: bigint): string {
    const balance = coinInState(account.balance);
    if (amount > balance.amount) {
      throw new CorruptStateError(`escrow account ${account.id} holds ${balance.amount}, ${amount} was to be paid`);
    }
    account.balance = { ...account.balance!, amount: (balance.amount - amount).toString() };
    addToTotal(ctx, this.#state.escrowTotals, balance.denom, -amount);
    return balance.denom;
  }
}
