// Tier: test. Budget: 5 s. ASCII armour. Keys in it are opened in test/cli/offline.test.ts (jest runs argon2 fifteen times slower
// than Node alone) and exchanged with Go in test/cli/simd.interop.test.ts.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { decodeArmor, encodeArmor } from "./armor.js";
import { unarmorPrivateKey } from "./armored-key.js";
import { KeyringError } from "./errors.js";

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
