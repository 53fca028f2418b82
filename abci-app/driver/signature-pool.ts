import { Worker } from "node:worker_threads";

import type { SignatureQuestion, Verdicts } from "../../core/crypto/verdicts.js";
import type { Logger } from "pino";

import { endThread } from "../threads.js";

/** Questions that are sent together at most: about 15 ms of work, so that none waits long for those before it. */
const BATCH = 256;
/**
 * Batches under way: one that the thread works on and one that waits for it. To wake a thread costs as much as a few verifications,
 * so that while these are not answered questions wait for company; a lone one is sent at once.
 */
const UNDER_WAY = 2;

interface Asked {
  readonly question: SignatureQuestion;
  readonly done: () => void;
}

/**
 * A thread beside the one of the application that verifies signatures, where there is a core for it. Good ones come into
 * the verdicts; of a bad one, or when the thread fails, nothing is known afterwards, and the ante chain verifies itself.
 */
export class SignaturePool {
  readonly #verdicts: Verdicts;
  readonly #log: Logger;
  readonly #worker: Worker;
  readonly #waiting: Asked[] = [];
  readonly #sent: Asked[][] = [];
  #scheduled = false;
  #failed = false;

  constructor(verdicts: Verdicts, log: Logger) {
    this.#verdicts = verdicts;
    this.#log = log;
    this.#worker = new Worker(new URL("./signature-thread.js", import.meta.url));
    this.#worker.on("message", (answers: Uint8Array) => this.#answered(answers));
    this.#worker.on("error", (error) => this.#fail(error));
  }

  /** Calls `done` once the thread is through with the question, in the order of the calls. */
  ask(question: SignatureQuestion, done: () => void): void {
    if (this.#failed) {
      done();
      return;
    }
    this.#waiting.push({ question, done });
    if (this.#scheduled || this.#sent.length >= UNDER_WAY) return;
    this.#scheduled = true;
    // What else is on the socket already comes along.
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  async close(): Promise<void> {
    await endThread(this.#worker);
  }

  #send(): void {
    while (this.#waiting.length > 0 && this.#sent.length < UNDER_WAY && !this.#failed) {
      const batch = this.#waiting.splice(0, BATCH);
      this.#sent.push(batch);
      this.#worker.postMessage(Buffer.from(batch.map(({ question }) => question.id).join(""), "latin1"));
    }
  }

  #answered(answers: Uint8Array): void {
    const batch = this.#sent.shift() ?? [];
    this.#send();
    for (const [i, { question, done }] of batch.entries()) {
      if (answers[i] === 1) this.#verdicts.add(question.id);
      done();
    }
  }

  #fail(error: Error): void {
    this.#failed = true;
    this.#log.error({ err: error }, "the thread that verifies signatures failed; they are verified without it");
    const waiting = [...this.#sent.splice(0).flat(), ...this.#waiting.splice(0)];
    for (const { done } of waiting) done();
  }
}
