import { Worker } from "node:worker_threads";

import type { Logger } from "pino";

import type { QueryRequest, QueryResponse } from "./answer.js";

/** Sent to a query worker. */
export interface WorkerRequest extends QueryRequest {
  readonly id: number;
}

/** Sent back by one: that it has started, an answer, or the fault of the engine that kept it from answering. */
export type WorkerReply =
  "ready" | { readonly id: number; readonly response: QueryResponse } | { readonly id: number; readonly fault: string };

interface Waiting {
  readonly resolve: (response: QueryResponse) => void;
  readonly request: WorkerRequest;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  isReady: boolean;
  /** Runs while the thread has something to do. */
  watchdog: NodeJS.Timeout | undefined;
}

/** Loading the code takes a second, but much longer on a machine that has no time for it: hanging is another thing. */
const START_MILLISECONDS = 120_000;

export interface QueryPoolOptions {
  readonly workers: number;
  /** Handed to each worker as `workerData`. */
  readonly workerData: unknown;
  /** Queries in progress or waiting; more are refused at once. */
  readonly maxWaiting: number;
  /** One query may take so long; those behind it in the same thread wait for their turn. */
  readonly timeoutMilliseconds: number;
  readonly log: Logger;
}

/**
 * Threads that answer queries on committed heights, so that consensus never waits for one. A worker that hangs or dies is
 * replaced, and its queries are answered with an error.
 */
export class QueryPool {
  readonly #options: QueryPoolOptions;
  readonly #threads: Thread[] = [];
  #nextId = 0;
  #closed = false;

  constructor(options: QueryPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.workers; i++) this.#threads.push(this.#start());
  }

  async answer(request: QueryRequest): Promise<QueryResponse> {
    const least = this.#threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
    const total = this.#threads.reduce((sum, { waiting }) => sum + waiting.size, 0);
    if (this.#closed || total >= this.#options.maxWaiting) {
      return unavailable(request, `${total} queries are in progress; try again later`);
    }
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const message: WorkerRequest = { ...request, id };
      least.waiting.set(id, { resolve, request: message });
      if (least.watchdog === undefined) this.#watch(least);
      least.worker.postMessage(message);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { watchdog } of this.#threads) clearTimeout(watchdog);
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(): Thread {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: this.#options.workerData });
    const thread: Thread = { worker, waiting: new Map(), isReady: false, watchdog: undefined };
    worker.on("message", (reply: WorkerReply) => {
      if (reply === "ready") thread.isReady = true;
      else this.#answered(thread, reply);
      this.#watch(thread);
    });
    worker.on("error", (error) => this.#replace(worker, `the worker failed: ${error.message}`));
    this.#watch(thread);
    return thread;
  }

  #answered({ waiting }: Thread, reply: Exclude<WorkerReply, "ready">): void {
    const entry = waiting.get(reply.id);
    if (entry === undefined) return;
    waiting.delete(reply.id);
    if ("fault" in reply) {
      this.#options.log.error({ path: entry.request.path, fault: reply.fault }, "query failed");
      entry.resolve(unavailable(entry.request, "internal error; see the node's log"));
    } else {
      entry.resolve(reply.response);
    }
  }

  /** From now on the thread's start, or the query that it has come to, may take as long as such a thing may. */
  #watch(thread: Thread): void {
    clearTimeout(thread.watchdog);
    thread.watchdog = undefined;
    const { isReady, waiting, worker } = thread;
    if (isReady && waiting.size === 0) return;
    thread.watchdog = setTimeout(
      () => this.#replace(worker, isReady ? "a query took too long" : "the worker did not start"),
      isReady ? this.#options.timeoutMilliseconds : START_MILLISECONDS,
    );
    thread.watchdog.unref();
  }

  #replace(worker: Worker, reason: string): void {
    const index = this.#threads.findIndex((thread) => thread.worker === worker);
    const thread = this.#threads[index];
    if (thread === undefined || this.#closed) return;
    this.#options.log.error({ reason }, "query worker replaced");
    clearTimeout(thread.watchdog);
    this.#threads[index] = this.#start();
    void worker.terminate();
    for (const { resolve, request } of thread.waiting.values()) resolve(unavailable(request, reason));
  }
}

/** `sdk` 39: nothing is wrong with the request, it could not be answered now. */
function unavailable(request: QueryRequest, reason: string): QueryResponse {
  return { code: 39, codespace: "sdk", log: `${reason}: Internal IO error`, height: request.height };
}
