/** Says at a steady rate that something is due, however late the timer is. */
export class Pace {
  readonly #perSecond: number;
  readonly #tickMilliseconds: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(perSecond: number, tickMilliseconds: number) {
    this.#perSecond = perSecond;
    this.#tickMilliseconds = tickMilliseconds;
  }

  /** @param due Gets the whole number that came due since the last call; never 0. */
  start(due: (count: number) => void): void {
    let owed = 0;
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      owed += ((now - last) / 1000) * this.#perSecond;
      last = now;
      const count = Math.floor(owed);
      owed -= count;
      if (count > 0) due(count);
    }, this.#tickMilliseconds);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
