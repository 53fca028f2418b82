// Tier: test. Budget: 20 s. Keys in ASCII armour; that Go reads and writes the same is shown in test/cli/simd-keys.interop.test.ts.
import { createHash } from "node:crypto";

import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { describe, expect, it } from "@jest/globals";
import bcrypt from "bcryptjs";
import fc from "fast-check";

import { decodeArmor, encodeArmor } from "./armor.js";
import { armorPrivateKey, unarmorPrivateKey } from "./armored-key.js";
import { KeyringError } from "./errors.js";
import { PrivateKey } from "./private-key.js";

const KEY = new PrivateKey(Buffer.alloc(32, 7));

describe("ASCII armour", () => {
  it("of any bytes is read back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        const block = { type: "A TYPE", headers: { one: "1", two: "b: c" }, data: Buffer.from(data) };
        expect(decodeArmor(`text before\n${encodeArmor(block)}\n`)).toEqual(block);
      }),
      { numRuns: 200 },
    );
  });

  it("is refused when a character is missing or changed", () => {
    const text = encodeArmor({
      type: "X",
      headers: { a: "b" },
      data: Buffer.from("some bytes that are long enough for a line of text"),
    });
    expect(() => decodeArmor(text.replace("c29t", "c29u"))).toThrow("its checksum does not fit");
    for (const wrong of [
      "",
      "x",
      text.replace("END X", "END Y"),
      text.replace("a: b", "a b"),
      text.replace("\n\n", "\n"),
    ]) {
      expect(() => decodeArmor(wrong)).toThrow(KeyringError);
    }
  });
});

describe("a private key in armour", () => {
  it("opens with its passphrase alone", () => {
    const armor = armorPrivateKey(KEY, "correct horse");
    expect(armor).toMatch(
      /^-----BEGIN TENDERMINT PRIVATE KEY-----\nkdf: argon2\nsalt: [0-9A-F]{32}\ntype: secp256k1\n\n/,
    );
    expect(unarmorPrivateKey(armor, "correct horse").reveal()).toEqual(KEY.reveal());
    expect(() => unarmorPrivateKey(armor, "wrong")).toThrow(expect.objectContaining({ problem: "wrong password" }));
  });

  it("is read in the form of SDK 0.47 and before: bcrypt and XSalsa20-Poly1305", () => {
    const salt = Buffer.alloc(16, 3);
    const digest = bcrypt.hashSync("correct horse", `$2a$12$${bcrypt.encodeBase64([...salt], 16)}`);
    const secret = createHash("sha256").update(digest).digest();
    const nonce = Buffer.alloc(24, 9);
    const data = Buffer.concat([nonce, xsalsa20poly1305(secret, nonce).encrypt(KEY.toAmino())]);
    const headers = { kdf: "bcrypt", salt: salt.toString("hex").toUpperCase(), type: "secp256k1" };
    const armor = encodeArmor({ type: "TENDERMINT PRIVATE KEY", headers, data });
    expect(unarmorPrivateKey(armor, "correct horse").reveal()).toEqual(KEY.reveal());
    expect(() => unarmorPrivateKey(armor, "wrong")).toThrow(expect.objectContaining({ problem: "wrong password" }));
  });

  it("is refused when it is of another kind", () => {
    const block = (type: string, headers: Readonly<Record<string, string>>) =>
      encodeArmor({ type, headers, data: Buffer.alloc(60) });
    const salt = "00".repeat(16);
    expect(() => unarmorPrivateKey(block("TENDERMINT PUBLIC KEY", {}), "x")).toThrow("holds a TENDERMINT PUBLIC KEY");
    expect(() => unarmorPrivateKey(block("TENDERMINT PRIVATE KEY", { kdf: "md5", salt }), "x")).toThrow(
      '"md5" is not known',
    );
    expect(() => unarmorPrivateKey(block("TENDERMINT PRIVATE KEY", { kdf: "argon2" }), "x")).toThrow("no salt");
    expect(() =>
      unarmorPrivateKey(block("TENDERMINT PRIVATE KEY", { kdf: "argon2", salt, type: "ed25519" }), "x"),
    ).toThrow("signs with secp256k1");
  });
});
