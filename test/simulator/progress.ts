const WIDTH = 30;
/** Lines of a log that nobody watches come this seldom. */
const QUIET_MILLISECONDS = 30_000;

/** One line that grows, on a terminal; elsewhere a line now and then. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #last = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(done: number, all: number, what: string): void {
    const now = performance.now();
    const isLast = done >= all;
    if (!isLast && now - this.#last < (this.#out.isTTY ? 100 : QUIET_MILLISECONDS)) return;
    if (!this.#out.isTTY && this.#last === 0 && !isLast) {
      this.#last = now;
      return;
    }
    this.#last = now;
    const share = all === 0 ? 1 : done / all;
    const full = Math.round(share * WIDTH);
    const bar = `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${Math.floor(share * 100)} % ${what}`;
    this.#out.write(this.#out.isTTY ? `\r\u001b[2K${bar}` : `${bar}\n`);
  }

  /** Ends the line. */
  end(): void {
    if (this.#out.isTTY && this.#last > 0) this.#out.write("\r\u001b[2K");
    this.#last = 0;
  }
}
