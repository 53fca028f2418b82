import type { BaseAccount } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import { BaseAccountSchema, ModuleAccountSchema } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import type { Any } from "@bufbuild/protobuf/wkt";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { ValueDecodingError } from "../../core/collections/values.js";
import type { Account, AnyPubKey, ModulePermission } from "./types.js";
import { MODULE_PERMISSIONS } from "./types.js";
import { packVestingAccount, unpackVestingAccount, VESTING_ACCOUNT_URLS } from "./vesting-codec.js";

export const BASE_ACCOUNT_URL = `/${BaseAccountSchema.typeName}`;
export const MODULE_ACCOUNT_URL = `/${ModuleAccountSchema.typeName}`;

/** Tags of the fields, `number << 3 | wire type`. The same ones in Any (type_url, value) and BaseAccount (address, pub_key). */
const FIELD_1_BYTES = 0x0a;
const FIELD_2_BYTES = 0x12;
const FIELD_3_VARINT = 0x18;
const FIELD_4_VARINT = 0x20;

/** The first bytes of every BaseAccount in state: type_url, and the tag of value. */
const BASE_ACCOUNT_HEAD = Buffer.from([
  FIELD_1_BYTES,
  BASE_ACCOUNT_URL.length,
  ...Buffer.from(BASE_ACCOUNT_URL, "latin1"),
  FIELD_2_BYTES,
]);

/** Thrown when an account in state is not of a kind that this chain has. */
export class UnknownAccountError extends Error {
  override readonly name = "UnknownAccountError";
}

/**
 * Accounts as the SDK stores them: `Any` of a BaseAccount, a ModuleAccount or one of the vesting accounts. An account is
 * read and written for every transaction, so the BaseAccount is written by hand; a test holds it equal to the protobuf
 * runtime.
 */
export class AccountCodec {
  readonly #addresses: Addresses;

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  /** The account that is stored under an address. */
  decode(address: AccAddress, bytes: Uint8Array): Account {
    const reader = new Reader(bytes);
    if (reader.skipExactly(BASE_ACCOUNT_HEAD)) {
      reader.endOfLengthPrefixed(bytes.length);
      return readBaseAccount(reader, address);
    }
    return this.#decodeOtherAccount(address, bytes);
  }

  encode(account: Account): Uint8Array {
    const isBase = account.module === undefined && account.vesting === undefined;
    return isBase ? this.#encodeBaseAccount(account) : encodeAny(this.toAny(account));
  }

  /** As queries and genesis carry it. */
  toAny(account: Account): { readonly typeUrl: string; readonly value: Uint8Array } {
    const base = this.toMessage(account);
    if (account.vesting !== undefined) return packVestingAccount(base, account.vesting);
    if (account.module === undefined) return { typeUrl: BASE_ACCOUNT_URL, value: toBinary(BaseAccountSchema, base) };
    const message = create(ModuleAccountSchema, {
      baseAccount: base,
      name: account.module.name,
      permissions: [...account.module.permissions],
    });
    return { typeUrl: MODULE_ACCOUNT_URL, value: toBinary(ModuleAccountSchema, message) };
  }

  toMessage(account: Account): BaseAccount {
    return create(BaseAccountSchema, {
      address: this.#addresses.account.encode(account.address),
      ...(account.pubKey === undefined
        ? {}
        : { pubKey: { typeUrl: account.pubKey.typeUrl, value: account.pubKey.value } }),
      accountNumber: account.accountNumber,
      sequence: account.sequence,
    });
  }

  /** An account from genesis. Throws {@link UnknownAccountError} or a registered error, saying what is wrong. */
  fromAny(any: Pick<Any, "typeUrl" | "value">): Account {
    if (any.typeUrl === BASE_ACCOUNT_URL) return this.#fromBase(fromBinary(BaseAccountSchema, any.value));
    if (VESTING_ACCOUNT_URLS.includes(any.typeUrl)) return this.#fromVesting(any);
    if (any.typeUrl !== MODULE_ACCOUNT_URL) {
      const known = [BASE_ACCOUNT_URL, MODULE_ACCOUNT_URL, ...VESTING_ACCOUNT_URLS].join(", ");
      throw new UnknownAccountError(`"${any.typeUrl}" is no type of account: one of ${known} is needed`);
    }
    const { baseAccount, name, permissions } = fromBinary(ModuleAccountSchema, any.value);
    if (baseAccount === undefined) throw new UnknownAccountError("base_account is missing");
    for (const permission of permissions) {
      if (!MODULE_PERMISSIONS.includes(permission as ModulePermission)) {
        throw new UnknownAccountError(`"${permission}" is no permission: ${MODULE_PERMISSIONS.join(", ")} are`);
      }
    }
    return { ...this.#fromBase(baseAccount), module: { name, permissions: permissions as ModulePermission[] } };
  }

  #fromVesting(any: Pick<Any, "typeUrl" | "value">): Account {
    const parts = unpackVestingAccount(any);
    if (parts === undefined) throw new UnknownAccountError("base_vesting_account.base_account is missing");
    return { ...this.#fromBase(parts.base), vesting: parts.vesting };
  }

  #fromBase(base: BaseAccount): Account {
    return {
      address: this.#addresses.account.decode(base.address),
      pubKey: base.pubKey === undefined ? undefined : { typeUrl: base.pubKey.typeUrl, value: base.pubKey.value },
      accountNumber: base.accountNumber,
      sequence: base.sequence,
    };
  }

  #decodeOtherAccount(address: AccAddress, bytes: Uint8Array): Account {
    const reader = new Reader(bytes);
    const typeUrl = reader.text(FIELD_1_BYTES) ?? "";
    const value = reader.bytes(FIELD_2_BYTES) ?? new Uint8Array(0);
    const account = this.fromAny({ typeUrl, value } as Any);
    if (account.address !== address) throw new ValueDecodingError("an account is stored under another's address");
    return account;
  }

  #encodeBaseAccount({ address, pubKey, accountNumber, sequence }: Account): Uint8Array {
    const text = this.#addresses.account.encode(address);
    const pubKeySize = pubKey === undefined ? 0 : anySize(pubKey);
    const size =
      sizedField(text.length) +
      (pubKey === undefined ? 0 : sizedField(pubKeySize)) +
      varintField(accountNumber) +
      varintField(sequence);
    const writer = new Writer(BASE_ACCOUNT_HEAD.length + varintSize(size) + size);
    writer.raw(BASE_ACCOUNT_HEAD);
    writer.varint(size);
    writer.text(FIELD_1_BYTES, text);
    if (pubKey !== undefined) {
      writer.byte(FIELD_2_BYTES);
      writer.varint(pubKeySize);
      writer.any(pubKey);
    }
    writer.number(FIELD_3_VARINT, accountNumber);
    writer.number(FIELD_4_VARINT, sequence);
    return writer.done();
  }
}

function readBaseAccount(reader: Reader, address: AccAddress): Account {
  // The text repeats the key that the account is stored under.
  reader.skipLengthPrefixed(FIELD_1_BYTES);
  const pubKeyBytes = reader.bytes(FIELD_2_BYTES);
  const accountNumber = reader.number(FIELD_3_VARINT);
  const sequence = reader.number(FIELD_4_VARINT);
  reader.mustBeAtEnd();
  return { address, pubKey: pubKeyBytes === undefined ? undefined : decodeAny(pubKeyBytes), accountNumber, sequence };
}

function decodeAny(bytes: Uint8Array): AnyPubKey {
  const reader = new Reader(bytes);
  const typeUrl = reader.text(FIELD_1_BYTES) ?? "";
  const value = reader.bytes(FIELD_2_BYTES) ?? new Uint8Array(0);
  reader.mustBeAtEnd();
  return { typeUrl, value };
}

function encodeAny(any: AnyPubKey): Uint8Array {
  const writer = new Writer(anySize(any));
  writer.any(any);
  return writer.done();
}

function anySize({ typeUrl, value }: AnyPubKey): number {
  return (typeUrl === "" ? 0 : sizedField(typeUrl.length)) + (value.length === 0 ? 0 : sizedField(value.length));
}

function sizedField(length: number): number {
  return 1 + varintSize(length) + length;
}

/** A number field is left out when it is 0. */
function varintField(value: bigint): number {
  if (value === 0n) return 0;
  let size = 2;
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) size++;
  return size;
}

function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : 3;
}

/** Reads what {@link AccountCodec} and the SDK write: every field at most once, in order of their numbers. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Moves behind the bytes when they are next. */
  skipExactly(expected: Uint8Array): boolean {
    for (let i = 0; i < expected.length; i++) if (this.#bytes[this.#at + i] !== expected[i]) return false;
    this.#at += expected.length;
    return true;
  }

  /** Reads a length that must reach exactly to `end`. */
  endOfLengthPrefixed(end: number): void {
    const length = this.#length();
    if (this.#at + length !== end) throw new ValueDecodingError("an account's length is wrong");
  }

  skipLengthPrefixed(tag: number): void {
    this.bytes(tag);
  }

  bytes(tag: number): Uint8Array | undefined {
    if (this.#bytes[this.#at] !== tag) return undefined;
    this.#at++;
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new ValueDecodingError("an account is cut short");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  text(tag: number): string | undefined {
    const bytes = this.bytes(tag);
    return bytes === undefined
      ? undefined
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  }

  number(tag: number): bigint {
    if (this.#bytes[this.#at] !== tag) return 0n;
    this.#at++;
    // Up to 2^49 in a number, which is every account number and sequence that there will be.
    let small = 0;
    let factor = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte();
      small += (byte & 0x7f) * factor;
      if (byte < 0x80) return BigInt(small);
      factor *= 128;
    }
    let value = BigInt(small);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value & 0xffff_ffff_ffff_ffffn;
    }
    throw new ValueDecodingError("a number of an account is too long");
  }

  mustBeAtEnd(): void {
    if (this.#at !== this.#bytes.length) throw new ValueDecodingError("an account has bytes that are no field of it");
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new ValueDecodingError("an account is cut short");
    return byte;
  }

  #length(): number {
    let length = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = this.#byte();
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) return length;
    }
    throw new ValueDecodingError("a length in an account is too long");
  }
}

class Writer {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  byte(value: number): void {
    this.#buffer[this.#at++] = value;
  }

  raw(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  varint(value: number): void {
    while (value >= 0x80) {
      this.byte((value & 0x7f) | 0x80);
      value >>>= 7;
    }
    this.byte(value);
  }

  /** A text field; all texts here are ASCII. */
  text(tag: number, text: string): void {
    this.byte(tag);
    this.varint(text.length);
    this.#at += this.#buffer.latin1Write(text, this.#at, text.length);
  }

  any({ typeUrl, value }: AnyPubKey): void {
    if (typeUrl !== "") this.text(FIELD_1_BYTES, typeUrl);
    if (value.length > 0) {
      this.byte(FIELD_2_BYTES);
      this.varint(value.length);
      this.raw(value);
    }
  }

  number(tag: number, value: bigint): void {
    if (value === 0n) return;
    this.byte(tag);
    if (value < 0x1_0000_0000n) {
      let small = Number(value);
      while (small >= 0x80) {
        this.byte((small & 0x7f) | 0x80);
        small = Math.floor(small / 128);
      }
      this.byte(small);
      return;
    }
    let rest = value;
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  done(): Uint8Array {
    return this.#buffer;
  }
}
