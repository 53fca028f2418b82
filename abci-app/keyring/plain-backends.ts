import type { KeyBackend } from "./backend.js";
import type { KeyFiles } from "./key-files.js";

/** `test`: files without a password, for networks whose coins are worth nothing. */
export class TestBackend implements KeyBackend {
  readonly name = "test";
  readonly #files: KeyFiles;

  constructor(files: KeyFiles) {
    this.#files = files;
  }

  async names(): Promise<readonly string[]> {
    return this.#files.names();
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.#files.read(name);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#files.write(name, bytes);
  }

  async remove(name: string): Promise<void> {
    this.#files.remove(name);
  }
}

/** `memory`: gone with the process. */
export class MemoryBackend implements KeyBackend {
  readonly name = "memory";
  readonly #records = new Map<string, Uint8Array>();

  async names(): Promise<readonly string[]> {
    return [...this.#records.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.#records.get(name);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#records.set(name, bytes);
  }

  async remove(name: string): Promise<void> {
    this.#records.delete(name);
  }
}
