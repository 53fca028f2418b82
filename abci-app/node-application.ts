import { availableParallelism } from "node:os";

import type { RequestQuery } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Logger } from "pino";

import { Verdicts } from "../core/crypto/verdicts.js";
import { decodeTx } from "../core/codec/tx.js";
import { RegisteredError } from "../core/errors.js";
import type { ReadonlyMultiStore } from "../core/store/kv.js";
import type { PruningOptions } from "../core/store/pruning.js";
import { PRUNING } from "../core/store/pruning.js";
import { StateStore } from "../core/store/state-store.js";
import { readChainConstants, readConsensusParams } from "../modules/chain/index.js";
import type { AbciApplication } from "./abci/application.js";
import type { GasPrice } from "./ante/index.js";
import { txEnvironment, wireChain } from "./app.js";
import { Application } from "./driver/application.js";
import { SignaturePool } from "./driver/signature-pool.js";
import { failure } from "./driver/execute-tx.js";
import type { QueryResponse } from "./query/answer.js";
import { answerQuery } from "./query/answer.js";
import { findIndexedTx } from "./query/comet-index.js";
import { QueryPool } from "./query/pool.js";
import { answerTxService } from "./query/tx-service.js";
import { openQueryEnvironment } from "./query/environment.js";
import type { QueryWorkerData } from "./query/environment.js";
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
}

export interface NodeApplication {
  readonly application: AbciApplication;
  /** Height of the last commit; 0 for none. */
  readonly committedHeight: bigint;
  /** CometBFT's RPC, once it is known: transactions are looked up there. */
  useRpc(address: string): void;
  close(): Promise<void>;
}

const DEFAULT_CACHE_BYTES = 256 << 20;
const DEFAULT_QUERY_WORKERS = 2;
/** Queries in progress or waiting; CometBFT's RPC holds more than this only when something is wrong. */
const MAX_WAITING_QUERIES = 1000;
const QUERY_TIMEOUT_MILLISECONDS = 10_000;

/** Opens the database and puts the application on it. Throws before anything is touched when the database does not fit. */
export async function createNodeApplication(options: NodeApplicationOptions): Promise<NodeApplication> {
  const { path, log } = options;
  const wiring = wireChain();
  const store = StateStore.open({
    path,
    storeNames: wiring.chain.storeNames,
    cacheBytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES,
    pruning: options.pruning ?? PRUNING.default,
  });
  if (store.version > 0) wiring.addresses.usePrefix(readChainConstants(store.latest()).bech32Prefix);

  const verdicts = new Verdicts();
  const useThread = options.signatureThread ?? availableParallelism() > 1;
  const signatures = useThread ? new SignaturePool(verdicts, log) : undefined;
  const queries = openQueries({ path, options });
  let rpc: string | undefined;
  const answer = async (request: RequestQuery): Promise<QueryResponse> => {
    // Clients take an answer without a height for none (cosmjs: "No query height returned").
    const height = request.height === 0n ? BigInt(store.version) : request.height;
    const served = await answerTxService(
      {
        simulate: (bytes) => simulate(application, bytes),
        findTx: async (txHash) => findIndexedTx(rpc, txHash),
      },
      { path: request.path, data: request.data, prove: request.prove, height },
    );
    return served ?? queries.answer(request);
  };
  const application: Application = new Application({
    env: (maxBlockGas) => txEnvironment(wiring, { verdicts, minGasPrices: options.minGasPrices, maxBlockGas }),
    askSignature: signatures === undefined ? undefined : (question, done) => signatures.ask(question, done),
    store,
    version: VERSION,
    log,
    answerQuery: answer,
    maxBlockGas,
    invariantCheckPeriod: options.invariantCheckPeriod ?? 0,
    minRetainBlocks: options.minRetainBlocks ?? 0,
  });
  return {
    application,
    committedHeight: BigInt(store.version),
    useRpc: (address) => {
      rpc = address;
    },
    close: async () => {
      await queries.close();
      await signatures?.close();
      await store.flush();
      await store.close();
    },
  };
}

/** -1 is CometBFT's way to say that there is no bound. */
function maxBlockGas(stores: ReadonlyMultiStore): bigint | undefined {
  const maxGas = readConsensusParams(stores)?.block?.maxGas;
  return maxGas === undefined || maxGas < 0n ? undefined : maxGas;
}

function simulate(application: Application, bytes: Uint8Array) {
  try {
    return application.simulate(decodeTx(bytes));
  } catch (error) {
    if (error instanceof RegisteredError) return failure(error, undefined, []);
    throw error;
  }
}

interface Queries {
  answer(request: RequestQuery): Promise<QueryResponse>;
  close(): Promise<void>;
}

function openQueries({ path, options }: { readonly path: string; readonly options: NodeApplicationOptions }): Queries {
  const workers = options.queryWorkers ?? DEFAULT_QUERY_WORKERS;
  const workerData: QueryWorkerData = { path, version: VERSION, gasLimit: options.queryGasLimit };
  if (workers === 0) {
    const env = openQueryEnvironment(workerData);
    return { answer: async (request) => answerQuery(env, request), close: () => env.close() };
  }
  const pool = new QueryPool({
    workers,
    workerData,
    maxWaiting: MAX_WAITING_QUERIES,
    timeoutMilliseconds: QUERY_TIMEOUT_MILLISECONDS,
    log: options.log.child({ component: "query" }),
  });
  return { answer: (request) => pool.answer(request), close: () => pool.close() };
}
