/**
 * What code learned about the state and what cannot become untrue as long as the writes that it was learned from count:
 * that an account is of the plain kind, say. Every context has its own, over those of the context that it branches off; a
 * branch that is dropped takes what it learned with it. So the same transaction knows the same on every node, and knowing
 * spares it a read (and the gas) that it would else do again.
 */
export class Facts {
  readonly #below: Facts | undefined;
  /** Most transactions learn one thing: a `Map` is made for the second. */
  #firstKind: symbol | undefined;
  #firstName = "";
  #others: Map<symbol, Set<string>> | undefined;

  constructor(below?: Facts) {
    this.#below = below;
  }

  learn(kind: symbol, name: string): void {
    if (this.knows(kind, name)) return;
    if (this.#firstKind === undefined) {
      this.#firstKind = kind;
      this.#firstName = name;
      return;
    }
    const others = (this.#others ??= new Map<symbol, Set<string>>());
    const names = others.get(kind);
    if (names === undefined) others.set(kind, new Set([name]));
    else names.add(name);
  }

  knows(kind: symbol, name: string): boolean {
    if (this.#firstKind === kind && this.#firstName === name) return true;
    if (this.#others?.get(kind)?.has(name) === true) return true;
    return this.#below !== undefined && this.#below.knows(kind, name);
  }

  /** Takes over what was learned in a branch whose writes count from now on. */
  absorb(branch: Facts): void {
    if (branch.#firstKind !== undefined) this.learn(branch.#firstKind, branch.#firstName);
    if (branch.#others === undefined) return;
    for (const [kind, names] of branch.#others) for (const name of names) this.learn(kind, name);
  }
}
