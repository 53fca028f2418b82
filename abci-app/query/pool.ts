import { Worker } from "node:worker_threads";

import { StatusError } from "../../core/runtime/status.js";
import { endThread } from "../threads.js";
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

export interface QueryPoolOptions {
  readonly workers: number;
  /** Handed to each worker as `workerData`. */
  readonly workerData: unknown;
  /** Queries in progress or waiting; more are refused at once. */
  readonly maxWaiting: number;
  /** Of a query from when its worker turns to it. */
  readonly timeoutMilliseconds: number;
  readonly log: { error(fields: object, message: string): void };
}

interface Query {
  readonly resolve: (response: QueryAnswer) => void;
  readonly request: WorkerRequest;
  readonly cameAt: number;
}

interface PoolWorker {
  readonly worker: Worker;
  /** It has loaded the chain. */
  isReady: boolean;
  /** What it was sent, in order; it works on the first. */
  readonly sent: Query[];
  timer: NodeJS.Timeout | undefined;
}

/** The next query is there already when a worker has answered one. */
const SENT_AHEAD = 2;
/** Whoever asked longer ago has most likely gone. */
const MAX_WAIT_MILLISECONDS = 30_000;
/** When the pool closes, a query that runs may take this long still. */
const QUERY_PATIENCE_MILLISECONDS = 1_000;

/**
 * Threads that answer queries on committed heights, so that consensus never waits for one. A worker that hangs or dies is
 * replaced: the query that it worked on is answered with an error, those behind it go to others.
 */
export class QueryPool {
  readonly #options: QueryPoolOptions;
  readonly #workers: PoolWorker[] = [];
  #queue: Query[] = [];
  #nextId = 0;
  #closed = false;
  #isReady = false;

  constructor(options: QueryPoolOptions) {
    this.#options = options;
  }

  /** Whether a thread has loaded the chain, which takes a second of processor time. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Starts the threads, unless they run. A node that nobody queries needs none. */
  start(): void {
    if (this.#closed) return;
    while (this.#workers.length < this.#options.workers) this.#workers.push(this.#open());
  }

  async answer(request: QueryRequest): Promise<QueryAnswer> {
    this.start();
    const total = this.#workers.reduce((sum, { sent }) => sum + sent.length, this.#queue.length);
    if (this.#closed || total >= this.#options.maxWaiting) {
      return unavailable(request, "Unavailable", `${total} queries are in progress; try again later`);
    }
    return new Promise((resolve) => {
      this.#queue.push({ resolve, request: { ...request, id: this.#nextId++ }, cameAt: performance.now() });
      this.#hand();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer } of this.#workers) clearTimeout(timer);
    const ends = this.#workers.map(({ worker, isReady }) =>
      endThread(worker, isReady ? QUERY_PATIENCE_MILLISECONDS : undefined),
    );
    await Promise.all(ends);
  }

  /** Hands queries to the workers that have the fewest, as long as they have room. */
  #hand(): void {
    let taken = 0;
    while (taken < this.#queue.length) {
      const least = this.#workers.reduce((a, b) => (b.sent.length < a.sent.length ? b : a));
      if (least.sent.length >= SENT_AHEAD) break;
      const query = this.#queue[taken++]!;
      if (performance.now() - query.cameAt > MAX_WAIT_MILLISECONDS) {
        query.resolve(unavailable(query.request, "Unavailable", "the node is busy; try again later"));
        continue;
      }
      least.sent.push(query);
      if (least.sent.length === 1) this.#startClock(least);
      least.worker.postMessage(query.request);
    }
    if (taken > 0) this.#queue = this.#queue.slice(taken);
  }

  /** The time of the query that a worker works on. It does not run while the worker loads. */
  #startClock(entry: PoolWorker): void {
    clearTimeout(entry.timer);
    entry.timer = undefined;
    if (!entry.isReady || entry.sent.length === 0) return;
    const { timeoutMilliseconds } = this.#options;
    entry.timer = setTimeout(
      () => this.#replace(entry, "DeadlineExceeded", "a query took too long"),
      timeoutMilliseconds,
    );
    entry.timer.unref();
  }

  #open(): PoolWorker {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: this.#options.workerData });
    const entry: PoolWorker = { worker, isReady: false, sent: [], timer: undefined };
    worker.on("message", (reply: WorkerReply) => this.#take(entry, reply));
    worker.on("error", (error) => this.#replace(entry, "Internal", `the worker failed: ${error.message}`));
    return entry;
  }

  #take(entry: PoolWorker, reply: WorkerReply): void {
    if ("ready" in reply) {
      entry.isReady = true;
      this.#isReady = true;
    } else {
      const [query] = entry.sent;
      if (query?.request.id !== reply.id) return;
      entry.sent.shift();
      if ("fault" in reply) {
        this.#options.log.error({ path: query.request.path, fault: reply.fault }, "query failed");
        query.resolve(unavailable(query.request, "Internal", "internal error; see the node's log"));
      } else {
        query.resolve(reply.response);
      }
    }
    this.#startClock(entry);
    this.#hand();
  }

  #replace(entry: PoolWorker, code: UnavailableCode, reason: string): void {
    const index = this.#workers.indexOf(entry);
    if (index === -1 || this.#closed) return;
    const [first, ...behind] = entry.sent;
    this.#options.log.error({ reason, path: first?.request.path }, "query worker replaced");
    clearTimeout(entry.timer);
    this.#workers[index] = this.#open();
    void entry.worker.terminate();
    first?.resolve(unavailable(first.request, code, reason));
    this.#queue.unshift(...behind);
    this.#hand();
  }
}

type UnavailableCode = "Unavailable" | "DeadlineExceeded" | "Internal";

/** `sdk` 39: nothing is wrong with the request, it could not be answered now. */
function unavailable(request: QueryRequest, code: UnavailableCode, reason: string): QueryAnswer {
  const answer = refused(new StatusError(code, reason), request.height);
  return { ...answer, code: 39, codespace: "sdk", log: `${reason}: Internal IO error` };
}
