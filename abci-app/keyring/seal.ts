import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";

import { z } from "zod";

import { KeyringError } from "./errors.js";

/** AES-256-GCM under one key for all files of a folder: what stands in a file, and for which name, cannot be changed unseen. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Costs of scrypt: 128 MiB of memory, some tenths of a second (OWASP's recommendation). */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const MAX_MEMORY = 256 << 20;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Bytes under `key`, bound to `label`: nonce, ciphertext, tag. */
export function seal(key: Uint8Array, label: string, plain: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(label, "utf8"));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The inverse of {@link seal}; undefined when key, label or bytes do not fit. */
export function unseal(key: Uint8Array, label: string, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(label, "utf8"));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

const lockSchema = z.strictObject({
  version: z.literal(1),
  kdf: z.literal("scrypt"),
  n: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  r: z.int().min(8).max(16),
  p: z.int().min(1).max(4),
  salt: z.string(),
  /** A known text under the key: whether the password is the right one is known before any key is touched. */
  check: z.string(),
});

/** How a password becomes the key of a folder, with a check of the password. Public. */
export type PasswordLock = z.infer<typeof lockSchema>;

const CHECK_LABEL = "computroniumd keyring";
const CHECK_TEXT = Buffer.from("the password is right", "utf8");

/** A new lock for a password, and the key. */
export async function newLock(password: string): Promise<{ readonly lock: PasswordLock; readonly key: Uint8Array }> {
  const salt = randomBytes(SALT_BYTES);
  const costs = {
    version: 1,
    kdf: "scrypt",
    n: SCRYPT.N,
    r: SCRYPT.r,
    p: SCRYPT.p,
    salt: salt.toString("base64"),
  } as const;
  const key = await derive(password, costs);
  const check = Buffer.from(seal(key, CHECK_LABEL, CHECK_TEXT)).toString("base64");
  return { lock: { ...costs, check }, key };
}

/** The key that a password opens; undefined when it is the wrong one. */
export async function openLock(lock: PasswordLock, password: string): Promise<Uint8Array | undefined> {
  const key = await derive(password, lock);
  return unseal(key, CHECK_LABEL, Buffer.from(lock.check, "base64")) === undefined ? undefined : key;
}

/** @throws KeyringError for a text that is no lock. */
export function parseLock(file: string, text: string): PasswordLock {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    throw new KeyringError("damaged file", `${file} is damaged: without it, the keys beside it cannot be opened`);
  }
}

function derive(password: string, { n, r, p, salt }: Omit<PasswordLock, "check">): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: MAX_MEMORY };
    // The same text may be typed in several forms of Unicode.
    scrypt(password.normalize("NFKC"), Buffer.from(salt, "base64"), KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
