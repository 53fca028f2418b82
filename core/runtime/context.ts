import { ByName } from "../by-name.js";
import type { BranchStore, KvStore, MultiStore, ReadonlyKvStore, ReadonlyMultiStore } from "../store/kv.js";
import { CacheMultiStore } from "../store/branch.js";
import { Credits } from "./credits.js";
import { EventLog } from "./events.js";
import { Facts } from "./facts.js";
import { GasKvStore, GasMeter, GasReadonlyKvStore } from "./gas.js";
import { Tally } from "./tally.js";

/** The block that something runs in, from its header. */
export interface BlockInfo {
  readonly chainId: string;
  readonly height: bigint;
  /** Unix time in nanoseconds, from the block header. */
  readonly timeNanos: bigint;
  /** Consensus address of the proposer, 20 bytes; empty outside of a block. */
  readonly proposerAddress: Uint8Array;
  /** Hash of the validators of the next block, from the header; outside of FinalizeBlock there is none. */
  readonly nextValidatorsHash?: Uint8Array;
  /** Of the state before this block, as its header has it; outside of FinalizeBlock there is none. */
  readonly appHash?: Uint8Array;
  /** Who signed the block before this one, as CometBFT reports it; none in block 1 and outside of FinalizeBlock. */
  readonly lastCommit?: readonly CommitVote[];
  /** Provable faults of validators that came with this block; none outside of FinalizeBlock. */
  readonly misbehavior?: readonly Misbehavior[];
  /** Gas that the transactions of this block used, each at most its limit; in hooks at the end of a block only. */
  readonly gasUsed?: bigint;
}

/** One validator in the commit of the block before; abci.VoteInfo. */
export interface CommitVote {
  /** Consensus address, 20 bytes. */
  readonly validator: Uint8Array;
  readonly power: bigint;
  /** Signed the block, a vote for nil does too; false only where the signature is absent. */
  readonly signed: boolean;
}

/** abci.Misbehavior: evidence that CometBFT has verified. */
export interface Misbehavior {
  readonly type: "duplicate-vote" | "light-client-attack" | "unknown";
  /** Consensus address, 20 bytes. */
  readonly validator: Uint8Array;
  /** Its power when it happened. */
  readonly power: bigint;
  readonly height: bigint;
  /** Unix time in nanoseconds of the block of that height. */
  readonly timeNanos: bigint;
  readonly totalVotingPower: bigint;
}

export const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * Why something runs. State code must not ask; the ante chain and the mempool may. `admit` is a check of the mempool in which
 * the messages are carried out too, so that the block may take the result over.
 */
export type ExecMode = "genesis" | "check" | "recheck" | "admit" | "simulate" | "finalize" | "query";

/** What a read-only piece of code sees of the chain. */
export interface ReadContext {
  readonly block: BlockInfo;
  /** Block time in whole seconds since 1970, rounded down. */
  readonly timeSeconds: bigint;
  readonly mode: ExecMode;
  readonly gas: GasMeter;
  store(name: string): ReadonlyKvStore;
}

export interface ContextOptions {
  readonly block: BlockInfo;
  readonly mode: ExecMode;
  readonly gas: GasMeter;
  readonly stores: MultiStore;
  /** What the context below has learned. */
  readonly facts?: Facts;
}

/** What a piece of code that changes the chain sees of it. */
export class Context implements ReadContext {
  readonly block: BlockInfo;
  readonly mode: ExecMode;
  readonly gas: GasMeter;
  readonly events = new EventLog();
  /** What accounts get at the end of the block. */
  readonly credits = new Credits();
  /** What must come out even before the changes of this context count. */
  readonly tally = new Tally();
  /** What need not be read again. */
  readonly facts: Facts;
  readonly #stores: MultiStore;
  readonly #metered = new ByName<KvStore>();

  constructor(options: ContextOptions) {
    this.block = options.block;
    this.mode = options.mode;
    this.gas = options.gas;
    this.facts = new Facts(options.facts);
    this.#stores = options.stores;
  }

  get timeSeconds(): bigint {
    return this.block.timeNanos / NANOS_PER_SECOND;
  }

  store(name: string): KvStore {
    let store = this.#metered.get(name);
    if (store === undefined) {
      store = new GasKvStore(this.#stores.store(name), this.gas);
      this.#metered.add(name, store);
    }
    return store;
  }

  /**
   * A context above this one with events, credits and writes of its own. They reach this one by `commit`; forgetting the
   * branch drops them. Gas is counted by the same meter, or by the one that is given. A branch whose tally does not
   * come out even cannot be committed: that is a fault of a module, and an exception which no transaction survives.
   */
  branch(options: { readonly gas?: GasMeter } = {}): { readonly context: Context; readonly commit: () => void } {
    const stores: BranchStore = this.#stores.branch();
    const { block, mode, gas, facts } = this;
    const context = new Context({ block, mode, gas: options.gas ?? gas, stores, facts });
    return {
      context,
      commit: () => {
        context.tally.requireEven();
        stores.write();
        this.events.append(context.events.list());
        this.credits.append(context.credits.list());
        this.facts.absorb(context.facts);
      },
    };
  }
}

export interface ReadContextOptions {
  readonly block: BlockInfo;
  readonly mode: ExecMode;
  /** Unlimited when left out. */
  readonly gas?: GasMeter | undefined;
  readonly stores: ReadonlyMultiStore;
}

/** A context of a query. */
export function readContext(options: ReadContextOptions): ReadContext {
  const gas = options.gas ?? GasMeter.unlimited();
  const metered = new Map<string, ReadonlyKvStore>();
  return {
    block: options.block,
    timeSeconds: options.block.timeNanos / NANOS_PER_SECOND,
    mode: options.mode,
    gas,
    store(name) {
      let store = metered.get(name);
      if (store === undefined) {
        store = new GasReadonlyKvStore(options.stores.store(name), gas);
        metered.set(name, store);
      }
      return store;
    },
  };
}

/** A context above one that is only read: what is written stays above, and gas is counted by the same meter. */
export function contextAbove(ctx: ReadContext): Context {
  return new Context({ block: ctx.block, mode: ctx.mode, gas: ctx.gas, stores: new CacheMultiStore(ctx) });
}

/** A context whose writes stay in a cache that nobody reads: for simulation and tests. */
export function scratchContext(options: ReadContextOptions): Context {
  return new Context({
    block: options.block,
    mode: options.mode,
    gas: options.gas ?? GasMeter.unlimited(),
    stores: new CacheMultiStore(options.stores),
  });
}
