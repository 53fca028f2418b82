import type { AccAddress, Addresses } from "../../core/address.js";
import { TxNote } from "../../core/codec/tx-note.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import type { PublicKey } from "../../core/crypto/public-key.js";
import { addressOf, publicKeyFromAny } from "../../core/crypto/public-key.js";
import { ErrUnknownAddress } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import type { AccountKeeper } from "../../modules/auth/index.js";
import type { Account, AnyPubKey } from "../../modules/auth/types.js";
import { txSigners } from "./signers.js";

/** One step of the ante chain. Throws a registered error to refuse the transaction. */
export type AnteStep = (ctx: Context, state: AnteState) => void;

/** What never changes about a transaction; found once, however often it is checked. */
interface TxFacts {
  readonly signers: readonly AccAddress[];
  readonly feePayer: AccAddress;
  readonly gasLimit: bigint;
}

const factsOfTx = new TxNote<TxFacts>();

/** The key that was read last for a transaction: mostly its only one, which several steps look at. */
const lastKey = new TxNote<{ readonly any: AnyPubKey; readonly read: ReadKey }>();

/** An account on its way through the chain. */
interface Loaded {
  account: Account;
  isChanged: boolean;
}

/** A transaction on its way through the chain, with what its steps share. Signers' accounts are read once and stored once. */
export class AnteState {
  readonly tx: DecodedTx;
  readonly addresses: Addresses;
  /** All who have to sign, in order. */
  readonly signers: readonly AccAddress[];
  readonly feePayer: AccAddress;
  readonly gasLimit: bigint;
  readonly #ctx: Context;
  readonly #accounts: AccountKeeper;
  /** Most transactions have one signer: a `Map` is made for the second account. */
  #first: Loaded | undefined;
  #others: Map<AccAddress, Loaded> | undefined;

  constructor(ctx: Context, accounts: AccountKeeper, tx: DecodedTx) {
    this.#ctx = ctx;
    this.#accounts = accounts;
    this.tx = tx;
    this.addresses = accounts.addresses;
    const { signers, feePayer, gasLimit } = this.#facts();
    this.signers = signers;
    this.feePayer = feePayer;
    this.gasLimit = gasLimit;
  }

  #facts(): TxFacts {
    const known = factsOfTx.get(this.tx);
    if (known !== undefined) return known;
    const { fee } = this.tx.authInfo;
    const signers = txSigners(this.addresses, this.tx);
    const payer = fee?.payer ?? "";
    const facts = {
      signers,
      feePayer: payer === "" ? signers[0]! : this.addresses.account.decode(payer),
      gasLimit: fee?.gasLimit ?? 0n,
    };
    factsOfTx.set(this.tx, facts);
    return facts;
  }

  /** Whether the transaction replaces sequence numbers by its timeout. */
  get isUnordered(): boolean {
    return this.tx.body.unordered;
  }

  addressText(address: AccAddress): string {
    return this.addresses.account.encode(address);
  }

  /** {@link readKey}, with the transaction's own memory. */
  readKey(any: AnyPubKey): ReadKey {
    const last = lastKey.get(this.tx);
    if (last !== undefined && isSameKey(last.any, any)) return last.read;
    const read = readKey(any);
    lastKey.set(this.tx, { any: { typeUrl: any.typeUrl, value: any.value }, read });
    return read;
  }

  find(address: AccAddress): Account | undefined {
    const loaded = this.#loaded(address);
    if (loaded !== undefined) return loaded.account;
    const account = this.#accounts.get(this.#ctx, address);
    if (account !== undefined) this.#keep({ account, isChanged: false });
    return account;
  }

  #loaded(address: AccAddress): Loaded | undefined {
    return this.#first?.account.address === address ? this.#first : this.#others?.get(address);
  }

  #keep(loaded: Loaded): void {
    if (this.#first === undefined) this.#first = loaded;
    else (this.#others ??= new Map()).set(loaded.account.address, loaded);
  }

  /** The account of a signer, with what the steps before changed. Throws `sdk` 9 (unknown address). */
  account(signer: AccAddress): Account {
    const account = this.find(signer);
    if (account === undefined) throw ErrUnknownAddress.with(`account ${this.addressText(signer)} does not exist`);
    return account;
  }

  change(account: Account): void {
    const loaded = this.#loaded(account.address);
    if (loaded === undefined) return this.#keep({ account, isChanged: true });
    loaded.account = account;
    loaded.isChanged = true;
  }

  /** Writes the accounts that steps changed. The last step calls it. */
  store(): void {
    if (this.#first !== undefined) this.#store(this.#first);
    if (this.#others !== undefined) for (const loaded of this.#others.values()) this.#store(loaded);
  }

  #store(loaded: Loaded): void {
    if (!loaded.isChanged) return;
    this.#accounts.set(this.#ctx, loaded.account);
    loaded.isChanged = false;
  }
}

function isSameKey(a: AnyPubKey, b: AnyPubKey): boolean {
  if (a.value === b.value) return a.typeUrl === b.typeUrl;
  const { length } = a.value;
  if (length !== b.value.length || a.typeUrl !== b.typeUrl) return false;
  for (let i = 0; i < length; i++) if (a.value[i] !== b.value[i]) return false;
  return true;
}

export interface ReadKey {
  readonly key: PublicKey;
  readonly address: AccAddress;
}

/** Keys by type and bytes; a bound, not a tuning knob: it is emptied when it is full. */
const MAX_READ_KEYS = 131_072;
/** Longer keys, of multisigs, are read anew: anyone can send keys as long as a transaction, without paying for it. */
const MAX_READ_KEY_BYTES = 256;
const readKeys = new Map<string, Map<string, ReadKey>>();
let readKeyCount = 0;

/** The public key in an `Any` and the address that it has. Throws `sdk` 8 (invalid pubkey). */
export function readKey({ typeUrl, value }: AnyPubKey): ReadKey {
  if (typeUrl.length + value.length > MAX_READ_KEY_BYTES) return readUnknownKey({ typeUrl, value });
  const id = Buffer.from(value.buffer, value.byteOffset, value.byteLength).latin1Slice();
  const known = readKeys.get(typeUrl)?.get(id);
  if (known !== undefined) return known;
  const read = readUnknownKey({ typeUrl, value });
  if (readKeyCount++ >= MAX_READ_KEYS) {
    readKeys.clear();
    readKeyCount = 1;
  }
  let ofType = readKeys.get(typeUrl);
  if (ofType === undefined) readKeys.set(typeUrl, (ofType = new Map()));
  ofType.set(id, read);
  return read;
}

function readUnknownKey({ typeUrl, value }: AnyPubKey): ReadKey {
  const key = publicKeyFromAny({ $typeName: "google.protobuf.Any", typeUrl, value });
  return { key, address: addressOf(key) };
}
