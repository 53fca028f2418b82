import type { KeyBackend } from "./backend.js";
import { KeyringError } from "./errors.js";
import type { KeyFiles } from "./key-files.js";
import { seal, unseal } from "./seal.js";

/** Files under one key, which is found when it is first needed. */
export class SealedBackend implements KeyBackend {
  readonly name: KeyBackend["name"];
  readonly #files: KeyFiles;
  readonly #findKey: () => Promise<Uint8Array>;
  #key: Promise<Uint8Array> | undefined;

  constructor(name: KeyBackend["name"], files: KeyFiles, findKey: () => Promise<Uint8Array>) {
    this.name = name;
    this.#files = files;
    this.#findKey = findKey;
  }

  async names(): Promise<readonly string[]> {
    return this.#files.names();
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const sealed = this.#files.read(name);
    if (sealed === undefined) return undefined;
    const plain = unseal(await this.#unlocked(), name, sealed);
    if (plain === undefined) {
      throw new KeyringError("damaged file", `the file of the key "${name}" in ${this.#files.folder} is damaged`);
    }
    return plain;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#files.write(name, seal(await this.#unlocked(), name, bytes));
  }

  async remove(name: string): Promise<void> {
    // Whoever cannot open the keyring does not empty it either.
    await this.#unlocked();
    this.#files.remove(name);
  }

  #unlocked(): Promise<Uint8Array> {
    return (this.#key ??= this.#findKey());
  }
}
