import type { Params } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { moduleAddress } from "../../core/address.js";
import type { StoreReader, StoreWriter } from "../../core/collections/collections.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import type { Coins } from "../../core/math/coins.js";
import { NO_COINS } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { Facts } from "../../core/runtime/facts.js";
import { AccountCodec } from "./account-codec.js";
import { accounts, addressByNumber, nextAccountNumber, params, unorderedNonces, vestingAddresses } from "./state.js";
import type { Account, ModuleAccountSpec, Vesting } from "./types.js";
import { lockedCoins, withDelegation, withUndelegation } from "./vesting.js";

/** State without what genesis always writes. It means that the database is damaged. */
export class MissingStateError extends Error {
  override readonly name = "MissingStateError";
}

/** A context that may remember what was read; those of transactions and hooks do. */
interface RememberingReader extends StoreReader {
  readonly facts?: Facts;
}

/**
 * Accounts that exist and have no vesting schedule: they never get one. The ante chain reads the accounts of all signers,
 * so that a send of theirs need not ask again.
 */
const WITHOUT_VESTING = Symbol("accounts without vesting");

/** How many nonces of unordered transactions a block forgets at most; the others wait for the next one. */
const MAX_NONCES_REMOVED = 10_000;

export interface AccountKeeperOptions {
  readonly addresses: Addresses;
  /** All module accounts of the chain. */
  readonly moduleAccounts: readonly ModuleAccountSpec[];
}

/** The only writer of accounts. */
export class AccountKeeper {
  readonly addresses: Addresses;
  readonly codec: AccountCodec;
  /** Module accounts by name, in order of their names. */
  readonly moduleAccounts: ReadonlyMap<string, ModuleAccountSpec & { readonly address: AccAddress }>;

  constructor({ addresses, moduleAccounts }: AccountKeeperOptions) {
    this.addresses = addresses;
    this.codec = new AccountCodec(addresses);
    const sorted = [...moduleAccounts].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.moduleAccounts = new Map(sorted.map((spec) => [spec.name, { ...spec, address: moduleAddress(spec.name) }]));
    if (this.moduleAccounts.size !== moduleAccounts.length) throw new Error("a module account is declared twice");
  }

  get(ctx: RememberingReader, address: AccAddress): Account | undefined {
    const bytes = accounts.get(ctx, address);
    if (bytes === undefined) return undefined;
    const account = this.codec.decode(address, bytes);
    if (account.vesting === undefined) ctx.facts?.learn(WITHOUT_VESTING, address);
    return account;
  }

  /** What an account may not spend at the time of the block. Reads it only where it could have a vesting schedule. */
  lockedCoins(ctx: RememberingReader & ReadContext, address: AccAddress): Coins {
    const vesting = this.#vestingAccount(ctx, address)?.vesting;
    return vesting === undefined ? NO_COINS : lockedCoins(vesting, ctx.timeSeconds);
  }

  /** Keeps in mind how much of what a vesting account delegates was locked; of other accounts there is nothing to keep. */
  trackDelegation(ctx: Context, address: AccAddress, coins: Coins): void {
    const account = this.#vestingAccount(ctx, address);
    if (account === undefined) return;
    this.set(ctx, { ...account, vesting: withDelegation(account.vesting, ctx.timeSeconds, coins) });
  }

  /** The reverse of {@link trackDelegation}, when delegated coins come back. */
  trackUndelegation(ctx: Context, address: AccAddress, coins: Coins): void {
    const account = this.#vestingAccount(ctx, address);
    if (account !== undefined) this.set(ctx, { ...account, vesting: withUndelegation(account.vesting, coins) });
  }

  #vestingAccount(ctx: RememberingReader, address: AccAddress): (Account & { readonly vesting: Vesting }) | undefined {
    if (ctx.facts?.knows(WITHOUT_VESTING, address) === true) return undefined;
    const account = this.get(ctx, address);
    return account?.vesting === undefined ? undefined : { ...account, vesting: account.vesting };
  }

  has(ctx: StoreReader, address: AccAddress): boolean {
    return accounts.has(ctx, address);
  }

  /** Stores an account that exists: its address and number stay as they are. */
  set(ctx: StoreWriter, account: Account): void {
    accounts.set(ctx, account.address, this.codec.encode(account));
  }

  /** Stores a new account under a number that nobody has. For genesis; {@link create} takes the next number. */
  insert(ctx: StoreWriter, account: Account): void {
    this.set(ctx, account);
    addressByNumber.set(ctx, account.accountNumber, account.address);
    if (account.vesting !== undefined) vestingAddresses.add(ctx, account.address);
  }

  /** A new account without a public key, with the next number. There must be none at the address. */
  create(ctx: StoreWriter, address: AccAddress): Account {
    const account = { address, pubKey: undefined, accountNumber: nextAccountNumber.next(ctx), sequence: 0n };
    this.insert(ctx, account);
    return account;
  }

  /** {@link create} with coins that are set free by a schedule. They are to be sent to it. */
  createVesting(ctx: StoreWriter, address: AccAddress, vesting: Vesting): void {
    const account = { address, pubKey: undefined, accountNumber: nextAccountNumber.next(ctx), sequence: 0n, vesting };
    this.insert(ctx, account);
  }

  byNumber(ctx: StoreReader, accountNumber: bigint): AccAddress | undefined {
    return addressByNumber.get(ctx, accountNumber) as AccAddress | undefined;
  }

  /** Accounts that have a vesting schedule, run out or not. */
  vestingAddresses(ctx: StoreReader): IterableIterator<AccAddress> {
    return vestingAddresses.keys(ctx);
  }

  *all(ctx: StoreReader): IterableIterator<Account> {
    for (const [address, bytes] of accounts.entries(ctx)) yield this.codec.decode(address, bytes);
  }

  setNextAccountNumber(ctx: StoreWriter, value: bigint): void {
    nextAccountNumber.set(ctx, value);
  }

  /** The declaration of a module account. A name that was not declared is a fault in the wiring. */
  moduleAccountSpec(name: string): ModuleAccountSpec & { readonly address: AccAddress } {
    const spec = this.moduleAccounts.get(name);
    if (spec === undefined) throw new Error(`no module account is named ${name}`);
    return spec;
  }

  /** The module account, made when it does not exist: modules that come with an upgrade have none from genesis. */
  ensureModuleAccount(ctx: StoreWriter, name: string): Account {
    const { address, permissions } = this.moduleAccountSpec(name);
    const known = this.get(ctx, address);
    if (known?.module !== undefined) return known;
    // Whoever sent coins to the address before the module existed made an account there; it keeps its number alone.
    const accountNumber = known?.accountNumber ?? nextAccountNumber.next(ctx);
    const account = { address, pubKey: undefined, accountNumber, sequence: 0n, module: { name, permissions } };
    this.insert(ctx, account);
    return account;
  }

  params(ctx: StoreReader): Params {
    const current = params.get(ctx);
    if (current === undefined) throw new MissingStateError("auth has no parameters");
    return current;
  }

  setParams(ctx: StoreWriter, value: Params): void {
    params.set(ctx, value);
  }

  /** Marks an unordered transaction of a sender as used. Throws `sdk` 18 when there was one with the same timeout. */
  addUnorderedNonce(ctx: Context, sender: AccAddress, timeoutNanos: bigint): void {
    if (unorderedNonces.has(ctx, [timeoutNanos, sender])) {
      throw ErrInvalidRequest.with(
        `failed to add unordered nonce: sender ${this.addresses.account.encode(sender)} has already used timeout ${timeoutNanos}`,
      );
    }
    unorderedNonces.add(ctx, [timeoutNanos, sender]);
  }

  /** Forgets nonces whose timeout is over: their transactions are refused by it from now on. */
  removeExpiredNonces(ctx: Context): void {
    const expired = [];
    const end = unorderedNonces.map.key.encode([ctx.block.timeNanos, "" as AccAddress]);
    for (const key of unorderedNonces.keys(ctx, { end })) {
      expired.push(key);
      if (expired.length === MAX_NONCES_REMOVED) break;
    }
    for (const key of expired) unorderedNonces.remove(ctx, key);
  }
}
