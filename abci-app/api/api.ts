import { Worker } from "node:worker_threads";

import { StatusError } from "../../core/runtime/status.js";
import type { TxResult } from "../driver/tx-result.js";
import type { QueryAnswer, QueryRequest } from "../query/answer.js";
import { refused } from "../query/answer.js";
import { endThread } from "../threads.js";
import type { ApiLog } from "./log.js";
import type { ApiThreadData, FromApi, ToApi } from "./protocol.js";
import type { ApiAddresses, ApiSettings } from "./settings.js";
import { SimulationOverload, Simulations } from "./simulations.js";

export interface ApiOptions {
  readonly thread: ApiThreadData;
  /** Where the servers listen once {@link Api.start} is called. */
  readonly settings: ApiSettings;
  /** Runs a transaction on what the mempool has accepted, on this thread. */
  readonly simulate: (txBytes: Uint8Array) => TxResult;
  readonly log: ApiLog;
}

/** A thread that failed is replaced after this long, and not at once: what killed it may come again. */
const RESTART_MILLISECONDS = 1000;

type Reply = Exclude<FromApi, { kind: "simulate" | "log" }>;
interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The node's face to everyone but consensus: a thread that answers queries of every kind, and on which gRPC and REST
 * listen. Whatever happens there, blocks go on: a thread that fails is replaced.
 */
export class Api {
  readonly #options: ApiOptions;
  readonly #simulations: Simulations;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 0;
  #rpc: string | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isListening = false;
  #isClosed = false;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#simulations = new Simulations(options.simulate);
    this.#worker = this.#open();
  }

  /** CometBFT's RPC, `http://…`: blocks and transactions are looked up there. */
  useRpc(url: string): void {
    this.#rpc = url;
    this.#worker?.postMessage({ kind: "rpc", url } satisfies ToApi);
  }

  /** Answers an ABCI query. Never rejects. */
  async answer(request: QueryRequest): Promise<QueryAnswer> {
    try {
      const reply = await this.#ask((id) => ({ kind: "query", id, request }));
      if (reply.kind === "answer") return reply.answer;
    } catch {
      // The thread is gone: below.
    }
    return refused(new StatusError("Unavailable", "queries are not answered at the moment; try again"), request.height);
  }

  /** What was measured of requests over gRPC and REST, in Prometheus' text format. Rejects when the thread is gone. */
  async measured(): Promise<string> {
    const reply = await this.#ask((id) => ({ kind: "measure", id }));
    return reply.kind === "measured" ? reply.text : "";
  }

  /** Opens the servers that are on. Rejects when one cannot listen: then none does. */
  async start(): Promise<ApiAddresses> {
    const reply = await this.#ask((id) => ({ kind: "listen", id, settings: this.#options.settings }));
    if (reply.kind === "failed") throw new Error(reply.reason);
    if (reply.kind !== "listening") throw new Error(`the API answered ${reply.kind}`);
    this.#isListening = true;
    const { grpc, rest } = reply.addresses;
    if (grpc !== undefined) this.#options.log.info({ address: grpc }, "gRPC listens");
    if (rest !== undefined) this.#options.log.info({ address: rest }, "REST listens");
    return reply.addresses;
  }

  /** Closes the servers; calls in progress may end, for a moment. Queries of CometBFT are answered further on. */
  async stop(): Promise<void> {
    this.#isListening = false;
    await this.#ask((id) => ({ kind: "stop", id })).catch(() => undefined);
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#restart);
    this.#simulations.close();
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker !== undefined) await endThread(worker);
    this.#giveUp("the node is stopping");
  }

  #ask(message: (id: number) => ToApi): Promise<Reply> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#worker === undefined) return reject(new Error("the API does not run"));
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(message(id));
    });
  }

  #open(): Worker {
    const worker = new Worker(new URL("./thread.js", import.meta.url), { workerData: this.#options.thread });
    worker.on("message", (message: FromApi) => this.#take(worker, message));
    worker.on("error", (error) => this.#options.log.error({ fault: error.stack ?? error.message }, "the API failed"));
    worker.on("exit", () => this.#replace(worker));
    return worker;
  }

  #take(worker: Worker, message: FromApi): void {
    switch (message.kind) {
      case "log":
        return this.#options.log[message.level](message.fields, message.message);
      case "simulate":
        return void this.#simulate(worker, message.id, message.txBytes);
      default:
        this.#waiting.get(message.id)?.resolve(message);
        this.#waiting.delete(message.id);
    }
  }

  async #simulate(worker: Worker, id: number, txBytes: Uint8Array): Promise<void> {
    const say = (message: ToApi): void => worker.postMessage(message);
    try {
      say({ kind: "simulated", id, result: await this.#simulations.simulate(txBytes) });
    } catch (error) {
      const isOverload = error instanceof SimulationOverload;
      if (!isOverload) this.#options.log.error({ fault: String(error) }, "simulation failed");
      say({
        kind: "notSimulated",
        id,
        isOverload,
        reason: isOverload ? error.message : "internal error; see the node's log",
      });
    }
  }

  #replace(worker: Worker): void {
    if (worker !== this.#worker || this.#isClosed) return;
    this.#worker = undefined;
    this.#giveUp("the API failed");
    this.#restart = setTimeout(() => {
      this.#worker = this.#open();
      if (this.#rpc !== undefined) this.useRpc(this.#rpc);
      if (!this.#isListening) return;
      this.start().catch((error: unknown) =>
        this.#options.log.error({ reason: String(error) }, "the API does not listen any more"),
      );
    }, RESTART_MILLISECONDS);
  }

  #giveUp(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}
