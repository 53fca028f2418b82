import { join } from "node:path";

import type { KeyBackend, PasswordSource } from "./backend.js";
import { KeyFiles } from "./key-files.js";
import { Keyring } from "./keyring.js";
import { osKey } from "./os-key.js";
import { passwordKey } from "./password-key.js";
import { MemoryBackend, TestBackend } from "./plain-backends.js";
import { SealedBackend } from "./sealed-backend.js";

export interface KeyringOptions {
  readonly backend: KeyBackend["name"];
  /** Folder above `keyring-test`, `keyring-file` and `keyring-os`. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly passwords: PasswordSource;
}

/** Opens a keyring. Passwords are asked for when they are needed, not here. */
export function openKeyring({ backend, folder, env, passwords }: KeyringOptions): Keyring {
  const files = new KeyFiles(join(folder, `keyring-${backend}`));
  switch (backend) {
    case "memory":
      return new Keyring(new MemoryBackend());
    case "test":
      return new Keyring(new TestBackend(files));
    case "file":
      return new Keyring(new SealedBackend(backend, files, () => passwordKey(files, passwords)));
    case "os":
      return new Keyring(new SealedBackend(backend, files, () => osKey(files, env)));
  }
}
