import { Worker } from "node:worker_threads";

import { StatusError } from "../../core/runtime/status.js";
import type { QueryAnswer, QueryRequest } from "./answer.js";
import { refused } from "./answer.js";

/** Sent to a query worker. */
export interface WorkerRequest extends QueryRequest {
  readonly id: number;
}

/** Sent back by one: that it is there, an answer, or the fault of the engine that kept it from answering. */
export type WorkerReply =
  | { readonly ready: true }
  | { readonly id: number; readonly response: QueryAnswer }
  | { readonly id: number; readonly fault: string };

interface Waiting {
  readonly resolve: (response: QueryAnswer) => void;
  readonly request: WorkerRequest;
  timer: NodeJS.Timeout | undefined;
}

interface PoolWorker {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  /** It has loaded the chain. The time of its queries counts from then on. */
  isReady: boolean;
}

export interface QueryPoolOptions {
  readonly workers: number;
  /** Handed to each worker as `workerData`. */
  readonly workerData: unknown;
  /** Queries in progress or waiting; more are refused at once. */
  readonly maxWaiting: number;
  readonly timeoutMilliseconds: number;
  readonly log: { error(fields: object, message: string): void };
}

/**
 * Threads that answer queries on committed heights, so that consensus never waits for one. A worker that hangs or dies is
 * replaced, and its queries are answered with an error.
 */
export class QueryPool {
  readonly #options: QueryPoolOptions;
  readonly #workers: PoolWorker[] = [];
  #nextId = 0;
  #closed = false;

  constructor(options: QueryPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.workers; i++) this.#workers.push(this.#start());
  }

  async answer(request: QueryRequest): Promise<QueryAnswer> {
    const least = this.#workers.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
    const total = this.#workers.reduce((sum, { waiting }) => sum + waiting.size, 0);
    if (this.#closed || total >= this.#options.maxWaiting) {
      return unavailable(request, "Unavailable", `${total} queries are in progress; try again later`);
    }
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const message: WorkerRequest = { ...request, id };
      const entry: Waiting = { resolve, request: message, timer: undefined };
      if (least.isReady) this.#startClock(least, entry);
      least.waiting.set(id, entry);
      least.worker.postMessage(message);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }

  #startClock({ worker }: PoolWorker, entry: Waiting): void {
    entry.timer = setTimeout(
      () => this.#replace(worker, "DeadlineExceeded", "a query took too long"),
      this.#options.timeoutMilliseconds,
    );
    entry.timer.unref();
  }

  #start(): PoolWorker {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: this.#options.workerData });
    const waiting = new Map<number, Waiting>();
    const started: PoolWorker = { worker, waiting, isReady: false };
    worker.on("message", (reply: WorkerReply) => {
      if ("ready" in reply) {
        started.isReady = true;
        for (const entry of waiting.values()) this.#startClock(started, entry);
        return;
      }
      const entry = waiting.get(reply.id);
      if (entry === undefined) return;
      waiting.delete(reply.id);
      clearTimeout(entry.timer);
      if ("fault" in reply) {
        this.#options.log.error({ path: entry.request.path, fault: reply.fault }, "query failed");
        entry.resolve(unavailable(entry.request, "Internal", "internal error; see the node's log"));
      } else {
        entry.resolve(reply.response);
      }
    });
    worker.on("error", (error) => this.#replace(worker, "Internal", `the worker failed: ${error.message}`));
    return started;
  }

  #replace(worker: Worker, code: UnavailableCode, reason: string): void {
    const index = this.#workers.findIndex((entry) => entry.worker === worker);
    const entry = this.#workers[index];
    if (entry === undefined || this.#closed) return;
    this.#options.log.error({ reason }, "query worker replaced");
    this.#workers[index] = this.#start();
    void worker.terminate();
    for (const { resolve, timer, request } of entry.waiting.values()) {
      clearTimeout(timer);
      resolve(unavailable(request, code, reason));
    }
  }
}

type UnavailableCode = "Unavailable" | "DeadlineExceeded" | "Internal";

/** `sdk` 39: nothing is wrong with the request, it could not be answered now. */
function unavailable(request: QueryRequest, code: UnavailableCode, reason: string): QueryAnswer {
  const answer = refused(new StatusError(code, reason), request.height);
  return { ...answer, code: 39, codespace: "sdk", log: `${reason}: Internal IO error` };
}
