import { sleep } from "./blocks.js";
import type { Presigned } from "./presigned.js";
import type { RpcAnswer, RpcClient } from "./rpc.js";

export interface BroadcastLimits {
  /** Stop sending after this long. */
  readonly seconds: number;
  /** Transactions offered a second, at most. */
  readonly ratePerSecond: number;
  /** Transactions that may be sent and not yet committed. Below the mempool's size: CometBFT drops silently what finds it full. */
  readonly maxOutstanding: number;
  /** Calls in one JSON-RPC batch: at most the node's `max_request_batch_size`. */
  readonly batchSize: number;
  readonly connections: number;
}

/** How long a connection waits after the node refused something. */
const BACK_OFF_MS = 100;
const IDLE_MS = 4;
/** So many requests may fail before the run does. */
const MAX_UNANSWERED = 100;

/** Streams signed transactions to one or several nodes, as fast as they and the limits allow. */
export class Broadcaster {
  accepted = 0;
  /** Refusals for want of room; these are sent again. */
  refusedFull = 0;
  /** Requests that the node did not answer; CometBFT hangs up after 10 s. What was in them is sent again. */
  unanswered = 0;
  /** Refusals for any other reason, by message. */
  readonly rejected = new Map<string, number>();
  readonly #clients: readonly RpcClient[];
  readonly #transactions: Presigned;
  readonly #limits: BroadcastLimits;
  readonly #retries: number[] = [];
  #next = 0;
  #inRequests = 0;
  #committed = 0;
  #startedAtMs = 0;
  #failure: Error | undefined;

  constructor(clients: readonly RpcClient[], transactions: Presigned, limits: BroadcastLimits) {
    this.#clients = clients;
    this.#transactions = transactions;
    this.#limits = limits;
  }

  /** Transactions handed out so far; those after it were never sent. */
  get sent(): number {
    return this.#next;
  }

  /** Accepted and not yet seen in a block. */
  get outstanding(): number {
    return this.accepted - this.#committed;
  }

  /** Tells of transactions seen in a block, which makes room for others. */
  committed(count: number): void {
    this.#committed += count;
  }

  /** Sends until the time is over or there is nothing left to send. Throws when too many requests fail. */
  async run(): Promise<void> {
    this.#startedAtMs = performance.now();
    const connections = Array.from({ length: this.#limits.connections }, (_, index) => {
      const client = this.#clients[index % this.#clients.length];
      if (client === undefined) throw new Error("no RPC address");
      return this.#connection(client);
    });
    await Promise.all(connections);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #connection(client: RpcClient): Promise<void> {
    while (this.#failure === undefined && this.#elapsedSeconds() < this.#limits.seconds) {
      const batch = this.#takeBatch();
      if (batch === undefined) {
        if (this.#next >= this.#transactions.count && this.#inRequests === 0 && this.#retries.length === 0) return;
        await sleep(IDLE_MS);
        continue;
      }
      this.#inRequests += batch.count;
      try {
        const refused = this.#read(batch, await client.post(batch.body));
        if (refused) await sleep(BACK_OFF_MS);
      } catch (error) {
        this.unanswered++;
        if (this.unanswered > MAX_UNANSWERED)
          this.#failure ??= error instanceof Error ? error : new Error(String(error));
        for (let index = batch.first; index < batch.first + batch.count; index++) this.#retries.push(index);
        await sleep(BACK_OFF_MS);
      } finally {
        this.#inRequests -= batch.count;
      }
    }
  }

  #elapsedSeconds(): number {
    return (performance.now() - this.#startedAtMs) / 1000;
  }

  /** What goes next: refused ones first, so that the sequences of an account stay in order. */
  #takeBatch(): Batch | undefined {
    const retry = this.#retries.shift();
    if (retry !== undefined) return this.#batch(retry, retry + 1);
    const { maxOutstanding, ratePerSecond, batchSize } = this.#limits;
    const room = maxOutstanding - this.outstanding - this.#inRequests;
    const due = Math.floor(this.#elapsedSeconds() * ratePerSecond) - this.#next;
    const count = Math.min(batchSize, room, due, this.#transactions.count - this.#next);
    // Full batches only, unless the limits themselves are smaller: a half-filled request costs as much as a full one.
    if (count <= 0 || (count < batchSize && count < maxOutstanding && this.#next + count < this.#transactions.count)) {
      return undefined;
    }
    const first = this.#next;
    this.#next += count;
    return this.#batch(first, first + count);
  }

  #batch(first: number, end: number): Batch {
    return { first, count: end - first, body: [OPEN, this.#transactions.batch(first, end), CLOSE] };
  }

  /** Counts the answers; true if the node asked for a pause. An answer without errors is not even parsed. */
  #read(batch: Batch, body: Buffer): boolean {
    if (!body.includes('"error"') && !/"code":[1-9]/.test(body.latin1Slice())) {
      this.accepted += batch.count;
      return false;
    }
    const parsed = JSON.parse(body.toString("utf8")) as BroadcastAnswer | BroadcastAnswer[];
    const answers = Array.isArray(parsed) ? parsed : [parsed];
    let full = false;
    for (const [position, answer] of answers.entries()) {
      const reason = refusal(answer);
      // It came in with a request whose answer was lost.
      if (reason === undefined || (this.unanswered > 0 && reason.includes("tx already exists in cache"))) {
        this.accepted++;
      } else if (reason.includes("mempool is full")) {
        full = true;
        this.refusedFull++;
        this.#retries.push(batch.first + position);
      } else {
        this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
      }
    }
    return full;
  }
}

const OPEN = Buffer.from("[");
const CLOSE = Buffer.from("]");

interface Batch {
  readonly first: number;
  readonly count: number;
  readonly body: readonly Buffer[];
}

type BroadcastAnswer = RpcAnswer<{ readonly code: number; readonly codespace: string; readonly log: string }>;

/** Why the node refused a transaction; numbers blotted out so that equal reasons count together. */
function refusal(answer: BroadcastAnswer): string | undefined {
  const { error, result } = answer;
  if (error !== undefined) return `${error.message}: ${error.data ?? ""}`.replaceAll(/[0-9]+/g, "#");
  if (result !== undefined && result.code !== 0) {
    return `${result.codespace} ${result.code}: ${result.log.replaceAll(/[0-9]+/g, "#")}`;
  }
  return undefined;
}
