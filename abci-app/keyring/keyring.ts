import type { AccAddress } from "../../core/address.js";
import type { MultisigKey, PublicKey } from "../../core/crypto/key-address.js";
import type { KeyBackend } from "./backend.js";
import { KeyringError } from "./errors.js";
import type { PrivateKey } from "./private-key.js";
import type { KeyRecord } from "./record.js";
import { checkedName, decodeRecord, encodeRecord, recordAddress } from "./record.js";

/** Keys by name, in one backend. Errors are {@link KeyringError}; none leaves anything half done. */
export class Keyring {
  readonly #backend: KeyBackend;

  constructor(backend: KeyBackend) {
    this.#backend = backend;
  }

  get backend(): KeyBackend["name"] {
    return this.#backend.name;
  }

  async has(name: string): Promise<boolean> {
    return (await this.#backend.names()).includes(name);
  }

  async list(): Promise<readonly KeyRecord[]> {
    const records: KeyRecord[] = [];
    for (const name of await this.#backend.names()) records.push(await this.get(name));
    return records;
  }

  /** The key of that name; the error lists names that are there. */
  async get(name: string): Promise<KeyRecord> {
    const bytes = await this.#backend.read(name);
    if (bytes !== undefined) return decodeRecord(name, bytes);
    const names = await this.#backend.names();
    const known =
      names.length === 0 ? "it is empty" : `it has ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`;
    throw new KeyringError("no such key", `${name}: key not found in the keyring "${this.backend}": ${known}`);
  }

  /** The key with that address; undefined for none. */
  async byAddress(address: AccAddress): Promise<KeyRecord | undefined> {
    return (await this.list()).find((record) => recordAddress(record) === address);
  }

  /** Keeps a key under a name that is free. */
  async add(record: KeyRecord): Promise<void> {
    await this.#requireFree(record.name);
    await this.#requireNew(record);
    await this.#backend.write(record.name, encodeRecord(record));
  }

  /** Keeps a key under a name that has another one now, which is gone afterwards. */
  async replace(record: KeyRecord): Promise<void> {
    await this.get(record.name);
    await this.#requireNew(record);
    await this.#backend.write(record.name, encodeRecord(record));
  }

  async remove(name: string): Promise<void> {
    await this.get(name);
    await this.#backend.remove(name);
  }

  /** The new name is there before the old one goes. */
  async rename(from: string, to: string): Promise<void> {
    const record = await this.get(from);
    await this.#requireFree(checkedName(to));
    await this.#backend.write(to, encodeRecord({ ...record, name: to }));
    await this.#backend.remove(from);
  }

  /** The private key of a name. Throws for one that is kept elsewhere. */
  async privateKey(name: string): Promise<PrivateKey> {
    const { privateKey, type } = await this.get(name);
    if (privateKey !== undefined) return privateKey;
    const what =
      type === "multi" ? "a multisig key: its members sign, and tx multisign puts that together" : "a public key only";
    throw new KeyringError("no private key", `${name} is ${what}`);
  }

  /** One key has one name. */
  async #requireNew(record: KeyRecord): Promise<void> {
    const same = await this.byAddress(recordAddress(record));
    if (same !== undefined && same.name !== record.name)
      throw new KeyringError("name taken", `this key is in the keyring already, as "${same.name}"`);
  }

  async #requireFree(name: string): Promise<void> {
    if (await this.has(name)) throw new KeyringError("name taken", `there is a key named "${name}" already`);
  }
}

/** `threshold` of `keys`; sorted by address unless their order is to be kept. */
export function multisigOf(
  keys: readonly PublicKey[],
  { threshold, addressFor }: { readonly threshold: number; readonly addressFor?: (key: PublicKey) => AccAddress },
): MultisigKey {
  if (keys.length === 0) throw new KeyringError("bad key", "a multisig key needs keys");
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > keys.length)
    throw new KeyringError("bad key", `threshold k of n multisignature: ${threshold} of ${keys.length} is impossible`);
  if (addressFor === undefined) return { kind: "multisig", threshold, keys };
  const sorted = [...keys].sort((a, b) => (addressFor(a) < addressFor(b) ? -1 : 1));
  return { kind: "multisig", threshold, keys: sorted };
}
