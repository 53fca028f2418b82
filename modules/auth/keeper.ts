import type { Params } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { moduleAddress } from "../../core/address.js";
import type { StoreReader, StoreWriter } from "../../core/collections/collections.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import { AccountCodec } from "./account-codec.js";
import { accounts, addressByNumber, nextAccountNumber, params, unorderedNonces } from "./state.js";
import type { Account, ModuleAccountSpec } from "./types.js";

/** State without what genesis always writes. It means that the database is damaged. */
export class MissingStateError extends Error {
  override readonly name = "MissingStateError";
}

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

  get(ctx: StoreReader, address: AccAddress): Account | undefined {
    const bytes = accounts.get(ctx, address);
    return bytes === undefined ? undefined : this.codec.decode(address, bytes);
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
  }

  /** A new account without a public key, with the next number. There must be none at the address. */
  create(ctx: StoreWriter, address: AccAddress): Account {
    const account = { address, pubKey: undefined, accountNumber: nextAccountNumber.next(ctx), sequence: 0n };
    this.insert(ctx, account);
    return account;
  }

  byNumber(ctx: StoreReader, accountNumber: bigint): AccAddress | undefined {
    return addressByNumber.get(ctx, accountNumber) as AccAddress | undefined;
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
    // Whoever sent coins to the address before the module existed made a base account there; it keeps its number.
    const account = {
      ...(known ?? { address, pubKey: undefined, accountNumber: nextAccountNumber.next(ctx), sequence: 0n }),
      module: { name, permissions },
    };
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
