import type {
  RequestApplySnapshotChunk,
  RequestCheckTx,
  RequestCommit,
  RequestExtendVote,
  RequestFinalizeBlock,
  RequestInfo,
  RequestInitChain,
  RequestListSnapshots,
  RequestLoadSnapshotChunk,
  RequestOfferSnapshot,
  RequestPrepareProposal,
  RequestProcessProposal,
  RequestQuery,
  RequestVerifyVoteExtension,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import { CheckTxType } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Registry } from "prom-client";
import { Counter, Gauge, Histogram } from "prom-client";

import type { AbciApplication, AbciBlockResult, AbciTxResult } from "../abci/application.js";
import { StateSyncMetrics } from "./snapshot-metrics.js";
import { timed } from "./timing.js";

/** From a millisecond to what makes a network of one-second blocks stumble. */
const BLOCK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CHECK_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];

type TimedCall = "prepare_proposal" | "process_proposal" | "finalize_block" | "commit";

/** Told of every block when it is committed. */
export type CommitListener = (block: { readonly height: bigint; readonly timeSeconds: number }) => void;

/** The application behind a watch: what CometBFT asked, how long the answer took and what it was. */
export class ObservedApplication implements AbciApplication {
  readonly #app: AbciApplication;
  readonly #onCommit: CommitListener;
  readonly #calls: Histogram<"call">;
  readonly #execution: Histogram;
  readonly #checks: Counter<"mode" | "codespace" | "code">;
  readonly #checkSeconds: Histogram<"mode">;
  readonly #txs: Counter<"codespace" | "code">;
  readonly #gas: Counter;
  readonly #blockTxs: Gauge;
  readonly #height: Gauge;
  readonly #blockTime: Gauge;
  readonly #stateSync: StateSyncMetrics;
  #finalized: { readonly height: bigint; readonly timeSeconds: number; readonly seconds: number } | undefined;

  constructor(app: AbciApplication, registry: Registry, onCommit: CommitListener) {
    this.#app = app;
    this.#onCommit = onCommit;
    this.#stateSync = new StateSyncMetrics(registry);
    const registers = [registry];
    this.#calls = new Histogram({
      name: "computronium_abci_call_seconds",
      help: "Time for CometBFT's calls that a block waits for",
      labelNames: ["call"],
      buckets: BLOCK_SECONDS,
      registers,
    });
    this.#execution = new Histogram({
      name: "computronium_block_execution_seconds",
      help: "Time for a block: FinalizeBlock and Commit together",
      buckets: BLOCK_SECONDS,
      registers,
    });
    this.#checks = new Counter({
      name: "computronium_check_tx_total",
      help: "Transactions that the mempool asked about, by mode and answer",
      labelNames: ["mode", "codespace", "code"],
      registers,
    });
    this.#checkSeconds = new Histogram({
      name: "computronium_check_tx_seconds",
      help: "Time until CheckTx was answered, waiting included",
      labelNames: ["mode"],
      buckets: CHECK_SECONDS,
      registers,
    });
    this.#txs = new Counter({
      name: "computronium_txs_total",
      help: "Transactions in blocks, by code",
      labelNames: ["codespace", "code"],
      registers,
    });
    this.#gas = new Counter({ name: "computronium_gas_used_total", help: "Gas that transactions used", registers });
    this.#blockTxs = new Gauge({ name: "computronium_block_txs", help: "Transactions in the last block", registers });
    this.#height = new Gauge({ name: "computronium_height", help: "Last committed height", registers });
    this.#blockTime = new Gauge({
      name: "computronium_block_timestamp_seconds",
      help: "Time of the last committed block, from its header",
      registers,
    });
  }

  info(request: RequestInfo): ReturnType<AbciApplication["info"]> {
    return timed(
      () => this.#app.info(request),
      (_seconds, { lastBlockHeight }) => this.#height.set(Number(lastBlockHeight ?? 0n)),
    );
  }

  query(request: RequestQuery): ReturnType<AbciApplication["query"]> {
    return this.#app.query(request);
  }

  checkTx(request: RequestCheckTx): ReturnType<AbciApplication["checkTx"]> {
    const mode = request.type === CheckTxType.RECHECK ? "recheck" : "check";
    return timed(
      () => this.#app.checkTx(request),
      (seconds, result) => {
        this.#checkSeconds.observe({ mode }, seconds);
        this.#checks.inc({ mode, ...codeOf(result) });
      },
    );
  }

  initChain(request: RequestInitChain): ReturnType<AbciApplication["initChain"]> {
    return this.#app.initChain(request);
  }

  prepareProposal(request: RequestPrepareProposal): ReturnType<AbciApplication["prepareProposal"]> {
    return this.#timed("prepare_proposal", () => this.#app.prepareProposal(request));
  }

  processProposal(request: RequestProcessProposal): ReturnType<AbciApplication["processProposal"]> {
    return this.#timed("process_proposal", () => this.#app.processProposal(request));
  }

  extendVote(request: RequestExtendVote): ReturnType<AbciApplication["extendVote"]> {
    return this.#app.extendVote(request);
  }

  verifyVoteExtension(request: RequestVerifyVoteExtension): ReturnType<AbciApplication["verifyVoteExtension"]> {
    return this.#app.verifyVoteExtension(request);
  }

  finalizeBlock(request: RequestFinalizeBlock): ReturnType<AbciApplication["finalizeBlock"]> {
    const { height, time } = request;
    return this.#timed(
      "finalize_block",
      () => this.#app.finalizeBlock(request),
      (seconds, result) => {
        this.#finalized = { height, timeSeconds: Number(time?.seconds ?? 0n), seconds };
        this.#countTxs(result);
      },
    );
  }

  commit(request: RequestCommit): ReturnType<AbciApplication["commit"]> {
    return this.#timed(
      "commit",
      () => this.#app.commit(request),
      (seconds) => this.#committed(seconds),
    );
  }

  listSnapshots(request: RequestListSnapshots): ReturnType<AbciApplication["listSnapshots"]> {
    return this.#app.listSnapshots(request);
  }

  offerSnapshot(request: RequestOfferSnapshot): ReturnType<AbciApplication["offerSnapshot"]> {
    return timed(
      () => this.#app.offerSnapshot(request),
      (_seconds, answer) => this.#stateSync.offered(request, answer),
    );
  }

  loadSnapshotChunk(request: RequestLoadSnapshotChunk): ReturnType<AbciApplication["loadSnapshotChunk"]> {
    return timed(
      () => this.#app.loadSnapshotChunk(request),
      (_seconds, answer) => this.#stateSync.loaded(answer),
    );
  }

  applySnapshotChunk(request: RequestApplySnapshotChunk): ReturnType<AbciApplication["applySnapshotChunk"]> {
    return timed(
      () => this.#app.applySnapshotChunk(request),
      (_seconds, answer) => this.#stateSync.applied(answer),
    );
  }

  #timed<T>(call: TimedCall, run: () => T | Promise<T>, ended?: (seconds: number, result: T) => void): T | Promise<T> {
    return timed(run, (seconds, result) => {
      this.#calls.observe({ call }, seconds);
      ended?.(seconds, result);
    });
  }

  /** Once a block, since a look-up of labels for each transaction would show in its time. */
  #countTxs({ txResults }: AbciBlockResult): void {
    this.#blockTxs.set(txResults.length);
    let succeeded = 0;
    let gas = 0;
    for (const result of txResults) {
      gas += Number(result.gasUsed ?? 0);
      if ((result.code ?? 0) === 0) succeeded++;
      else this.#txs.inc(codeOf(result));
    }
    this.#txs.inc({ codespace: "", code: "0" }, succeeded);
    this.#gas.inc(gas);
  }

  #committed(seconds: number): void {
    const block = this.#finalized;
    if (block === undefined) return;
    this.#finalized = undefined;
    this.#execution.observe(block.seconds + seconds);
    this.#height.set(Number(block.height));
    this.#blockTime.set(block.timeSeconds);
    this.#onCommit(block);
  }
}

/** Registered codes only: few. */
function codeOf({ code = 0, codespace = "" }: AbciTxResult): { readonly codespace: string; readonly code: string } {
  return { codespace, code: String(code) };
}
