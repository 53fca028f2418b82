import type { Metadata, Params } from "@computronium/proto/cosmos/bank/v1beta1/bank_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import type { StoreReader, StoreWriter } from "../../core/collections/collections.js";
import { ErrInsufficientFunds, ErrInvalidRequest, ErrUnauthorized, ErrUnknownAddress } from "../../core/errors.js";
import { maxAmount, minAmount } from "../../core/math/amount.js";
import type { Coin, Coins } from "../../core/math/coins.js";
import { addAmounts, amountOf, formatCoins, NO_COINS } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { ModulePermission, Vesting } from "../auth/types.js";
import { STORE_GAS } from "../../core/runtime/gas.js";
import { ErrSendDisabled } from "./errors.js";
import { coinReceived, coinSpent, messageSender, transferred } from "./events.js";
import type { AccountKeeper, SupplyWatcher } from "./expected.js";
import { BurningPurse, MintingPurse, ModulePurse, StakingPurse } from "./purse.js";
import { balanceKey, balances, denomMetadata, denomOwners, params, sendEnabled, supply } from "./state.js";
import type { Output } from "./types.js";

/** A transaction pays for the receiver's account and balance as if they were read and written at once: about what the SDK takes. */
const CREDIT_GAS =
  2 * STORE_GAS.has +
  STORE_GAS.readFlat +
  40 * STORE_GAS.readPerByte +
  STORE_GAS.writeFlat +
  40 * STORE_GAS.writePerByte;

/** State without what genesis always writes. It means that the database is damaged. */
export class MissingStateError extends Error {
  override readonly name = "MissingStateError";
}

export interface BankKeeperOptions {
  readonly accounts: AccountKeeper;
  /** Module accounts to which anybody may send coins; to all others only their modules move them. */
  readonly openToDeposits?: readonly string[];
  readonly supplyWatcher?: SupplyWatcher;
}

/**
 * The only writer of balances and supply. It can move anybody's coins: modules never get it, but purses of their own
 * module accounts, which are handed over where the chain is put together.
 */
export class BankKeeper {
  readonly addresses: Addresses;
  readonly #accounts: AccountKeeper;
  /** Their coins are never locked: no schedule is looked for. */
  readonly #moduleAddresses: ReadonlySet<AccAddress>;
  readonly #blocked: ReadonlySet<AccAddress>;
  readonly #supplyWatcher: SupplyWatcher | undefined;
  readonly #opened = new Set<string>();

  constructor({ accounts, openToDeposits = [], supplyWatcher }: BankKeeperOptions) {
    this.#supplyWatcher = supplyWatcher;
    this.addresses = accounts.addresses;
    this.#accounts = accounts;
    this.#moduleAddresses = new Set([...accounts.moduleAccounts.values()].map(({ address }) => address));
    const blocked = [...accounts.moduleAccounts.values()].filter(({ name }) => !openToDeposits.includes(name));
    this.#blocked = new Set(blocked.map(({ address }) => address));
  }

  balance(ctx: StoreReader, address: AccAddress, denom: string): bigint {
    return balances.get(ctx, [address, denom]) ?? 0n;
  }

  /** Coins of an account in order of their denoms, at most `limit`. */
  balances(ctx: StoreReader, address: AccAddress, limit: number): Coins {
    const coins: Coin[] = [];
    for (const [[, denom], amount] of balances.entries(ctx, { prefix: balanceKey.prefix(address) })) {
      if (coins.length >= limit) break;
      coins.push({ denom, amount });
    }
    return coins;
  }

  /**
   * What vesting locks of a denom in all accounts that hold it: what they cannot spend of their balances. Looks at so many
   * vesting accounts at most; `complete` says whether those were all.
   */
  lockedTotal(ctx: ReadContext, denom: string, limit: number): { readonly amount: bigint; readonly complete: boolean } {
    let amount = 0n;
    let seen = 0;
    for (const address of this.#accounts.vestingAddresses(ctx)) {
      if (seen++ === limit) return { amount, complete: false };
      amount += minAmount(amountOf(this.locked(ctx, address), denom), this.balance(ctx, address, denom));
    }
    return { amount, complete: true };
  }

  /** What an account holds and may not spend yet, by its vesting schedule. It may be more than it holds. */
  locked(ctx: ReadContext, address: AccAddress): Coins {
    return this.#moduleAddresses.has(address) ? NO_COINS : this.#accounts.lockedCoins(ctx, address);
  }

  /** How much of its balance an account can spend now. */
  spendable(ctx: ReadContext, address: AccAddress, denom: string): bigint {
    return maxAmount(this.balance(ctx, address, denom) - amountOf(this.locked(ctx, address), denom), 0n);
  }

  supplyOf(ctx: StoreReader, denom: string): bigint {
    return supply.get(ctx, denom) ?? 0n;
  }

  metadata(ctx: StoreReader, denom: string): Metadata | undefined {
    return denomMetadata.get(ctx, denom);
  }

  params(ctx: StoreReader): Params {
    const current = params.get(ctx);
    if (current === undefined) throw new MissingStateError("bank has no parameters");
    return current;
  }

  setParams(ctx: StoreWriter, value: Params): void {
    params.set(ctx, value);
  }

  setMetadata(ctx: StoreWriter, value: Metadata): void {
    denomMetadata.set(ctx, value.base, value);
  }

  setSendEnabled(ctx: StoreWriter, denom: string, enabled: boolean): void {
    sendEnabled.set(ctx, denom, enabled);
  }

  /** Back to the default of the parameters. */
  unsetSendEnabled(ctx: StoreWriter, denom: string): void {
    sendEnabled.remove(ctx, denom);
  }

  /** Whether an address receives coins from its module only. */
  isBlocked(address: AccAddress): boolean {
    return this.#blocked.has(address);
  }

  /** Throws `sdk` 4 for such an address. */
  requireNotBlocked(address: AccAddress): void {
    if (!this.isBlocked(address)) return;
    throw ErrUnauthorized.with(`${this.addresses.account.encode(address)} is not allowed to receive funds`);
  }

  /** Throws `bank` 5 when sending one of the coins is switched off. */
  requireSendEnabled(ctx: StoreReader, coins: Coins): void {
    const { defaultSendEnabled } = this.params(ctx);
    for (const { denom } of coins) {
      if (sendEnabled.get(ctx, denom) ?? defaultSendEnabled) continue;
      throw ErrSendDisabled.with(`${denom} transfers are currently disabled`);
    }
  }

  /** Moves coins; an account is made for a receiver that has none. Throws `sdk` 5 when the sender has too little. */
  send(ctx: Context, from: AccAddress, to: AccAddress, coins: Coins): void {
    this.#subtract(ctx, from, coins);
    this.#add(ctx, to, coins);
    if (!this.#accounts.has(ctx, to)) this.#accounts.create(ctx, to);
    const [sender, recipient] = [this.addresses.account.encode(from), this.addresses.account.encode(to)];
    ctx.events.emit(transferred({ recipient, sender, amount: formatCoins(coins) }));
    ctx.events.emit(messageSender(sender));
  }

  /**
   * Makes an account with a vesting schedule, and sends it what the schedule sets free. Throws `sdk` 18 when there is an
   * account already, `sdk` 5 as {@link send} does.
   */
  sendVesting(ctx: Context, from: AccAddress, to: AccAddress, vesting: Vesting): void {
    if (this.#accounts.has(ctx, to)) {
      throw ErrInvalidRequest.with(`account ${this.addresses.account.encode(to)} already exists`);
    }
    this.#accounts.createVesting(ctx, to, vesting);
    this.send(ctx, from, to, vesting.original);
  }

  /**
   * {@link send} to an account that gets the coins at the end of the block ({@link settleCredits}): what many transactions
   * pay into one account does not make each depend on all before it. Throws as {@link send} does.
   */
  sendLater(ctx: Context, from: AccAddress, to: AccAddress, coins: Coins): void {
    this.#subtract(ctx, from, coins);
    for (const { denom, amount } of coins) {
      ctx.gas.consume(CREDIT_GAS, "credit");
      ctx.tally.add(denom, amount);
    }
    ctx.credits.add(to, coins);
    const [sender, recipient, amount] = [
      this.addresses.account.encode(from),
      this.addresses.account.encode(to),
      formatCoins(coins),
    ];
    ctx.events.emit(coinReceived(recipient, amount));
    ctx.events.emit(transferred({ recipient, sender, amount }));
    ctx.events.emit(messageSender(sender));
  }

  /** Gives accounts what was sent to them in the block by {@link sendLater}. */
  settleCredits(ctx: Context): void {
    for (const { to, coins } of ctx.credits.take()) {
      for (const { denom, amount } of coins) {
        const before = this.balance(ctx, to, denom);
        this.setBalance(ctx, { address: to, denom, before, after: addAmounts(before, amount) });
      }
      if (this.#accounts.has(ctx, to)) continue;
      const module = [...this.#accounts.moduleAccounts.values()].find(({ address }) => address === to);
      if (module === undefined) this.#accounts.create(ctx, to);
      else this.#accounts.ensureModuleAccount(ctx, module.name);
    }
  }

  /** Moves coins from one sender to many; `coins` is what the outputs add up to. Throws `sdk` 5 as {@link send} does. */
  multiSend(ctx: Context, from: AccAddress, coins: Coins, outputs: readonly Output[]): void {
    const sender = this.addresses.account.encode(from);
    ctx.events.emit(messageSender(sender));
    for (const { address } of outputs) {
      if (!this.#accounts.has(ctx, address)) this.#accounts.create(ctx, address);
    }
    this.#subtract(ctx, from, coins);
    for (const { address, coins: part } of outputs) {
      this.#add(ctx, address, part);
      const recipient = this.addresses.account.encode(address);
      ctx.events.emit(transferred({ recipient, sender, amount: formatCoins(part) }));
    }
  }

  /** The right to move the coins of a module account. Given out once: whoever holds it is the only one. */
  openPurse(moduleName: string): ModulePurse {
    return new ModulePurse(this.#powersOver(moduleName));
  }

  /** {@link openPurse} of a module account with the permission `burner`. */
  openBurningPurse(moduleName: string): BurningPurse {
    return new BurningPurse(this.#powersOver(moduleName, "burner"));
  }

  /** {@link openBurningPurse} of a pool of stake, with the permission `staking` too. */
  openStakingPurse(moduleName: string): StakingPurse {
    return new StakingPurse(this.#powersOver(moduleName, "burner", "staking"));
  }

  /** {@link openPurse} of a module account with the permissions `minter` and `burner`. */
  openMintingPurse(moduleName: string): MintingPurse {
    return new MintingPurse(this.#powersOver(moduleName, "burner", "minter"));
  }

  #powersOver(name: string, ...needed: readonly ModulePermission[]) {
    const { address, permissions } = this.#accounts.moduleAccountSpec(name);
    for (const permission of needed) {
      if (!permissions.includes(permission)) throw new Error(`the module account ${name} is no ${permission}`);
    }
    if (this.#opened.has(name)) throw new Error(`the purse of ${name} was handed over already`);
    this.#opened.add(name);
    return {
      address,
      bank: this,
      ensureAccount: (ctx: StoreWriter) => {
        if (!this.#accounts.has(ctx, address)) this.#accounts.ensureModuleAccount(ctx, name);
      },
      delegate: (ctx: Context, from: AccAddress, coins: Coins) => {
        this.#delegate(ctx, from, coins);
        this.#add(ctx, address, coins);
      },
      undelegate: (ctx: Context, to: AccAddress, coins: Coins) => {
        this.#subtract(ctx, address, coins);
        this.#accounts.trackUndelegation(ctx, to, coins);
        this.#add(ctx, to, coins);
        if (!this.#accounts.has(ctx, to)) this.#accounts.create(ctx, to);
      },
      addToSupply: (ctx: Context, coins: Coins) => {
        this.#add(ctx, address, coins);
        for (const { denom, amount } of coins) {
          this.#setSupply(ctx, denom, addAmounts(this.supplyOf(ctx, denom), amount));
          ctx.tally.add(denom, -amount);
        }
        this.#supplyWatcher?.minted(ctx, name, coins);
      },
      takeFromSupply: (ctx: Context, coins: Coins) => {
        this.#subtract(ctx, address, coins);
        for (const { denom, amount } of coins) {
          this.#setSupply(ctx, denom, this.supplyOf(ctx, denom) - amount);
          ctx.tally.add(denom, amount);
        }
        this.#supplyWatcher?.burned(ctx, name, coins);
      },
    };
  }

  #subtract(ctx: Context, address: AccAddress, coins: Coins): void {
    const locked = this.locked(ctx, address);
    for (const { denom, amount } of coins) {
      const balance = this.balance(ctx, address, denom);
      const spendable = balance - amountOf(locked, denom);
      if (spendable < 0n) {
        throw ErrInsufficientFunds.with(
          `locked amount exceeds account balance funds: ${balance - spendable}${denom} > ${balance}${denom}`,
        );
      }
      if (spendable < amount) {
        throw ErrInsufficientFunds.with(`spendable balance ${spendable}${denom} is smaller than ${amount}${denom}`);
      }
      this.#take(ctx, address, { denom, balance, amount });
    }
    ctx.events.emit(coinSpent(this.addresses.account.encode(address), formatCoins(coins)));
  }

  /** As {@link #subtract}, of locked coins too; the account remembers how much of them. x/bank, DelegateCoins. */
  #delegate(ctx: Context, from: AccAddress, coins: Coins): void {
    for (const { denom, amount } of coins) {
      const balance = this.balance(ctx, from, denom);
      if (balance < amount) {
        throw ErrInsufficientFunds.with(`failed to delegate; ${balance}${denom} is smaller than ${formatCoins(coins)}`);
      }
      this.#take(ctx, from, { denom, balance, amount });
    }
    const text = this.addresses.account.encode(from);
    if (!this.#accounts.has(ctx, from)) {
      throw ErrUnknownAddress.with(`failed to track delegation: account ${text} does not exist`);
    }
    this.#accounts.trackDelegation(ctx, from, coins);
    ctx.events.emit(coinSpent(text, formatCoins(coins)));
  }

  #take(
    ctx: Context,
    address: AccAddress,
    { denom, balance, amount }: { readonly denom: string; readonly balance: bigint; readonly amount: bigint },
  ): void {
    this.setBalance(ctx, { address, denom, before: balance, after: balance - amount });
    ctx.tally.add(denom, -amount);
  }

  #add(ctx: Context, address: AccAddress, coins: Coins): void {
    for (const { denom, amount } of coins) {
      const balance = this.balance(ctx, address, denom);
      this.setBalance(ctx, { address, denom, before: balance, after: addAmounts(balance, amount) });
      ctx.tally.add(denom, amount);
    }
    ctx.events.emit(coinReceived(this.addresses.account.encode(address), formatCoins(coins)));
  }

  /** Writes a balance, and the index of a denom's owners where it changes. For genesis; all else goes by coins moved. */
  setBalance(
    ctx: StoreWriter,
    change: { readonly address: AccAddress; readonly denom: string; readonly before: bigint; readonly after: bigint },
  ): void {
    const { address, denom, before, after } = change;
    if (after === 0n) {
      if (before === 0n) return;
      balances.remove(ctx, [address, denom]);
      denomOwners.remove(ctx, [denom, address]);
      return;
    }
    balances.set(ctx, [address, denom], after);
    if (before === 0n) denomOwners.add(ctx, [denom, address]);
  }

  /** Writes the supply of a denom in genesis. */
  initSupply(ctx: StoreWriter, denom: string, amount: bigint): void {
    this.#setSupply(ctx, denom, amount);
  }

  #setSupply(ctx: StoreWriter, denom: string, amount: bigint): void {
    if (amount === 0n) supply.remove(ctx, denom);
    else supply.set(ctx, denom, amount);
  }
}
