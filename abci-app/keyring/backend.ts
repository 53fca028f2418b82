/** Where the records of keys are kept. */
export interface KeyBackend {
  /** As `--keyring-backend` names it. */
  readonly name: "os" | "file" | "test" | "memory";
  /** All names, in order. Asks for no password. */
  names(): Promise<readonly string[]>;
  /** Undefined for a name that is not there. May ask for a password. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Adds or replaces. The old value stays when this fails. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Asks for the password of a keyring. */
export interface PasswordSource {
  /** The password that was chosen before. */
  existing(attempt: { readonly number: number; readonly of: number }): Promise<string>;
  /** A new one, asked for twice. */
  fresh(): Promise<string>;
}
