import type { SignatureQuestion } from "../../core/crypto/verdicts.js";

interface Entry<T> {
  open: number;
  readonly run: () => T;
  readonly resolve: (result: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Transactions that are to be checked, in the order in which they came, each as soon as the verdicts on its signatures
 * are there and all before it are through: an account's later transaction builds on its earlier one.
 */
export class CheckQueue {
  readonly #ask: (question: SignatureQuestion, done: () => void) => void;
  #entries: Entry<unknown>[] = [];
  #head = 0;

  constructor(ask: (question: SignatureQuestion, done: () => void) => void) {
    this.#ask = ask;
  }

  /** The result of `run`, at once where nothing has to be waited for. */
  check<T>(questions: readonly SignatureQuestion[], run: () => T): T | Promise<T> {
    if (questions.length === 0 && this.#head === this.#entries.length) return run();
    return new Promise<T>((resolve, reject) => {
      const entry: Entry<T> = { open: questions.length, run, resolve, reject };
      this.#entries.push(entry as Entry<unknown>);
      for (const question of questions) {
        this.#ask(question, () => {
          entry.open--;
          this.#advance();
        });
      }
      this.#advance();
    });
  }

  #advance(): void {
    for (let entry = this.#entries[this.#head]; entry?.open === 0; entry = this.#entries[this.#head]) {
      this.#head++;
      try {
        entry.resolve(entry.run());
      } catch (error) {
        entry.reject(error);
      }
    }
    if (this.#head === this.#entries.length) {
      this.#entries = [];
      this.#head = 0;
    }
  }
}
