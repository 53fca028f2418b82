import { setTimeout as sleep } from "node:timers/promises";

import type { Logger } from "pino";

import { carryOutLease, type LeaseTaskOptions } from "./lease-task.js";
import { MarketRefusal, type OpenOrder } from "./market.js";

export interface WorkerOptions extends LeaseTaskOptions {
  readonly heartbeatIntervalSeconds: number;
  readonly logger: Logger;
}

const RETRY_FIRST_MILLISECONDS = 500;
const RETRY_MOST_MILLISECONDS = 30_000;

/**
 * The compute worker: registers its offer, keeps it alive, bids for the orders that it can carry out, and carries out the
 * leases that it wins. It keeps nothing in memory that it could not find out again from the chain and its store.
 */
export class ComputeWorker {
  private readonly stopping = new AbortController();
  private readonly tasks = new Map<bigint, Promise<void>>();

  constructor(private readonly options: WorkerOptions) {}

  /** Runs until {@link stop}. Rejects when the chain refuses the offer itself. */
  async run(): Promise<void> {
    const { market, logger } = this.options;
    const { signal } = this.stopping;
    try {
      await this.persist("offer", () => market.offer());
      logger.info({ provider: market.address }, "offer is on the chain");
      await Promise.all([
        this.forever("heartbeat", () => this.beat()),
        this.forever("orders", () => this.bidForOrders()),
        this.forever("leases", () => this.followLeases()),
      ]);
    } catch (error) {
      if (!signal.aborted) {
        this.stopping.abort();
        throw error;
      }
    } finally {
      await Promise.allSettled(this.tasks.values());
    }
  }

  /** Ends all loops and running jobs; leases go on after the next start. */
  stop(): void {
    this.stopping.abort();
  }

  private async beat(): Promise<void> {
    const { market, heartbeatIntervalSeconds } = this.options;
    for (;;) {
      await sleep(heartbeatIntervalSeconds * 1000, undefined, { signal: this.stopping.signal });
      await market.heartbeat();
    }
  }

  private async bidForOrders(): Promise<void> {
    for await (const order of this.options.market.watchOrders(this.stopping.signal)) await this.bidFor(order);
  }

  private async bidFor(order: OpenOrder): Promise<void> {
    const { market, logger } = this.options;
    const log = logger.child({ orderId: order.id.toString() });
    if (!order.isWasm || order.owner === market.address) return;
    try {
      await market.bid(order.id);
      log.info("bid placed");
    } catch (error) {
      // The chain judges whether this provider fits (requirements, price, trust): it says no before it costs a fee.
      if (!(error instanceof MarketRefusal)) throw error;
      log.info({ reason: error.message }, "no bid");
    }
  }

  private async followLeases(): Promise<void> {
    const { market, logger } = this.options;
    await this.startTasks();
    for await (const height of market.blocks(this.stopping.signal)) {
      logger.trace({ height }, "block");
      await this.startTasks();
    }
  }

  private async startTasks(): Promise<void> {
    for (const lease of await this.options.market.openLeases()) {
      if (this.tasks.has(lease.id) || lease.providerDone) continue;
      const task = this.carryOut(lease.id).finally(() => this.tasks.delete(lease.id));
      this.tasks.set(lease.id, task);
    }
  }

  private async carryOut(leaseId: bigint): Promise<void> {
    const { signal } = this.stopping;
    try {
      await this.persist(`lease ${leaseId}`, () => carryOutLease(leaseId, this.options, signal));
    } catch (error) {
      if (signal.aborted) return;
      this.options.logger.error({ leaseId: leaseId.toString(), err: error }, "the chain refused; looking again later");
      // While the lease stays open it is taken up again: not with every block, though.
      await sleep(RETRY_MOST_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs a loop again when it fails or ends, until the worker stops. */
  private async forever(what: string, loop: () => Promise<void>): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.persist(what, loop).catch((error: unknown) => {
        if (!(error instanceof MarketRefusal)) throw error;
        this.options.logger.error({ what, err: error }, "refused by the chain");
      });
      // As long as a block or so: a refusal that comes at once must not become a storm.
      await sleep(RETRY_FIRST_MILLISECONDS, undefined, { signal: this.stopping.signal });
    }
  }

  /** Tries again, ever more slowly, what failed for another reason than the chain's refusal. */
  private async persist(what: string, action: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    for (let pause = RETRY_FIRST_MILLISECONDS; ; pause = Math.min(2 * pause, RETRY_MOST_MILLISECONDS)) {
      try {
        return await action();
      } catch (error) {
        if (signal.aborted || error instanceof MarketRefusal) throw error;
        this.options.logger.warn({ what, err: error, retryMilliseconds: pause }, "failed; trying again");
        await sleep(pause, undefined, { signal });
      }
    }
  }
}
