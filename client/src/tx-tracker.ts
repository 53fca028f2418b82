import type { BlockFeed, BlockTx, ChainBlock } from "./block-feed.js";
import { ComputroniumError, TxExpiredError, TxFailedError } from "./errors.js";

interface Waiter {
  readonly timeoutHeight: number;
  readonly resolve: (tx: BlockTx) => void;
  readonly reject: (error: unknown) => void;
}

/** Finds transactions in blocks by their hash: no transaction index of the node is needed, and one poll serves them all. */
export class TxTracker {
  readonly #feed: BlockFeed;
  readonly #waiting = new Map<string, Waiter>();
  #following: Promise<void> | undefined;

  constructor(feed: BlockFeed) {
    this.#feed = feed;
  }

  /**
   * Looks out for a transaction; to be called before it is broadcast. What is returned resolves when it succeeded in a
   * block, and rejects with {@link TxFailedError} or, past `timeoutHeight`, with {@link TxExpiredError}.
   */
  async watch(hash: string, timeoutHeight: number): Promise<{ readonly committed: Promise<BlockTx> }> {
    const { promise, resolve, reject } = deferred<BlockTx>();
    // Whoever does not care for the outcome must not be ended by it.
    promise.catch(() => undefined);
    this.#waiting.set(hash, { timeoutHeight, resolve, reject });
    this.#following ??= this.#feed.subscribe().then((blocks) => void this.#follow(blocks));
    try {
      await this.#following;
    } catch (error) {
      this.#waiting.delete(hash);
      this.#following = undefined;
      throw error;
    }
    return { committed: promise };
  }

  /** Ends the watch for a transaction that was never in the mempool. */
  forget(hash: string): void {
    this.#waiting.delete(hash);
  }

  async #follow(blocks: AsyncGenerator<ChainBlock, void, void>): Promise<void> {
    let reason: unknown = new ComputroniumError("the client was disconnected");
    try {
      for await (const block of blocks) {
        this.#look(block);
        if (this.#waiting.size > 0) continue;
        this.#following = undefined;
        return;
      }
    } catch (error) {
      reason = error;
    }
    this.#following = undefined;
    for (const waiter of this.#waiting.values()) waiter.reject(reason);
    this.#waiting.clear();
  }

  #look(block: ChainBlock): void {
    for (const tx of block.txs) this.#found(tx);
    for (const [hash, waiter] of this.#waiting) {
      if (block.height < waiter.timeoutHeight) continue;
      this.#waiting.delete(hash);
      waiter.reject(new TxExpiredError(hash, waiter.timeoutHeight));
    }
  }

  #found(tx: BlockTx): void {
    const waiter = this.#waiting.get(tx.hash);
    if (waiter === undefined) return;
    this.#waiting.delete(tx.hash);
    if (tx.code === 0) waiter.resolve(tx);
    else waiter.reject(new TxFailedError(tx.hash, tx, tx));
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
