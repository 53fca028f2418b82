/** Why a key could not be used; what to do about it is in the message. */
export type KeyringProblem =
  | "no such key"
  | "name taken"
  | "bad name"
  | "wrong password"
  | "bad password"
  | "no private key"
  | "bad key"
  | "bad mnemonic"
  | "bad path"
  | "bad armor"
  | "damaged file"
  | "backend unavailable";

/** Something is wrong with a key, a password or the place where keys are kept. */
export class KeyringError extends Error {
  override readonly name = "KeyringError";
  readonly problem: KeyringProblem;

  constructor(problem: KeyringProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
