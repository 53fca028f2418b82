import { TxNote } from "../../core/codec/tx-note.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import type { BlockInfo } from "../../core/runtime/context.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { AbciTxResult } from "../abci/application.js";
import type { TxEnvironment } from "./execute-tx.js";
import { executeTx } from "./execute-tx.js";
import { ForeseenBlock } from "./foreseen-block.js";
import type { Seen } from "./reads.js";
import { Reads } from "./reads.js";
import { StoreEntries } from "./store-entries.js";
import type { TxResult } from "./tx-result.js";

/** A transaction with a higher gas limit is executed in its block alone: CheckTx must not take long. */
const MAX_GAS = 1_000_000n;
/** Transactions of a block that are followed; of others nothing is kept when it is over. */
const MAX_FOLLOWED = 50_000;
/** So many more misses than hits, and transactions of the same types are not tried any more in this block. */
const FEWEST_MISSED = 4;
/** Combinations of types that are counted. */
const MAX_TYPES = 1_000;
/** How long the thread is taken before others have their turn. */
const SLICE_MILLISECONDS = 1;
/** So few outcomes say nothing about whether it pays. */
const FEWEST_TO_JUDGE = 20;
/** How many blocks are let go by at most after one for which the work was in vain. */
const MAX_PAUSE_BLOCKS = 64;

/** A result as it waits for its block: its gas and credits, and the rest in whatever form the response takes it. */
export type FinishedResult = AbciTxResult & Pick<TxResult, "gasUsed" | "gasWanted" | "credits">;

/** What transactions are executed in ahead of their block. */
export interface AheadEnvironment extends TxEnvironment {
  /** Told after each execution, for measurements; what it returns is called when a block takes the execution over. */
  readonly executed?: () => () => void;
}

/** What was found out about a transaction ahead of its block. */
interface Outcome {
  readonly seen: Seen;
  readonly writes: StoreEntries;
  readonly result: FinishedResult;
  /** What CheckTx answers. */
  readonly admitted: AbciTxResult;
  /** See {@link ExecutionAhead.committed}. */
  readonly terms: string;
  readonly takenOver: (() => void) | undefined;
}

/**
 * Executes transactions when the mempool checks them, on the state of these checks, and hands their results to the block
 * that comes to the same. What a transaction does depends on its bytes, on what it reads, and on the block; so an outcome
 * is taken over only if everything that the transaction read has the same value in the block, if it did not iterate, and did not
 * ask for what is not known before (time and proposer). Results are therefore the same with and without this class, whatever it
 * guesses: that transactions come into the next block in the order in which the mempool took them. docs/adr/006.
 */
export class ExecutionAhead {
  readonly #env: AheadEnvironment;
  readonly #finish: (result: TxResult) => FinishedResult;
  readonly #outcomes = new TxNote<Outcome>({ lasting: true });
  /** Height of the block in whose state of checks a transaction is, and of the one in which it was. */
  readonly #takenFor = new TxNote<bigint>({ lasting: true });
  readonly #inBlock = new TxNote<bigint>({ lasting: true });
  /** What the state of checks holds, in order. */
  #followed: DecodedTx[] = [];
  /** What was in that of the block before, and in no block yet. */
  #leftOver: DecodedTx[] = [];
  #done = 0;
  /** By the types of messages, since the last commit: how many transactions could be foreseen, less those that could not. */
  readonly #foreseeable = new Map<string, number>();
  #terms = "";
  #stores: CacheMultiStore | undefined;
  #block: ForeseenBlock | undefined;
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

  /**
   * Begins anew: `stores` is the state of checks above the one that was just committed, `last` is its block.
   *
   * @param terms all that the ante chain is given for the next block beside state and header, as a text: what was found out on other terms is void
   */
  committed(stores: CacheMultiStore, { last, terms }: { readonly last: BlockInfo; readonly terms: string }): void {
    this.#judge();
    this.#terms = terms;
    this.#foreseeable.clear();
    this.#leftOver = this.#followed.filter(
      (tx) => this.#inBlock.get(tx) !== last.height && this.#takenFor.get(tx) === last.height,
    );
    this.#followed = [];
    this.#done = 0;
    this.#stores = this.#pause > 0 ? undefined : stores;
    this.#block = new ForeseenBlock(last);
    this.#schedule();
  }

  /**
   * Checks a transaction and executes it with that: what CheckTx answers, with all that the transaction does in the state
   * of checks. Undefined, with nothing done, when it has to be checked without its messages.
   *
   * @param isAgain whether it waits in the mempool already: then its effects may be in that state, and are not made twice
   */
  admit(tx: DecodedTx, isAgain: boolean): AbciTxResult | undefined {
    const stores = this.#stores;
    const next = this.#block;
    if (stores === undefined || next === undefined) return undefined;
    const before = this.#outcomes.get(tx);
    if (isAgain && before !== undefined && this.#takenFor.get(tx) === next.known) return before.admitted;
    // One that was left over from the last block may hold still.
    if (before?.terms === this.#terms && before.seen.holdsIn(next, stores)) {
      write(before.writes, stores);
      this.#follow(tx, next.known);
      return before.admitted;
    }
    this.#outcomes.set(tx, undefined);
    if (!this.#isForeseeable(tx)) return undefined;
    const block = next.anew();
    const reads = new Reads(stores, block);
    const branch = new CacheMultiStore(reads);
    let result: TxResult;
    try {
      result = executeTx(this.#env, { tx, mode: "admit", block, stores: branch });
    } catch {
      // A fault of the engine. If it is one of the transaction, it will be met again in the block, and stop the node there.
      this.#env.executed?.();
      return undefined;
    }
    const takenOver = this.#env.executed?.();
    const seen = reads.seen();
    const types = typesOf(tx);
    if (this.#foreseeable.size < MAX_TYPES || this.#foreseeable.has(types)) {
      this.#foreseeable.set(types, (this.#foreseeable.get(types) ?? 0) + (seen === undefined ? -1 : 1));
    }
    if (seen === undefined) return undefined;
    if (result.anteGasUsed === undefined) return result;
    const writes = changesOf(branch);
    write(writes, stores);
    const { gasWanted, anteGasUsed } = result;
    const admitted = { code: 0, codespace: "", log: "", gasWanted, gasUsed: anteGasUsed };
    this.#outcomes.set(tx, { seen, writes, result: this.#finish(result), admitted, takenOver, terms: this.#terms });
    this.#follow(tx, next.known);
    return admitted;
  }

  #isForeseeable(tx: DecodedTx): boolean {
    if (tx.gasLimit > MAX_GAS || tx.hasTimeoutTimestamp) return false;
    return (this.#foreseeable.get(typesOf(tx)) ?? 0) > -FEWEST_MISSED;
  }

  #follow(tx: DecodedTx, height: bigint): void {
    if (this.#takenFor.get(tx) === height || this.#followed.length >= MAX_FOLLOWED) return;
    this.#takenFor.set(tx, height);
    this.#followed.push(tx);
  }

  /** Whether a transaction is in the state of checks with all that it does, so that the next block can take it as it is. */
  isTaken(tx: DecodedTx): boolean {
    return (
      this.#stores !== undefined &&
      this.#outcomes.get(tx) !== undefined &&
      this.#takenFor.get(tx) === this.#block?.known
    );
  }

  /** A transaction that the mempool let go after all. */
  drop(tx: DecodedTx): void {
    this.#takenFor.set(tx, undefined);
    this.#outcomes.set(tx, undefined);
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
    if (outcome.terms !== this.#terms || !outcome.seen.holdsIn(block, stores)) {
      this.#failed++;
      return undefined;
    }
    write(outcome.writes, stores);
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
    if (this.#scheduled || this.#stores === undefined || this.#done === this.#leftOver.length) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#slice();
      this.#schedule();
    });
  }

  /** Takes into the state of checks what waits in the mempool still: CometBFT need not check it again. */
  #slice(): void {
    const end = performance.now() + SLICE_MILLISECONDS;
    while (this.#stores !== undefined && this.#done < this.#leftOver.length) {
      const tx = this.#leftOver[this.#done++]!;
      const taken = this.#takenFor.get(tx);
      if (taken !== undefined && taken !== this.#block?.known && this.admit(tx, true)?.code === 0) tx.release();
      if (performance.now() >= end) return;
    }
  }
}

/** The types of a transaction's messages, as one text. */
function typesOf({ messages }: DecodedTx): string {
  return messages.length === 1 ? messages[0]!.typeUrl : messages.map(({ typeUrl }) => typeUrl).join();
}

function changesOf(branch: CacheMultiStore): StoreEntries {
  const changes = new StoreEntries();
  branch.forEachChange((name, key, value) => changes.add(name, key, value));
  changes.close();
  return changes;
}

function write(changes: StoreEntries, stores: CacheMultiStore): void {
  changes.forEach((name, key, value) => {
    if (value === undefined) stores.store(name).delete(key);
    else stores.store(name).set(key, value);
  });
}
