/** Sums that did not come out even: coins that came from nowhere or went nowhere. The node must not go on. */
export class UnevenTallyError extends Error {
  override readonly name = "UnevenTallyError";
}

/**
 * Sums that must be zero before changes count. Whoever moves coins adds what an account gains, and subtracts what the
 * supply gains: a constant cost for each move, with which every message is checked for conservation.
 */
export class Tally {
  readonly #sums = new Map<string, bigint>();

  add(name: string, amount: bigint): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0n) + amount);
  }

  /** Throws {@link UnevenTallyError} with the sums that are not zero. */
  requireEven(): void {
    for (const [name, sum] of this.#sums) {
      if (sum !== 0n) throw new UnevenTallyError(`${name} does not come out even: ${sum > 0n ? "+" : ""}${sum}`);
    }
  }
}
