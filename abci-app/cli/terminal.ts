import type { Interface } from "node:readline";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Longest line that is read: a mnemonic or a password is far shorter, a public key of many members too. */
const MAX_LINE = 64 << 10;

/** Nobody answers: standard input has ended, or the user pressed Ctrl-C. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** Asks the user. Where standard input is no terminal, answers are its lines, as scripts of Cosmos daemons pipe them. */
export class Terminal {
  readonly #open: () => NodeJS.ReadStream;
  readonly #say: (text: string) => void;
  #lines: Interface | undefined;
  #iterator: AsyncIterator<string> | undefined;

  /** @param open Gives standard input, when it is needed. */
  constructor(open: () => NodeJS.ReadStream, say: (text: string) => void) {
    this.#open = open;
    this.#say = say;
  }

  get isInteractive(): boolean {
    return this.#open().isTTY;
  }

  /** Lets standard input go: a pipe that goes on would keep the process. */
  close(): void {
    if (this.#lines === undefined) return;
    this.#lines.close();
    this.#open().destroy();
  }

  /** One line, as it is typed. */
  ask(prompt: string): Promise<string> {
    return this.isInteractive ? this.#type(prompt, { echo: true }) : this.#nextLine(prompt);
  }

  /** One line that is not shown. */
  askSecret(prompt: string): Promise<string> {
    return this.isInteractive ? this.#type(prompt, { echo: false }) : this.#nextLine(prompt);
  }

  /** Whether the answer is yes. */
  async confirm(question: string): Promise<boolean> {
    return /^y(es)?$/i.test((await this.ask(`${question} [y/N]: `)).trim());
  }

  /** All that is left of standard input. */
  async readAll(): Promise<string> {
    const lines: string[] = [];
    for (let line = await this.#piped().next(); line.done !== true; line = await this.#piped().next())
      lines.push(line.value);
    return lines.join("\n");
  }

  async #nextLine(prompt: string): Promise<string> {
    const { value, done } = await this.#piped().next();
    if (done === true)
      throw new NoAnswerError(`${prompt.replace(/[:\s]+$/, "")}: standard input has ended without an answer`);
    if (value.length > MAX_LINE)
      throw new NoAnswerError(`a line of standard input has ${value.length} characters, at most ${MAX_LINE}`);
    return value;
  }

  #piped(): AsyncIterator<string> {
    if (this.#iterator === undefined) {
      this.#lines = createInterface({ input: this.#open(), crlfDelay: Infinity });
      this.#iterator = this.#lines[Symbol.asyncIterator]();
    }
    return this.#iterator;
  }

  #type(prompt: string, { echo }: { readonly echo: boolean }): Promise<string> {
    return new Promise((resolve, reject) => {
      if (!echo) process.stderr.write(prompt);
      const output = echo ? process.stderr : new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input: this.#open(), output, terminal: true, historySize: 0 });
      let answered = false;
      lines.on("SIGINT", () => lines.close());
      lines.on("close", () => {
        if (!answered) reject(new NoAnswerError("interrupted"));
      });
      lines.question(echo ? prompt : "", (answer) => {
        answered = true;
        if (!echo) this.#say("");
        lines.close();
        resolve(answer);
      });
    });
  }
}
