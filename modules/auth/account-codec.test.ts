/** Tier: test. Budget: 3 s. The protobuf runtime is the oracle of the hand-written codec. */
import { describe, expect, it } from "@jest/globals";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { BaseAccountSchema } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import fc from "fast-check";

import type { AccAddress } from "../../core/address.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import { toByteString } from "../../core/bytes.js";
import { ValueDecodingError } from "../../core/collections/values.js";
import { AccountCodec, BASE_ACCOUNT_URL } from "./account-codec.js";
import type { Account } from "./types.js";

const codec = new AccountCodec(new Addresses("cptm"));
const u64 = fc.oneof(
  fc.bigInt(0n, (1n << 64n) - 1n),
  fc.constantFrom(
    0n,
    1n,
    127n,
    128n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 49n,
    2n ** 53n - 1n,
    2n ** 53n + 1n,
    1n << 63n,
    (1n << 64n) - 1n,
  ),
);
const address = fc.uint8Array({ minLength: 1, maxLength: 255 }).map((bytes) => toByteString(bytes) as AccAddress);
const pubKey = fc.record({
  typeUrl: fc.constantFrom("/cosmos.crypto.secp256k1.PubKey", "/cosmos.crypto.multisig.LegacyAminoPubKey", ""),
  value: fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
});
const baseAccount: fc.Arbitrary<Account> = fc.record({
  address,
  pubKey: fc.option(pubKey, { nil: undefined }),
  accountNumber: u64,
  sequence: u64,
});

describe("the account codec", () => {
  it("writes the bytes that the protobuf runtime writes", () => {
    fc.assert(
      fc.property(baseAccount, (account) => {
        const value = toBinary(BaseAccountSchema, codec.toMessage(account));
        const expected = toBinary(AnySchema, create(AnySchema, { typeUrl: BASE_ACCOUNT_URL, value }));
        expect(Buffer.from(codec.encode(account)).equals(expected)).toBe(true);
      }),
    );
  });

  it("reads what it wrote", () => {
    fc.assert(
      fc.property(baseAccount, (account) => {
        const read = codec.decode(account.address, codec.encode(account));
        expect({ ...read, pubKey: read.pubKey && { ...read.pubKey, value: [...read.pubKey.value] } }).toEqual({
          ...account,
          pubKey: account.pubKey && { ...account.pubKey, value: [...account.pubKey.value] },
        });
      }),
    );
  });

  it("writes keys whose length takes three bytes, as that of a multisig of hundreds has", () => {
    const value = new Uint8Array(17_000).fill(7);
    const account = { address: moduleAddress("x"), pubKey: { typeUrl: "/k", value }, accountNumber: 1n, sequence: 2n };
    expect(codec.decode(account.address, codec.encode(account)).pubKey?.value).toHaveLength(17_000);
    const message = toBinary(BaseAccountSchema, codec.toMessage(account));
    const expected = toBinary(AnySchema, create(AnySchema, { typeUrl: BASE_ACCOUNT_URL, value: message }));
    expect(Buffer.from(codec.encode(account)).equals(expected)).toBe(true);
  });

  it("reads and writes module accounts", () => {
    const account: Account = {
      address: moduleAddress("mint"),
      pubKey: undefined,
      accountNumber: 3n,
      sequence: 0n,
      module: { name: "mint", permissions: ["minter"] },
    };
    const bytes = codec.encode(account);
    expect(fromBinary(AnySchema, bytes).typeUrl).toBe("/cosmos.auth.v1beta1.ModuleAccount");
    expect(codec.decode(account.address, bytes)).toEqual(account);
    expect(() => codec.decode(moduleAddress("gov"), bytes)).toThrow(ValueDecodingError);
  });

  it("refuses bytes that are cut or have more behind them", () => {
    fc.assert(
      fc.property(baseAccount, fc.nat(), (account, at) => {
        const bytes = codec.encode(account);
        expect(() => codec.decode(account.address, bytes.subarray(0, at % bytes.length))).toThrow();
        expect(() => codec.decode(account.address, Buffer.concat([bytes, Buffer.of(0)]))).toThrow(ValueDecodingError);
      }),
    );
  });
});
