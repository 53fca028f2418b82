import { pbkdf2Sync } from "node:crypto";

import { HDKey } from "@scure/bip32";
import { entropyToMnemonic, generateMnemonic, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

import { KeyringError } from "./errors.js";
import { PrivateKey } from "./private-key.js";

/** 24 words. */
const ENTROPY_BITS = 256;
/** Cosmos's coin type (SLIP-44). */
export const COIN_TYPE = 118;
const MAX_INDEX = 0x7fff_ffff;

export interface HdPathParts {
  readonly coinType: number;
  readonly account: number;
  readonly index: number;
}

/** `m/44'/118'/0'/0/0`: BIP-44 as every Cosmos wallet derives. */
export function hdPath({ coinType, account, index }: HdPathParts): string {
  for (const [name, value] of Object.entries({ "coin-type": coinType, account, index })) {
    if (!Number.isInteger(value) || value < 0 || value > MAX_INDEX)
      throw new KeyringError("bad path", `${name} is ${value}: expected a whole number from 0 to ${MAX_INDEX}`);
  }
  return `m/44'/${coinType}'/${account}'/0/${index}`;
}

/** 24 fresh words. */
export function newMnemonic(): string {
  return generateMnemonic(wordlist, ENTROPY_BITS);
}

/** The words for 16 to 32 bytes of entropy. */
export function mnemonicOfEntropy(entropy: Uint8Array): string {
  return entropyToMnemonic(entropy, wordlist);
}

/** The words with single spaces, in lower case. Throws {@link KeyringError} saying which word is none. */
export function checkedMnemonic(text: string): string {
  const words = text.trim().toLowerCase().split(/\s+/);
  const mnemonic = words.join(" ");
  if (validateMnemonic(mnemonic, wordlist)) return mnemonic;
  const strange = words.findIndex((word) => !wordlist.includes(word));
  // The word itself may be a secret that was typed in the wrong place.
  const why = ![12, 15, 18, 21, 24].includes(words.length)
    ? `it has ${words[0] === "" ? 0 : words.length} words, not 12, 15, 18, 21 or 24`
    : strange >= 0
      ? `word ${strange + 1} is not in the list of BIP-39`
      : "its checksum is wrong: is a word mistaken or out of order?";
  throw new KeyringError("bad mnemonic", `invalid mnemonic: ${why}`);
}

/** The key at a path below the seed of a mnemonic and its passphrase, which is empty for most people. */
export function deriveKey(options: {
  readonly mnemonic: string;
  readonly passphrase?: string;
  readonly path: string;
}): PrivateKey {
  const path = options.path.startsWith("m/") ? options.path : `m/${options.path}`;
  if (!/^m(\/\d{1,10}'?){1,10}$/.test(path))
    throw new KeyringError("bad path", `"${options.path}" is no HD path such as m/44'/118'/0'/0/0`);
  // BIP-39's seed, by native code: the words are ASCII, the passphrase may be anything.
  const salt = `mnemonic${options.passphrase ?? ""}`.normalize("NFKD");
  const seed = pbkdf2Sync(checkedMnemonic(options.mnemonic), salt, 2048, 64, "sha512");
  let derived: HDKey;
  try {
    derived = HDKey.fromMasterSeed(seed).derive(path);
  } catch (error) {
    throw new KeyringError(
      "bad path",
      `HD path ${options.path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (derived.privateKey === null) throw new KeyringError("bad path", `HD path ${options.path} has no private key`);
  return new PrivateKey(derived.privateKey);
}
