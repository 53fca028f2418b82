import type { ByteString } from "../../core/bytes.js";
import { TxNote } from "../../core/codec/tx-note.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import type { BlockInfo } from "../../core/runtime/context.js";
import { Context } from "../../core/runtime/context.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { Entry, KeyRange, ReadonlyKvStore, ReadonlyMultiStore } from "../../core/store/kv.js";
import type { AbciTxResult } from "../abci/application.js";
import type { TxEnvironment } from "./execute-tx.js";
import { executeTx } from "./execute-tx.js";
import type { TxResult } from "./tx-result.js";

/** What a transaction read is remembered up to here; one that reads more is executed in its block alone. */
const MAX_READS = 512;
/** Transactions that are executed ahead for one block, and those that wait to be. */
const MAX_AHEAD = 20_000;
/** How long the thread is taken before others have their turn. */
const SLICE_MILLISECONDS = 1;
/** So few outcomes say nothing about whether it pays. */
const FEWEST_TO_JUDGE = 20;
/** How many blocks are let go by at most after one for which the work was in vain. */
const MAX_PAUSE_BLOCKS = 64;

/** A result as it waits for its block: its gas, and the rest in whatever form the response takes it. */
export type FinishedResult = AbciTxResult & Pick<TxResult, "gasUsed" | "gasWanted">;

/** What transactions are executed in ahead of their block. */
export interface AheadEnvironment extends TxEnvironment {
  /** Told after each execution, for measurements; what it returns is called when a block takes the execution over. */
  readonly executed?: () => () => void;
}

/** What was found out about a transaction ahead of its block. */
interface Outcome {
  readonly reads: Reads;
  /** Holds what the transaction wrote. */
  readonly writes: CacheMultiStore;
  readonly result: FinishedResult;
  readonly takenOver: (() => void) | undefined;
}

/**
 * Executes transactions before they are in a block, while CometBFT waits between two blocks, and hands their results to
 * the block that comes to the same. What a transaction does depends on its bytes, on what it reads, and on the block; so an outcome is
 * taken over only if everything that the transaction read has the same value in the block, if it did not iterate, and did not ask
 * for what is not known before (time and proposer). Results are therefore the same with and without this class, whatever it guesses:
 * that transactions come into the next block in the order in which the mempool took them. docs/adr/006.
 */
export class ExecutionAhead {
  readonly #env: AheadEnvironment;
  readonly #finish: (result: TxResult) => FinishedResult;
  readonly #outcomes = new TxNote<Outcome>();
  /** Height of the block for which a transaction waits here, or in which it was. */
  readonly #queuedFor = new TxNote<bigint>();
  readonly #inBlock = new TxNote<bigint>();
  #queue: DecodedTx[] = [];
  /** How many of the queue were executed. */
  #done = 0;
  #stores: CacheMultiStore | undefined;
  #block: ForeseenBlock | undefined;
  /** Whether the hooks that begin the block were run. */
  #begun = false;
  #scheduled = false;
  #taken = 0;
  /** Outcomes that the block under way could take over, and those that it could not. */
  #held = 0;
  #failed = 0;
  #pause = 0;
  #blocksToPause = 0;

  /**
   * @param finish makes of a result what is kept until the block, where there is a shorter form
   */
  constructor(env: AheadEnvironment, finish: (result: TxResult) => FinishedResult) {
    this.#env = env;
    this.#finish = finish;
  }

  /** Transactions of blocks whose result had been found ahead, since the start. */
  get taken(): number {
    return this.#taken;
  }

  /** Begins anew above the state that was just committed; `last` is its block. */
  committed(stores: ReadonlyMultiStore, last: BlockInfo): void {
    this.#judge();
    const waiting = this.#queue.filter(
      (tx) => this.#inBlock.get(tx) !== last.height && this.#queuedFor.get(tx) === last.height,
    );
    this.#queue = [];
    this.#done = 0;
    this.#stores = this.#pause > 0 ? undefined : new CacheMultiStore(stores);
    this.#block = new ForeseenBlock(last);
    this.#begun = false;
    for (const tx of waiting) this.add(tx);
  }

  /** A transaction that the mempool took. */
  add(tx: DecodedTx): void {
    const height = this.#block?.height;
    if (height === undefined || this.#queuedFor.get(tx) === height || this.#queue.length >= MAX_AHEAD) return;
    this.#queuedFor.set(tx, height);
    this.#queue.push(tx);
    this.#schedule();
  }

  /** A transaction that the mempool let go after all. */
  drop(tx: DecodedTx): void {
    this.#queuedFor.set(tx, undefined);
  }

  /** Until {@link committed}, nothing is executed ahead: a block is under way, and the state will be another. */
  stop(): void {
    this.#stores = undefined;
  }

  /**
   * The result of a transaction in a block, with its writes made, if what was found ahead holds there; else undefined,
   * with nothing written.
   */
  deliver(tx: DecodedTx, block: BlockInfo, stores: CacheMultiStore): FinishedResult | undefined {
    this.#inBlock.set(tx, block.height);
    const outcome = this.#outcomes.get(tx);
    if (outcome === undefined) return undefined;
    this.#outcomes.set(tx, undefined);
    if (!outcome.reads.hold(block, stores)) {
      this.#failed++;
      return undefined;
    }
    outcome.writes.copyInto(stores);
    outcome.takenOver?.();
    this.#held++;
    this.#taken++;
    return outcome.result;
  }

  /** Where proposals come from others, in another order, most outcomes fail: then the work is left alone for longer and longer. */
  #judge(): void {
    if (this.#pause > 0) this.#pause--;
    else if (this.#held + this.#failed >= FEWEST_TO_JUDGE) {
      const pays = this.#held > this.#failed;
      this.#blocksToPause = pays ? 0 : Math.min(MAX_PAUSE_BLOCKS, Math.max(1, this.#blocksToPause * 2));
      this.#pause = this.#blocksToPause;
    }
    this.#held = 0;
    this.#failed = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#stores === undefined || this.#done === this.#queue.length) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#slice();
      this.#schedule();
    });
  }

  #slice(): void {
    const end = performance.now() + SLICE_MILLISECONDS;
    this.#begin();
    while (this.#stores !== undefined && this.#done < this.#queue.length) {
      const tx = this.#queue[this.#done++]!;
      if (this.#queuedFor.get(tx) === this.#block?.height) this.#try(tx, this.#stores);
      if (performance.now() >= end) return;
    }
  }

  /**
   * Begins the block as far as it is known: the fees of the block before are handed out, to whomever, and every transaction reads
   * what is left. What depends on votes, evidence or the time is a guess, and whoever reads it has no outcome that holds.
   */
  #begin(): void {
    if (this.#begun || this.#stores === undefined) return;
    this.#begun = true;
    const stores = this.#stores.branch();
    const ctx = new Context({ block: this.#block!.anew(), mode: "finalize", gas: GasMeter.unlimited(), stores });
    try {
      for (const module of this.#env.chain.modules) module.beginBlock?.(ctx);
    } catch {
      // Such as an upgrade, which asks for another program. The block will meet it.
      return this.stop();
    }
    stores.write();
  }

  #try(tx: DecodedTx, stores: CacheMultiStore): void {
    // One that was left over from the last block may hold still.
    const before = this.#outcomes.get(tx);
    if (before !== undefined && before.reads.hold(this.#block!, stores)) {
      before.writes.copyInto(stores);
      return;
    }
    this.#outcomes.set(tx, undefined);
    const block = this.#block!.anew();
    const reads = new Reads(stores, block);
    const writes = new CacheMultiStore(reads);
    let result: TxResult;
    try {
      result = executeTx(this.#env, { tx, mode: "finalize", block, stores: writes });
    } catch {
      // A fault of the engine. If it is one of the transaction, it will be met again in the block, and stop the node there.
      this.#env.executed?.();
      return this.stop();
    }
    const takenOver = this.#env.executed?.();
    writes.copyInto(stores);
    if (reads.mayHold) this.#outcomes.set(tx, { reads, writes, result: this.#finish(result), takenOver });
  }
}

/** The next block, as far as it is known before there is one; remembers whether somebody asked for the rest. */
class ForeseenBlock implements BlockInfo {
  readonly chainId: string;
  readonly height: bigint;
  readonly #last: BlockInfo;
  wasGuessed = false;

  constructor(last: BlockInfo, height = last.height + 1n) {
    this.#last = last;
    this.chainId = last.chainId;
    this.height = height;
  }

  anew(): ForeseenBlock {
    return new ForeseenBlock(this.#last, this.height);
  }

  /** A guess. */
  get timeNanos(): bigint {
    this.wasGuessed = true;
    return this.#last.timeNanos;
  }

  /** A guess. */
  get proposerAddress(): Uint8Array {
    this.wasGuessed = true;
    return this.#last.proposerAddress;
  }
}

/** Lets a transaction read a state, and remembers what it saw. */
class Reads implements ReadonlyMultiStore {
  readonly #stores: ReadonlyMultiStore;
  readonly #block: ForeseenBlock;
  readonly #names: string[] = [];
  readonly #keys: ByteString[] = [];
  readonly #values: (Uint8Array | undefined)[] = [];
  #walked = false;

  constructor(stores: ReadonlyMultiStore, block: ForeseenBlock) {
    this.#stores = stores;
    this.#block = block;
  }

  /** Whether there can be a block in which all is as it was found. */
  get mayHold(): boolean {
    return !this.#walked && !this.#block.wasGuessed && this.#keys.length <= MAX_READS;
  }

  /** Whether a block and its state are, to the transaction, the ones that it saw. */
  hold(block: BlockInfo, stores: ReadonlyMultiStore): boolean {
    if (block.height !== this.#block.height || block.chainId !== this.#block.chainId) return false;
    for (let i = 0; i < this.#keys.length; i++) {
      const value = stores.store(this.#names[i]!).get(this.#keys[i]!);
      if (!sameValue(value, this.#values[i])) return false;
    }
    return true;
  }

  store(name: string): ReadonlyKvStore {
    const inner = this.#stores.store(name);
    const get = (key: ByteString): Uint8Array | undefined => {
      const value = inner.get(key);
      if (this.#keys.length <= MAX_READS) {
        this.#names.push(name);
        this.#keys.push(key);
        this.#values.push(value);
      }
      return value;
    };
    return {
      get,
      has: (key) => get(key) !== undefined,
      iterate: (range: KeyRange): IterableIterator<Entry> => {
        this.#walked = true;
        return inner.iterate(range);
      },
    };
  }
}

function sameValue(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
