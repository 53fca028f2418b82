import { availableParallelism } from "node:os";

import type { RequestQuery } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Logger } from "pino";

import { Verdicts } from "../core/crypto/verdicts.js";
import { decodeTx } from "../core/codec/tx.js";
import { RegisteredError } from "../core/errors.js";
import type { UpgradePlan } from "../core/runtime/upgrades.js";
import { checkStores } from "../core/runtime/upgrades.js";
import type { PruningOptions } from "../core/store/pruning.js";
import { PRUNING } from "../core/store/pruning.js";
import { SnapshotFolder } from "../core/store/snapshot/folder.js";
import { StateStore } from "../core/store/state-store.js";
import { readChainConstants, readConsensusParams } from "../modules/chain/index.js";
import type { AbciApplication, AbciTxResult } from "./abci/application.js";
import type { GasPrice } from "./ante/index.js";
import { Api } from "./api/api.js";
import { QueryDesk } from "./api/desk.js";
import type { NodeFacts } from "./api/services/environment.js";
import type { ApiAddresses, ApiSettings } from "./api/settings.js";
import type { Wiring } from "./app.js";
import { txEnvironment, wireChain } from "./app.js";
import { baseFeeOf } from "./economy.js";
import type { BlockLimits } from "./driver/block-limits.js";
import { Application } from "./driver/application.js";
import type { TxEnvironment } from "./driver/execute-tx.js";
import { SignaturePool } from "./driver/signature-pool.js";
import { failure } from "./driver/execute-tx.js";
import type { TxResult } from "./driver/tx-result.js";
import type { QueryAnswer, QueryRequest } from "./query/answer.js";
import { SnapshotMaker } from "./snapshots/maker.js";
import { MarketMetrics } from "./telemetry/market-metrics.js";
import type { MetricsRegistry } from "./telemetry/metrics-registry.js";
import { observedQueries } from "./telemetry/query-metrics.js";
import { observeSnapshots } from "./telemetry/snapshot-metrics.js";
import { observeStore } from "./telemetry/store-metrics.js";
import { observeSignatures, TransactionMetrics } from "./telemetry/transaction-metrics.js";
import { VERSION } from "./version.js";

export interface NodeApplicationOptions {
  /** Folder of the database. */
  readonly path: string;
  readonly log: Logger;
  readonly minGasPrices: readonly GasPrice[];
  readonly pruning?: PruningOptions;
  readonly cacheBytes?: number;
  /** Threads that answer queries; 0 answers them on this thread, which only tests want. */
  readonly queryWorkers?: number;
  /** Whether another thread verifies signatures; by default where there is more than one core. */
  readonly signatureThread?: boolean;
  /** Bound of the gas of a query; undefined for none. */
  readonly queryGasLimit?: bigint | undefined;
  /** All invariants are checked after each so many blocks; 0 never. */
  readonly invariantCheckPeriod?: number;
  /** CometBFT may drop blocks older than this many; 0 keeps all. */
  readonly minRetainBlocks?: number;
  /** Where snapshots are kept, after how many blocks one is made (0 never), and how many are kept (0 all). */
  readonly snapshots?: { readonly path: string; readonly interval: number; readonly keepRecent: number };
  /** Name of the chain; a snapshot of another one is not restored. */
  readonly chainId?: (() => string) | undefined;
  /** Told when the next block needs another version of the program; the state before it is on the disk then. */
  readonly upgradeNeeded?: ((plan: UpgradePlan) => Promise<void> | void) | undefined;
  /** Heights whose planned upgrades are dropped. */
  readonly skipUpgrades?: readonly bigint[] | undefined;
  /** The chain, put together; tests of upgrades have another one. */
  readonly wire?: (() => Wiring) | undefined;
  /** Put around what transactions run in; the simulator looks at the state between any two of them. */
  readonly around?: ((env: TxEnvironment) => TxEnvironment) | undefined;
  /** Whether transactions are executed before they are in a block; the default. Results are the same either way. */
  readonly executeAhead?: boolean;
  /** How the ABCI server encodes the result of a transaction; without it they are kept as they are. */
  readonly encodeResult?: ((result: AbciTxResult) => Uint8Array) | undefined;
  /** Where gRPC and REST listen; neither does when it is left out. */
  readonly apiSettings?: ApiSettings;
  /** What the node's services tell of it beyond its version. */
  readonly facts?: Partial<NodeFacts>;
  /** Where measurements go; nothing is measured without it. */
  readonly metrics?: MetricsRegistry | undefined;
}

export interface NodeApplication {
  readonly application: AbciApplication;
  /** Height of the last commit; 0 for none. */
  readonly committedHeight: bigint;
  /** Transactions of blocks that had been executed ahead, since the start. */
  readonly takenAhead: number;
  /** CometBFT's RPC, once it is known: transactions are looked up there. */
  useRpc(address: string): void;
  /** Opens gRPC and REST, as far as they are on. Rejects when one cannot listen. */
  startApi(): Promise<ApiAddresses>;
  stopApi(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_CACHE_BYTES = 256 << 20;
const DEFAULT_QUERY_WORKERS = 2;

/** Opens the database and puts the application on it. Throws before anything is touched when the database does not fit. */
export async function createNodeApplication(options: NodeApplicationOptions): Promise<NodeApplication> {
  const { path, log } = options;
  const wiring = (options.wire ?? wireChain)();
  wiring.upgrades.skipAt(options.skipUpgrades ?? []);
  const store = StateStore.open({
    path,
    storeNames: wiring.chain.storeNames,
    cacheBytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES,
    pruning: options.pruning ?? PRUNING.default,
  });
  try {
    requireFit(store, wiring);
  } catch (error) {
    await store.close();
    throw error;
  }
  const usePrefix = (): void => wiring.addresses.usePrefix(readChainConstants(store.latest()).bech32Prefix);
  if (store.version > 0) usePrefix();

  const verdicts = new Verdicts();
  const useThread = options.signatureThread ?? availableParallelism() > 1;
  const signatures = useThread ? new SignaturePool(verdicts, log) : undefined;
  const queries = openQueries(options, (bytes) => simulate(application, bytes));
  const snapshots = openSnapshots(store, options);
  const answer = async (request: RequestQuery): Promise<QueryAnswer> => {
    const { path, data, prove, height } = request;
    return queries.answer({ path, data, prove, height });
  };
  const { metrics } = options;
  const market = metrics === undefined ? undefined : new MarketMetrics({ path, registry: metrics, log });
  if (metrics !== undefined) {
    observeStore(store, metrics);
    observeSignatures(verdicts, metrics);
    if (snapshots !== undefined) observeSnapshots(snapshots.maker, metrics);
  }
  const transactions = metrics === undefined ? undefined : new TransactionMetrics(metrics);
  const environment = (limits: BlockLimits): TxEnvironment => {
    const plain = txEnvironment(wiring, { verdicts, minGasPrices: options.minGasPrices, ...limits });
    return options.around?.(plain) ?? plain;
  };
  const application: Application = new Application({
    env: (limits) => transactions?.watch(environment(limits)) ?? environment(limits),
    aheadEnv: transactions === undefined ? undefined : (limits) => transactions.watchAhead(environment(limits)),
    askSignature: signatures === undefined ? undefined : (question, done) => signatures.ask(question, done),
    store,
    version: VERSION,
    log,
    answerQuery: metrics === undefined ? answer : observedQueries(answer, metrics),
    consensusParams: readConsensusParams,
    baseFee: baseFeeOf,
    invariantCheckPeriod: options.invariantCheckPeriod ?? 0,
    minRetainBlocks: options.minRetainBlocks ?? 0,
    snapshots,
    chainId: options.chainId,
    restored: () => {
      requireFit(store, wiring);
      usePrefix();
    },
    upgradeNeeded: options.upgradeNeeded,
    executeAhead: options.executeAhead ?? true,
    encodeResult: options.encodeResult,
  });
  return {
    application,
    committedHeight: application.committedHeight,
    get takenAhead() {
      return application.takenAhead;
    },
    useRpc: (address) => queries.useRpc(address),
    startApi: () => queries.start(),
    stopApi: () => queries.stop(),
    close: async () => {
      await snapshots?.maker.close();
      await market?.close();
      await queries.close();
      await signatures?.close();
      await store.flush();
      await store.close();
    },
  };
}

/** Throws WrongProgram when the stores of the program are not those of the state, nor become them with the next block. */
function requireFit(store: StateStore, { chain, upgrades }: Wiring): void {
  if (store.version === 0) return;
  const next = store.committedStores.includes("upgrade")
    ? upgrades.due(store.latest(), BigInt(store.version) + 1n)
    : undefined;
  checkStores({ stateStores: store.committedStores, programStores: chain.storeNames, next });
}

function openSnapshots(store: StateStore, { snapshots, path, log }: NodeApplicationOptions) {
  if (snapshots === undefined) return undefined;
  const folder = new SnapshotFolder(snapshots.path);
  const { interval, keepRecent } = snapshots;
  const logs = log.child({ component: "snapshots" });
  return { folder, maker: new SnapshotMaker({ store, statePath: path, folder, interval, keepRecent, log: logs }) };
}

function simulate(application: Application, bytes: Uint8Array): TxResult {
  try {
    return application.simulate(decodeTx(bytes));
  } catch (error) {
    if (error instanceof RegisteredError) return failure(error);
    throw error;
  }
}

interface Queries {
  answer(request: QueryRequest): Promise<QueryAnswer>;
  useRpc(url: string): void;
  start(): Promise<ApiAddresses>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

const OFF: ApiSettings = { grpc: undefined, rest: undefined };

/** The thread that answers queries of every face or, in tests without one, a desk on this thread. */
function openQueries(options: NodeApplicationOptions, simulate: (txBytes: Uint8Array) => TxResult): Queries {
  const workers = options.queryWorkers ?? DEFAULT_QUERY_WORKERS;
  const facts: NodeFacts = {
    commit: "",
    minimumGasPrices: "",
    pruningKeepRecent: "0",
    pruningInterval: "0",
    haltHeight: 0n,
    ...options.facts,
    version: VERSION,
  };
  const { metrics } = options;
  const thread = { path: options.path, gasLimit: options.queryGasLimit, workers, facts, metricLabels: metrics?.labels };
  const log = options.log.child({ component: "api" });
  if (workers > 0) {
    const api = new Api({ thread, settings: options.apiSettings ?? OFF, simulate, log });
    metrics?.addThread(() => api.measured());
    return api;
  }
  const { path, gasLimit } = thread;
  const desk = new QueryDesk({ path, gasLimit, facts, log, simulate: async (txBytes) => simulate(txBytes) });
  return {
    answer: (request) => desk.answer(request),
    useRpc: (url) => desk.comet.use(url),
    start: async () => ({ grpc: undefined, rest: undefined }),
    stop: async () => undefined,
    close: () => desk.close(),
  };
}
