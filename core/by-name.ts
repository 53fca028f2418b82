/**
 * A handful of things by name, such as the stores that a branch has touched: a short list is searched faster than a
 * `Map` and costs a fraction of its memory, which counts where thousands are made for a block. For names that come from
 * the program, never from users: a search takes as long as the list.
 */
export class ByName<T> {
  readonly #names: string[] = [];
  readonly #items: T[] = [];

  get(name: string): T | undefined {
    const index = this.#names.indexOf(name);
    return index < 0 ? undefined : this.#items[index];
  }

  /** Adds what is not there yet. */
  add(name: string, item: T): void {
    this.#names.push(name);
    this.#items.push(item);
  }

  clear(): void {
    this.#names.length = 0;
    this.#items.length = 0;
  }

  forEach(visit: (item: T, name: string) => void): void {
    for (let i = 0; i < this.#names.length; i++) visit(this.#items[i]!, this.#names[i]!);
  }

  /** In the order of their names. */
  sorted(): [name: string, item: T][] {
    const entries = this.#names.map((name, i): [string, T] => [name, this.#items[i]!]);
    return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}
