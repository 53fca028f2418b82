// Tier: test. Budget: 20 s. Keys in ASCII armour; that Go reads and writes the same is shown in test/cli/simd.interop.test.ts.
import { describe, expect, it } from "@jest/globals";
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
    // cosmos-sdk v0.53.8, client/keys/import_test.go, made by an SDK that still wrote this form.
    const armor = [
      "-----BEGIN TENDERMINT PRIVATE KEY-----",
      "salt: A790BB721D1C094260EA84F5E5B72289",
      "kdf: bcrypt",
      "",
      "HbP+c6JmeJy9JXe2rbbF1QtCX1gLqGcDQPBXiCtFvP7/8wTZtVOPj8vREzhZ9ElO",
      "3P7YnrzPQThG0Q+ZnRSbl9MAS8uFAM4mqm5r/Ys=",
      "=f3l4",
      "-----END TENDERMINT PRIVATE KEY-----",
    ].join("\n");
    const key = unarmorPrivateKey(armor, "123456789");
    expect(Buffer.from(key.reveal()).toString("hex")).toBe(
      "2485e33678db4175dc0ecef2d6e1fc493d4a0d7f7ce83324b6ed70afe77f3485",
    );
    expect(() => unarmorPrivateKey(armor, "987654321")).toThrow(expect.objectContaining({ problem: "wrong password" }));
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
