import { createHash, randomBytes } from "node:crypto";

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { argon2id } from "@noble/hashes/argon2.js";
import bcrypt from "bcryptjs";

import { decodeArmor, encodeArmor } from "./armor.js";
import { KeyringError } from "./errors.js";
import { PrivateKey } from "./private-key.js";

/** cosmos-sdk/crypto/armor.go. */
const BLOCK_TYPE = "TENDERMINT PRIVATE KEY";
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const ARGON2 = { t: 1, m: 64 * 1024, p: 4, dkLen: KEY_BYTES } as const;
const BCRYPT_COST = 12;
/** Of ChaCha20-Poly1305: all zeros, since the salt makes a new key each time. */
const NONCE = new Uint8Array(12);
const XSALSA_NONCE_BYTES = 24;

/** The key as `keys export` of a Cosmos daemon (SDK 0.50 and later) writes it: argon2id, ChaCha20-Poly1305, ASCII armour. */
export function armorPrivateKey(key: PrivateKey, passphrase: string): string {
  const salt = randomBytes(SALT_BYTES);
  const secret = argon2id(Buffer.from(passphrase, "utf8"), salt, ARGON2);
  return encodeArmor({
    type: BLOCK_TYPE,
    headers: { kdf: "argon2", salt: salt.toString("hex").toUpperCase(), type: "secp256k1" },
    data: chacha20poly1305(secret, NONCE).encrypt(key.toAmino()),
  });
}

/** The key in an armour of any Cosmos daemon: argon2 as above, or bcrypt and XSalsa20-Poly1305 of SDK 0.47 and earlier. */
export function unarmorPrivateKey(text: string, passphrase: string): PrivateKey {
  const { type, headers, data } = decodeArmor(text);
  if (type !== BLOCK_TYPE) throw new KeyringError("bad armor", `the file holds a ${type}, not a ${BLOCK_TYPE}`);
  const algorithm = headers["type"] ?? "secp256k1";
  if (algorithm !== "secp256k1")
    throw new KeyringError("bad key", `the key is of the kind ${algorithm}; this chain signs with secp256k1`);
  const salt = headers["salt"] ?? "";
  if (!/^([0-9a-fA-F]{2}){8,64}$/.test(salt))
    throw new KeyringError("bad armor", "the file has no salt in hexadecimal");
  return PrivateKey.fromAmino(decrypt({ kdf: headers["kdf"] ?? "", salt: Buffer.from(salt, "hex"), data, passphrase }));
}

interface Encrypted {
  readonly kdf: string;
  readonly salt: Buffer;
  readonly data: Uint8Array;
  readonly passphrase: string;
}

function decrypt({ kdf, salt, data, passphrase }: Encrypted): Uint8Array {
  const password = Buffer.from(passphrase, "utf8");
  switch (kdf) {
    case "argon2": {
      const secret = argon2id(password, salt, ARGON2);
      return opened(() => chacha20poly1305(secret, NONCE).decrypt(data));
    }
    case "bcrypt": {
      if (salt.length !== SALT_BYTES) throw new KeyringError("bad armor", `bcrypt needs a salt of ${SALT_BYTES} bytes`);
      const prefix = `$2a$${BCRYPT_COST}$${bcrypt.encodeBase64([...salt], SALT_BYTES)}`;
      const secret = createHash("sha256").update(bcrypt.hashSync(passphrase, prefix)).digest();
      const nonce = data.subarray(0, XSALSA_NONCE_BYTES);
      if (nonce.length < XSALSA_NONCE_BYTES) throw new KeyringError("bad armor", "the file is cut short");
      return opened(() => xsalsa20poly1305(secret, nonce).decrypt(data.subarray(XSALSA_NONCE_BYTES)));
    }
    default:
      throw new KeyringError("bad armor", `the key derivation "${kdf}" is not known: argon2 and bcrypt are`);
  }
}

function opened(decrypt: () => Uint8Array): Uint8Array {
  try {
    return decrypt();
  } catch {
    throw new KeyringError("wrong password", "invalid account password: the passphrase does not open this key");
  }
}
