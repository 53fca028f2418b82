/** Sums that did not come out even: coins that came from nowhere or went nowhere. The node must not go on. */
export class UnevenTallyError extends Error {
  override readonly name = "UnevenTallyError";
}

/**
 * Sums that must be zero before changes count. Whoever moves coins adds what an account gains, and subtracts what the
 * supply gains: a constant cost for each move, with which every message is checked for conservation.
 */
export class Tally {
  /** Most transactions move one coin: a `Map` is made for the second. */
  #firstName: string | undefined;
  #firstSum = 0n;
  #others: Map<string, bigint> | undefined;

  add(name: string, amount: bigint): void {
    this.#firstName ??= name;
    if (name === this.#firstName) {
      this.#firstSum += amount;
      return;
    }
    const others = (this.#others ??= new Map());
    others.set(name, (others.get(name) ?? 0n) + amount);
  }

  /** Throws {@link UnevenTallyError} with the sums that are not zero. */
  requireEven(): void {
    if (this.#firstName !== undefined) requireZero(this.#firstName, this.#firstSum);
    if (this.#others !== undefined) for (const [name, sum] of this.#others) requireZero(name, sum);
  }
}

function requireZero(name: string, sum: bigint): void {
  if (sum !== 0n) throw new UnevenTallyError(`${name} does not come out even: ${sum > 0n ? "+" : ""}${sum}`);
}
