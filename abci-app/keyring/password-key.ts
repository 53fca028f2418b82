import type { PasswordSource } from "./backend.js";
import { KeyringError } from "./errors.js";
import type { KeyFiles } from "./key-files.js";
import { newLock, openLock, parseLock } from "./seal.js";

const LOCK_FILE = "lock.json";
/** As Cosmos daemons ask. */
const MAX_ATTEMPTS = 3;
const MIN_PASSWORD_CHARS = 8;

/** `file`: the key behind the password of the folder. The first password that is given becomes the folder's. */
export async function passwordKey(files: KeyFiles, passwords: PasswordSource): Promise<Uint8Array> {
  const text = files.readFile(LOCK_FILE);
  if (text === undefined) {
    if (files.names().length > 0)
      throw new KeyringError(
        "damaged file",
        `${files.folder} has keys but no ${LOCK_FILE}: they cannot be opened without it`,
      );
    const password = checkedPassword(await passwords.fresh());
    const { lock, key } = await newLock(password);
    files.writeFile(LOCK_FILE, Buffer.from(`${JSON.stringify(lock)}\n`));
    return key;
  }
  const lock = parseLock(`${files.folder}/${LOCK_FILE}`, Buffer.from(text).toString("utf8"));
  for (let number = 1; number <= MAX_ATTEMPTS; number++) {
    const key = await openLock(lock, await passwords.existing({ number, of: MAX_ATTEMPTS }));
    if (key !== undefined) return key;
  }
  throw new KeyringError(
    "wrong password",
    `incorrect passphrase for the keyring in ${files.folder}, ${MAX_ATTEMPTS} times`,
  );
}

/** @throws KeyringError for one that is too short. */
export function checkedPassword(password: string): string {
  if (password.length < MIN_PASSWORD_CHARS)
    throw new KeyringError("bad password", `password must be at least ${MIN_PASSWORD_CHARS} characters`);
  return password;
}
