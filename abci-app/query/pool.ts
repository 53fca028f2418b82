import { Worker } from "node:worker_threads";

import type { Logger } from "pino";

import type { QueryRequest, QueryResponse } from "./answer.js";

/** Sent to a query worker. */
export interface WorkerRequest extends QueryRequest {
  readonly id: number;
}

/** Sent back by one: the answer, or the fault of the engine that kept it from answering. */
export type WorkerReply =
  { readonly id: number; readonly response: QueryResponse } | { readonly id: number; readonly fault: string };

interface Waiting {
  readonly resolve: (response: QueryResponse) => void;
  readonly timer: NodeJS.Timeout;
  readonly request: WorkerRequest;
}

export interface QueryPoolOptions {
  readonly workers: number;
  /** Handed to each worker as `workerData`. */
  readonly workerData: unknown;
  /** Queries in progress or waiting; more are refused at once. */
  readonly maxWaiting: number;
  readonly timeoutMilliseconds: number;
  readonly log: Logger;
}

/**
 * Threads that answer queries on committed heights, so that consensus never waits for one. A worker that hangs or dies is
 * replaced, and its queries are answered with an error.
 */
export class QueryPool {
  readonly #options: QueryPoolOptions;
  readonly #workers: { worker: Worker; waiting: Map<number, Waiting> }[] = [];
  #nextId = 0;
  #closed = false;

  constructor(options: QueryPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.workers; i++) this.#workers.push(this.#start());
  }

  async answer(request: QueryRequest): Promise<QueryResponse> {
    const least = this.#workers.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
    const total = this.#workers.reduce((sum, { waiting }) => sum + waiting.size, 0);
    if (this.#closed || total >= this.#options.maxWaiting) {
      return unavailable(request, `${total} queries are in progress; try again later`);
    }
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.#replace(least.worker, "a query took too long"),
        this.#options.timeoutMilliseconds,
      );
      timer.unref();
      const message: WorkerRequest = { ...request, id };
      least.waiting.set(id, { resolve, timer, request: message });
      least.worker.postMessage(message);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }

  #start(): { worker: Worker; waiting: Map<number, Waiting> } {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: this.#options.workerData });
    const waiting = new Map<number, Waiting>();
    worker.on("message", (reply: WorkerReply) => {
      const entry = waiting.get(reply.id);
      if (entry === undefined) return;
      waiting.delete(reply.id);
      clearTimeout(entry.timer);
      if ("fault" in reply) {
        this.#options.log.error({ path: entry.request.path, fault: reply.fault }, "query failed");
        entry.resolve(unavailable(entry.request, "internal error; see the node's log"));
      } else {
        entry.resolve(reply.response);
      }
    });
    worker.on("error", (error) => this.#replace(worker, `the worker failed: ${error.message}`));
    return { worker, waiting };
  }

  #replace(worker: Worker, reason: string): void {
    const index = this.#workers.findIndex((entry) => entry.worker === worker);
    const entry = this.#workers[index];
    if (entry === undefined || this.#closed) return;
    this.#options.log.error({ reason }, "query worker replaced");
    this.#workers[index] = this.#start();
    void worker.terminate();
    for (const { resolve, timer, request } of entry.waiting.values()) {
      clearTimeout(timer);
      resolve(unavailable(request, reason));
    }
  }
}

/** `sdk` 39: nothing is wrong with the request, it could not be answered now. */
function unavailable(request: QueryRequest, reason: string): QueryResponse {
  return { code: 39, codespace: "sdk", log: `${reason}: Internal IO error`, height: request.height };
}
