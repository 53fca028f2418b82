import { FaucetError } from "./server.js";

/** What a faucet needs of the chain: one transaction that pays all of these addresses, in a block when it resolves. */
export type Pay = (addresses: readonly string[]) => Promise<string>;

/** Most that wait; more are told to come back. */
const MAX_WAITING = 1000;
/** Receivers of one transaction. */
const MAX_BATCH = 50;

interface Waiting {
  readonly address: string;
  readonly resolve: (hash: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Pays one transaction after the other, since an account's transactions have an order; whoever asks meanwhile is in the
 * next one, together.
 */
export class Giver {
  readonly #pay: Pay;
  #waiting: Waiting[] = [];
  #working = false;

  constructor(pay: Pay) {
    this.#pay = pay;
  }

  /** Resolves with the hash of the transaction that paid. Throws {@link FaucetError}. */
  give(address: string): Promise<string> {
    if (this.#waiting.length >= MAX_WAITING)
      return Promise.reject(new FaucetError(503, "too many are waiting; try again soon"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ address, resolve, reject });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        const hash = await this.#pay(batch.map(({ address }) => address));
        for (const { resolve } of batch) resolve(hash);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        for (const { reject } of batch) reject(new FaucetError(503, `the coins could not be sent: ${reason}`));
      }
    }
    this.#working = false;
  }
}
