import { createHash } from "node:crypto";

import { bech32 } from "@scure/base";

import type { ByteString } from "./bytes.js";
import { fromByteString, toByteString } from "./bytes.js";
import { ErrInvalidAddress } from "./errors.js";
import { TextCache } from "./text-cache.js";

declare const accAddress: unique symbol;
declare const valAddress: unique symbol;
declare const consAddress: unique symbol;

/** Address of an account: 1 to 255 raw bytes, mostly 20 (a key) or 32 (derived). */
export type AccAddress = ByteString & { readonly [accAddress]: true };
/** The same bytes as the operator of a validator. */
export type ValAddress = ByteString & { readonly [valAddress]: true };
/** Address of a consensus key. */
export type ConsAddress = ByteString & { readonly [consAddress]: true };

/** cosmos-sdk/types/address.MaxAddrLen. */
export const MAX_ADDRESS_BYTES = 255;
/** What one cache of addresses may hold: some 200,000 of the usual length. A bound, not a tuning knob. */
const CACHE_BYTES = 32 << 20;
/** Bech32 text is 90 characters in BIP-173, but the SDK's reader takes up to 1023. */
const MAX_TEXT = 1023;

/** Text ↔ bytes of one kind of address under one prefix. What was read or written once is looked up afterwards. */
export class AddressCodec<A extends ByteString> {
  readonly prefix: string;
  readonly #read = new TextCache<string, A>(CACHE_BYTES);
  readonly #written = new TextCache<A, string>(CACHE_BYTES);

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** The bytes of an address. Throws `sdk` 7 (invalid address), saying what is wrong with the text. */
  decode(text: string): A {
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    const address = this.#decodeNew(text);
    this.#read.set(text, address);
    // Bech32 may be all upper case; what is written is lower case.
    if (text.startsWith(this.prefix)) this.#written.set(address, text);
    return address;
  }

  encode(address: A): string {
    const known = this.#written.get(address);
    if (known !== undefined) return known;
    const text = bech32.encode(this.prefix, bech32.toWords(fromByteString(address)), MAX_TEXT);
    this.#written.set(address, text);
    return text;
  }

  #decodeNew(text: string): A {
    if (text === "") throw ErrInvalidAddress.with("empty address string is not allowed");
    if (text.length > MAX_TEXT)
      throw ErrInvalidAddress.with(`address of ${text.length} characters, at most ${MAX_TEXT}`);
    const decoded = bech32.decodeUnsafe(text, MAX_TEXT);
    if (decoded === undefined) throw ErrInvalidAddress.with(`decoding bech32 failed: "${text}" is no bech32 text`);
    if (decoded.prefix !== this.prefix) {
      throw ErrInvalidAddress.with(`invalid Bech32 prefix; expected ${this.prefix}, got ${decoded.prefix}`);
    }
    const bytes = bech32.fromWordsUnsafe(decoded.words);
    if (bytes === undefined) throw ErrInvalidAddress.with(`decoding bech32 failed: "${text}" has bad padding`);
    if (bytes.length === 0 || bytes.length > MAX_ADDRESS_BYTES) {
      throw ErrInvalidAddress.with(`address of ${bytes.length} bytes, expected 1 to ${MAX_ADDRESS_BYTES}`);
    }
    return toByteString(bytes) as A;
  }
}

/**
 * The address codecs of a chain. The prefix is one of the chain's constants: it comes from genesis, or from the committed
 * state on every later start, and is set once, before anything is decoded.
 */
export class Addresses {
  #accounts: AddressCodec<AccAddress> | undefined;
  #validators: AddressCodec<ValAddress> | undefined;
  #consensus: AddressCodec<ConsAddress> | undefined;

  constructor(prefix?: string) {
    if (prefix !== undefined) this.usePrefix(prefix);
  }

  /** Sets the prefix, `cptm` for `cptm1…`, `cptmvaloper1…`, `cptmvalcons1…`. */
  usePrefix(prefix: string): void {
    if (this.#accounts !== undefined && this.#accounts.prefix !== prefix) {
      throw new Error(`the address prefix is ${this.#accounts.prefix}, it cannot become ${prefix}`);
    }
    if (!/^[a-z][a-z0-9]{0,31}$/.test(prefix)) {
      throw new Error(`"${prefix}" is no address prefix: 1 to 32 lower-case letters and digits, a letter first`);
    }
    this.#accounts ??= new AddressCodec(prefix);
    this.#validators ??= new AddressCodec(`${prefix}valoper`);
    this.#consensus ??= new AddressCodec(`${prefix}valcons`);
  }

  get prefix(): string {
    return this.account.prefix;
  }

  get account(): AddressCodec<AccAddress> {
    return known(this.#accounts);
  }

  get validator(): AddressCodec<ValAddress> {
    return known(this.#validators);
  }

  get consensus(): AddressCodec<ConsAddress> {
    return known(this.#consensus);
  }
}

function known<T>(codec: T | undefined): T {
  if (codec === undefined) throw new Error("the address prefix is not known before genesis");
  return codec;
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Address of a module's account: the first 20 bytes of sha256(name), as authtypes.NewModuleAddress. */
export function moduleAddress(name: string): AccAddress {
  return toByteString(sha256(Buffer.from(name, "utf8")).subarray(0, 20)) as AccAddress;
}

/** A 32-byte address below a module, one for each key: ADR-028, `address.Module(name, key)`. */
export function derivedModuleAddress(name: string, key: ByteString): AccAddress {
  const typeHash = sha256(Buffer.from("module", "utf8"));
  return toByteString(sha256(typeHash, Buffer.from(name, "utf8"), Buffer.of(0), fromByteString(key))) as AccAddress;
}
