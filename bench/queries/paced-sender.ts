import { RpcClient, type RpcAnswer } from "../load/rpc.js";
import type { TransactionMaker } from "../load/transactions.js";
import { Pace } from "./pace.js";

const TICK_MS = 20;
/** Calls in one request, as many as CometBFT permits by default. */
const BATCH = 10;
const CONNECTIONS = 16;
/** A node that answers no more gets no more. */
const MAX_UNANSWERED = 4_000;

type Answer = RpcAnswer<{ code: number; log: string }>;

/** Sends bank sends at a steady rate, whatever the chain makes of it. */
export class PacedSender {
  accepted = 0;
  /** By the reason, as the node gave it. */
  readonly refused = new Map<string, number>();
  /** Transactions that were due while too many were unanswered; they are not sent later. */
  skipped = 0;
  readonly #client: RpcClient;
  readonly #maker: TransactionMaker;
  readonly #pace: Pace;
  #next = 0;
  #unanswered = 0;

  constructor(rpc: string, maker: TransactionMaker, perSecond: number) {
    this.#client = new RpcClient(rpc, CONNECTIONS);
    this.#maker = maker;
    this.#pace = new Pace(perSecond, TICK_MS);
  }

  start(): void {
    this.#pace.start((due) => {
      for (let left = due; left > 0; left -= BATCH) {
        const count = Math.min(BATCH, left);
        if (this.#unanswered >= MAX_UNANSWERED) this.skipped += count;
        else void this.#send(count);
      }
    });
  }

  stop(): void {
    this.#pace.stop();
    this.#client.close();
  }

  async #send(count: number): Promise<void> {
    const calls = Array.from({ length: count }, (_, id) => {
      const tx = this.#maker.make(this.#next++).toString("base64");
      return { jsonrpc: "2.0", id, method: "broadcast_tx_sync", params: { tx } };
    });
    this.#unanswered += count;
    try {
      const body = Buffer.from(JSON.stringify(calls));
      const answer = JSON.parse((await this.#client.post([body])).toString("utf8")) as Answer | Answer[];
      // A batch of one is answered by one object.
      const answers = Array.isArray(answer) ? answer : [answer];
      for (const { result, error } of answers) {
        if (result?.code === 0) this.accepted++;
        else this.#refuse(result?.log ?? error?.data ?? error?.message ?? "no answer", 1);
      }
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error), count);
    } finally {
      this.#unanswered -= count;
    }
  }

  #refuse(reason: string, count: number): void {
    const short = reason.slice(0, 80);
    this.refused.set(short, (this.refused.get(short) ?? 0) + count);
  }
}
