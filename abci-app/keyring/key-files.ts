import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { KeyringError } from "./errors.js";

const ENDING = ".key";
/** More than anybody has; a folder with more is none of ours. */
const MAX_KEYS = 10_000;

/** The files of a keyring: one for each key, readable by their owner alone, replaced as a whole or not at all. */
export class KeyFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Names of all keys, in order. */
  names(): readonly string[] {
    if (!existsSync(this.folder)) return [];
    const names = readdirSync(this.folder)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => nameOf(file))
      .filter((name) => name !== undefined);
    if (names.length > MAX_KEYS)
      throw new KeyringError("damaged file", `${this.folder} holds ${names.length} keys, at most ${MAX_KEYS}`);
    return names.sort((a, b) => (a < b ? -1 : 1));
  }

  read(name: string): Uint8Array | undefined {
    return this.readFile(fileOf(name));
  }

  write(name: string, bytes: Uint8Array): void {
    this.writeFile(fileOf(name), bytes);
  }

  remove(name: string): void {
    rmSync(join(this.folder, fileOf(name)), { force: true });
  }

  readFile(file: string): Uint8Array | undefined {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  writeFile(file: string, bytes: Uint8Array): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, file);
    const fresh = `${path}.${process.pid}.new`;
    const descriptor = openSync(fresh, "w", 0o600);
    try {
      writeSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, path);
  }
}

/** A name may hold what no file name may. */
function fileOf(name: string): string {
  return `${encodeURIComponent(name).replaceAll(".", "%2E").replaceAll("*", "%2A")}${ENDING}`;
}

/** Undefined for a file that is none of ours. */
function nameOf(file: string): string | undefined {
  try {
    const name = decodeURIComponent(file.slice(0, -ENDING.length));
    return fileOf(name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}
