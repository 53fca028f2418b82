/** A token bucket per key (a client's address), for a bounded number of keys. */
export class RateLimit {
  private readonly buckets = new Map<string, { tokens: number; atMilliseconds: number }>();

  constructor(
    private readonly options: {
      /** Requests at once, after a pause. */
      readonly burst: number;
      readonly perSecond: number;
      readonly maxKeys: number;
    },
    private readonly nowMilliseconds: () => number = Date.now,
  ) {}

  /** Takes one token; false when there is none. */
  take(key: string): boolean {
    const { burst, perSecond, maxKeys } = this.options;
    const now = this.nowMilliseconds();
    const before = this.buckets.get(key);
    const refilled = before ? before.tokens + (Math.max(0, now - before.atMilliseconds) / 1000) * perSecond : burst;
    const tokens = Math.min(burst, refilled);
    // Set anew, so that the map's order is that of last use; the key unused for longest makes room.
    this.buckets.delete(key);
    if (this.buckets.size >= maxKeys) {
      const oldest = this.buckets.keys().next();
      if (!oldest.done) this.buckets.delete(oldest.value);
    }
    const allowed = tokens >= 1;
    this.buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMilliseconds: now });
    return allowed;
  }
}
