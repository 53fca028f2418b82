/** How often something may happen: `max` times within `windowMilliseconds`. */
export interface Limit {
  readonly max: number;
  readonly windowMilliseconds: number;
}

/** Keys that are remembered at most; beyond, the ones longest unused are forgotten. */
const MAX_KEYS = 100_000;

/** Counts what each key has taken, in a window that slides. Memory is bounded. */
export class WindowLimit {
  readonly #limit: Limit;
  readonly #now: () => number;
  /** Times of what was taken, the oldest first. Keys in the order of their last use. */
  readonly #taken = new Map<string, readonly number[]>();

  /** @param now A clock in milliseconds. */
  constructor(limit: Limit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Takes once; returns after how many milliseconds there is one again when there is none now. */
  take(key: string): { readonly ok: true } | { readonly ok: false; readonly retryMilliseconds: number } {
    const now = this.#now();
    const recent = (this.#taken.get(key) ?? []).filter((time) => time > now - this.#limit.windowMilliseconds);
    const [oldest] = recent;
    if (recent.length >= this.#limit.max) {
      const since = oldest ?? now;
      return { ok: false, retryMilliseconds: since + this.#limit.windowMilliseconds - now };
    }
    this.#taken.delete(key);
    this.#taken.set(key, [...recent, now]);
    if (this.#taken.size > MAX_KEYS) {
      const [first] = this.#taken.keys();
      if (first !== undefined) this.#taken.delete(first);
    }
    return { ok: true };
  }

  /** What was taken last did not happen. */
  giveBack(key: string): void {
    const times = this.#taken.get(key);
    if (times === undefined) return;
    if (times.length > 1) this.#taken.set(key, times.slice(0, -1));
    else this.#taken.delete(key);
  }
}
