// Tier: test. Budget: 10 s. Keys: derivation, records, each backend, and what is refused.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { Secp256k1, Secp256k1Signature, sha256 } from "@cosmjs/crypto";

import { Addresses } from "../../core/address.js";
import { addressOf } from "../../core/crypto/key-address.js";
import { KeyringError } from "./errors.js";
import type { Keyring } from "./keyring.js";
import { multisigOf } from "./keyring.js";
import { checkedMnemonic, deriveKey, hdPath, newMnemonic } from "./mnemonic.js";
import { openKeyring } from "./open.js";
import { publicKeyFromJson, publicKeyToJson } from "./public-key-json.js";
import { decodeRecord, encodeRecord, localRecord, publicRecord } from "./record.js";

const PATH = hdPath({ coinType: 118, account: 0, index: 0 });
const WORDS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
const { account } = new Addresses("cosmos");

describe("keys", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "computronium-keyring-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A keyring whose password is typed from a list. */
  function open(
    backend: "file" | "test" | "os" | "memory",
    passwords: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Keyring {
    const left = [...passwords];
    const next = (): Promise<string> => {
      const one = left.shift();
      return one === undefined ? Promise.reject(new Error("asked once too often")) : Promise.resolve(one);
    };
    return openKeyring({ backend, folder, env, passwords: { existing: next, fresh: next } });
  }

  it("are derived as cosmjs derives them, and sign what cosmjs takes", async () => {
    const key = deriveKey({ mnemonic: WORDS, path: PATH });
    const [known] = await (await Secp256k1HdWallet.fromMnemonic(WORDS, { prefix: "cosmos" })).getAccounts();
    expect(account.encode(addressOf(key.publicKey))).toBe(known!.address);
    const message = Buffer.from("to be signed");
    const signature = Secp256k1Signature.fromFixedLength(key.sign(message));
    expect(await Secp256k1.verifySignature(signature, sha256(message), key.publicKey.key)).toBe(true);
    expect(key.sign(message)).toEqual(key.sign(message));
    const other = deriveKey({ mnemonic: WORDS, path: hdPath({ coinType: 118, account: 1, index: 2 }) });
    expect(addressOf(other.publicKey)).not.toBe(addressOf(key.publicKey));
    const withPassphrase = await Secp256k1HdWallet.fromMnemonic(WORDS, { prefix: "cosmos", bip39Password: "pässwörd" });
    const [guarded] = await withPassphrase.getAccounts();
    const own = deriveKey({ mnemonic: WORDS, path: PATH, passphrase: "pässwörd" });
    expect(account.encode(addressOf(own.publicKey))).toBe(guarded!.address);
  });

  it("refuses mnemonics and paths that are none, and never repeats them", () => {
    expect(newMnemonic().split(" ")).toHaveLength(24);
    expect(checkedMnemonic(`  ${WORDS.toUpperCase().replaceAll(" ", "\n ")} `)).toBe(WORDS);
    const secret = WORDS.replace("about", "hunter2");
    for (const wrong of ["", "one two", secret, WORDS.replace("about", "abandon")]) {
      expect(() => checkedMnemonic(wrong)).toThrow(KeyringError);
    }
    expect(() => checkedMnemonic(secret)).toThrow(/^invalid mnemonic: word 12 is not in the list of BIP-39$/);
    for (const path of ["", "m", "m/x", "m/44'/118'/0'/0/4294967296", "44/'"]) {
      expect(() => deriveKey({ mnemonic: WORDS, path })).toThrow(KeyringError);
    }
    expect(() => hdPath({ coinType: -1, account: 0, index: 0 })).toThrow("coin-type is -1");
  });

  it("are kept by each backend, found by name and address, renamed, replaced and removed", async () => {
    for (const backend of ["memory", "test", "file"] as const) {
      const keyring = open(backend, ["password1"]);
      const alice = localRecord("alice", deriveKey({ mnemonic: WORDS, path: PATH }));
      await keyring.add(alice);
      const odd = publicRecord("ö ../*.", deriveKey({ mnemonic: WORDS, path: "m/0" }).publicKey);
      await keyring.add(odd);
      expect((await keyring.list()).map(({ name, type }) => [name, type])).toEqual([
        ["alice", "local"],
        ["ö ../*.", "offline"],
      ]);
      expect((await keyring.byAddress(addressOf(alice.publicKey)))?.name).toBe("alice");
      await expect(keyring.add({ ...alice, name: "again" })).rejects.toThrow('in the keyring already, as "alice"');
      await expect(keyring.add({ ...odd, name: "alice" })).rejects.toThrow('a key named "alice" already');
      await keyring.rename("alice", "alicia");
      expect((await keyring.privateKey("alicia")).reveal()).toEqual(alice.privateKey!.reveal());
      await expect(keyring.privateKey("ö ../*.")).rejects.toThrow("is a public key only");
      const next = localRecord("alicia", deriveKey({ mnemonic: WORDS, path: "m/1" }));
      await keyring.replace(next);
      expect((await keyring.get("alicia")).publicKey).toEqual(next.publicKey);
      await keyring.remove("alicia");
      await expect(keyring.get("alicia")).rejects.toThrow("alicia: key not found in the keyring");
    }
    expect(readdirSync(folder).sort()).toEqual(["keyring-file", "keyring-test"]);
  });

  it("in files are encrypted, for their owner alone, and open with the password only", async () => {
    const key = deriveKey({ mnemonic: WORDS, path: PATH });
    await open("file", ["password1"]).add(localRecord("alice", key));
    const files = join(folder, "keyring-file");
    for (const file of readdirSync(files)) {
      const path = join(files, file);
      expect(statSync(path).mode & 0o077).toBe(0);
      expect(readFileSync(path).includes(Buffer.from(key.reveal()).toString("base64").slice(0, 20))).toBe(false);
    }
    expect(await open("file", ["wrong", "wrong too", "password1"]).privateKey("alice")).toBeDefined();
    await expect(open("file", ["a", "b", "c"]).privateKey("alice")).rejects.toMatchObject({
      problem: "wrong password",
    });
    await expect(open("file", ["a", "b", "c"]).remove("alice")).rejects.toMatchObject({ problem: "wrong password" });
    // Whoever can write files can neither change a key nor exchange two.
    const path = join(files, "alice.key");
    const sealed = readFileSync(path);
    writeFileSync(join(files, "bob.key"), sealed);
    await expect(open("file", ["password1"]).get("bob")).rejects.toMatchObject({ problem: "damaged file" });
    sealed[20]! ^= 1;
    writeFileSync(path, sealed);
    await expect(open("file", ["password1"]).get("alice")).rejects.toMatchObject({ problem: "damaged file" });
    rmSync(join(files, "lock.json"));
    await expect(open("file", ["password1"]).get("alice")).rejects.toThrow("lock.json");
  });

  it("need a password of 8 characters", async () => {
    const record = localRecord("alice", deriveKey({ mnemonic: WORDS, path: PATH }));
    await expect(open("file", ["short"]).add(record)).rejects.toThrow("password must be at least 8 characters");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of the operating system are behind secret-tool, and without it the error says what to do", async () => {
    const record = localRecord("alice", deriveKey({ mnemonic: WORDS, path: PATH }));
    await expect(open("os", [], { PATH: "" }).add(record)).rejects.toThrow(
      /install secret-tool.*--keyring-backend file/,
    );
    // A program that does with one file what libsecret does with its service.
    const bin = mkdtempSync(join(folder, "bin-"));
    const script = `#!/bin/sh\nfile='${bin}/secret'\ncase "$1" in store) cat > "$file" ;; lookup) cat "$file" 2>/dev/null || exit 1 ;; esac\n`;
    writeFileSync(join(bin, "secret-tool"), script);
    chmodSync(join(bin, "secret-tool"), 0o700);
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    await open("os", [], env).add(record);
    expect((await open("os", [], env).privateKey("alice")).reveal()).toEqual(record.privateKey!.reveal());
    rmSync(join(bin, "secret"));
    await expect(open("os", [], env).get("alice")).rejects.toThrow("its keys cannot be opened");
  });

  it("of several are sorted by address unless told otherwise, and read back from JSON", () => {
    const keys = [0, 1, 2].map((i) => deriveKey({ mnemonic: WORDS, path: `m/${i}` }).publicKey);
    const sorted = multisigOf(keys, { threshold: 2, addressFor: addressOf });
    expect(sorted.keys.map(addressOf)).toEqual(keys.map(addressOf).sort());
    expect(multisigOf(keys, { threshold: 2 }).keys).toEqual(keys);
    expect(publicKeyFromJson(JSON.parse(JSON.stringify(publicKeyToJson(sorted))))).toEqual(sorted);
    for (const threshold of [0, 4, 1.5]) expect(() => multisigOf(keys, { threshold })).toThrow(KeyringError);
    for (const wrong of [null, {}, { "@type": "/cosmos.crypto.secp256k1.PubKey", key: "AAAA" }]) {
      expect(() => publicKeyFromJson(wrong)).toThrow("this is no public key");
    }
  });

  it("are refused when a file is damaged or names are none", () => {
    const bytes = encodeRecord(localRecord("alice", deriveKey({ mnemonic: WORDS, path: PATH })));
    expect(decodeRecord("alice", bytes).type).toBe("local");
    expect(() => decodeRecord("bob", bytes)).toThrow('it is that of "alice"');
    expect(() => decodeRecord("alice", Buffer.from("{}"))).toThrow("damaged");
    for (const name of ["", " ", " x", "a\nb", "x".repeat(65)]) {
      expect(() => localRecord(name, deriveKey({ mnemonic: WORDS, path: PATH }))).toThrow(KeyringError);
    }
  });
});
