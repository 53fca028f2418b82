import type { SignOptions } from "../load/transactions.js";

/** A chain of one validator that a benchmark starts, loads and stops. */
export interface ChainUnderTest {
  readonly name: "computronium" | "simd" | "simd-c";
  /** Versions of what runs, for the report. */
  readonly versions: Readonly<Record<string, string>>;
  /** Makes a fresh home folder with the genesis and configuration that `spec` asks for. */
  prepare(home: string, spec: ChainSpec): Promise<PreparedChain>;
}

export interface ChainSpec {
  readonly chainId: string;
  /** Addresses that hold `balance` at genesis; their account numbers follow `FIRST_ACCOUNT_NUMBER`. */
  readonly addresses: readonly string[];
  readonly denom: string;
  /** Of the addresses. */
  readonly prefix: string;
  readonly balance: bigint;
  readonly profile: Profile;
}

/** What differs between the two ways of running that are measured; everything else is the default of the program. */
export interface Profile {
  readonly name: "default" | "tuned";
  /** Set in CometBFT's config.toml of either chain. */
  readonly comet: Readonly<Record<string, string | number | boolean>>;
  /** Set in the app.toml of either chain. */
  readonly app: Readonly<Record<string, string | number | boolean>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Load: transactions sent and not yet committed, at most; fewer where the mempool is smaller ({@link outstandingOf}). */
  readonly maxOutstanding: number;
  /** Load: calls in one request, as many as CometBFT's configuration permits. */
  readonly batchSize: number;
}

export interface PreparedChain {
  readonly rpc: string;
  /** `mempool.size` of its config.toml: by default what the program's `init` writes. */
  readonly mempoolSize: number;
  start(): Promise<RunningChain>;
}

export interface RunningChain {
  /** The process that was started; its children belong to the node too. */
  readonly pid: number;
  /** Stops it as an operator would, with SIGTERM. */
  stop(): Promise<void>;
}

/** Of the first funded account. Number 0 is left to the operator, whom simd needs. */
export const FIRST_ACCOUNT_NUMBER = 1;

/** The same on both chains, whichever profile: one validator, blocks a second apart, 4 MiB at most. */
export const COMMIT_TIMEOUT = "1s";
export const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

const MEMPOOL_TUNED = 100_000;
const BATCH_TUNED = 100;

export const PROFILES: Readonly<Record<Profile["name"], Profile>> = {
  default: {
    name: "default",
    comet: { "consensus.timeout_commit": COMMIT_TIMEOUT },
    app: {},
    environment: {},
    // What arrives while a full block is made, and the block itself.
    maxOutstanding: 6_500,
    batchSize: 10,
  },
  tuned: {
    name: "tuned",
    comet: {
      "consensus.timeout_commit": COMMIT_TIMEOUT,
      log_level: "error",
      "mempool.size": MEMPOOL_TUNED,
      "mempool.cache_size": 2 * MEMPOOL_TUNED,
      "mempool.max_txs_bytes": 1024 ** 3,
      "mempool.recheck": false,
      "tx_index.indexer": "null",
      "rpc.max_request_batch_size": BATCH_TUNED,
    },
    app: { pruning: "everything" },
    environment: { GOGC: "400" },
    // More than is committed in a block interval, but not so long a queue that every block is filled to 4 MiB with it.
    maxOutstanding: 10_000,
    batchSize: BATCH_TUNED,
  },
};

/** CometBFT drops without a word what arrives in a full mempool through its asynchronous queue of 256. */
const MEMPOOL_MARGIN = 300;

/** The load that this profile asks for, as far as the chain's mempool holds it. */
export function outstandingOf({ maxOutstanding }: Profile, { mempoolSize }: PreparedChain): number {
  return Math.min(maxOutstanding, mempoolSize - MEMPOOL_MARGIN);
}

/** What benchmarks send unless they are about something else: one coin, at a fee and gas limit that any Cosmos chain takes. */
export function plainSends(chainId: string, denom: string): SignOptions {
  return {
    chainId,
    firstAccountNumber: FIRST_ACCOUNT_NUMBER,
    fee: { denom, amount: 500n },
    gasLimit: 120_000,
    amount: { denom, amount: 1n },
  };
}
