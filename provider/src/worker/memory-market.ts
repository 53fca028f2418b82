import { setTimeout as sleep } from "node:timers/promises";

import type { ContentHash } from "../content-hash.js";
import {
  MarketRefusal,
  type ComputeMarket,
  type LeaseInfo,
  type LeasePhase,
  type OpenOrder,
  type UsageClaim,
} from "./market.js";

interface Order extends OpenOrder {
  readonly jobHash: ContentHash;
}

export interface LedgerLease extends LeaseInfo {
  phase: LeasePhase;
  resultHash: ContentHash | undefined;
  startDeadlineSeconds: number;
  startedAtSeconds: number;
  lastClaim: bigint;
  providerDone: boolean;
  /** As recorded: what was above the time that ran is cut off. */
  readonly claims: UsageClaim[];
  /** The provider did not start in time. */
  penalised: boolean;
}

const BLOCK_MILLISECONDS = 100;

/** The market's rules for leases in memory, for tests of the worker without a chain. */
export class MemoryMarket implements ComputeMarket {
  readonly chainId = "memory-1";
  readonly bids = new Set<bigint>();
  offers = 0;
  heartbeats = 0;
  private readonly orders = new Map<bigint, Order>();
  private readonly leases = new Map<bigint, LedgerLease>();
  private failures = 0;
  private lastId = 0n;

  constructor(readonly address: string) {}

  // What tenants do.

  postOrder(order: Omit<Order, "id">): bigint {
    const id = ++this.lastId;
    this.orders.set(id, { ...order, id });
    return id;
  }

  accept(orderId: bigint, startWindowSeconds: number): bigint {
    const order = this.orders.get(orderId);
    if (!order || !this.bids.has(orderId)) throw new Error(`no bid for order ${orderId}`);
    this.orders.delete(orderId);
    const id = ++this.lastId;
    this.leases.set(id, {
      id,
      tenant: order.owner,
      provider: this.address,
      phase: "pending",
      jobHash: order.jobHash,
      resultHash: undefined,
      startDeadlineSeconds: Date.now() / 1000 + startWindowSeconds,
      startedAtSeconds: 0,
      lastClaim: 0n,
      providerDone: false,
      claims: [],
      penalised: false,
    });
    return id;
  }

  closeByTenant(leaseId: bigint): void {
    this.view(leaseId).phase = "closing";
  }

  view(leaseId: bigint): LedgerLease {
    const lease = this.leases.get(leaseId);
    if (!lease) throw new Error(`no lease ${leaseId}`);
    if (lease.phase === "pending" && Date.now() / 1000 > lease.startDeadlineSeconds)
      Object.assign(lease, { phase: "over", penalised: true });
    return lease;
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await sleep(BLOCK_MILLISECONDS / 2);
  }

  /** The next so many calls of the provider fail as if the node could not be reached. */
  failNext(count: number): void {
    this.failures = count;
  }

  // What the provider does.

  async offer(): Promise<void> {
    this.reach();
    this.offers++;
  }

  async heartbeat(): Promise<void> {
    this.reach();
    this.heartbeats++;
  }

  async *watchOrders(signal: AbortSignal): AsyncGenerator<OpenOrder, void, void> {
    const seen = new Set<bigint>();
    for await (const height of this.blocks(signal)) {
      if (height < 1) continue;
      for (const order of this.orders.values()) {
        if (seen.has(order.id)) continue;
        seen.add(order.id);
        yield order;
      }
    }
  }

  async bid(orderId: bigint): Promise<void> {
    this.reach();
    if (!this.orders.has(orderId)) throw new MarketRefusal("order not found");
    this.bids.add(orderId);
  }

  async *blocks(signal: AbortSignal): AsyncGenerator<number, void, void> {
    for (let height = 1; !signal.aborted; height++) {
      yield height;
      await sleep(BLOCK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  async openLeases(): Promise<LeaseInfo[]> {
    this.reach();
    return [...this.leases.keys()].map((id) => ({ ...this.view(id) })).filter(({ phase }) => phase !== "over");
  }

  async lease(leaseId: bigint): Promise<LeaseInfo | undefined> {
    this.reach();
    return this.leases.has(leaseId) ? { ...this.view(leaseId) } : undefined;
  }

  async start({ id, jobHash }: LeaseInfo): Promise<void> {
    const lease = this.running(id, ["pending"]);
    if (lease.jobHash !== jobHash) throw new MarketRefusal("manifest is not that of the order");
    Object.assign(lease, { phase: "active", startedAtSeconds: Date.now() / 1000, startDeadlineSeconds: 0 });
  }

  async claim(leaseId: bigint, claim: UsageClaim): Promise<void> {
    const lease = this.running(leaseId, ["active", "paused", "closing"]);
    if (lease.providerDone) throw new MarketRefusal("the provider has finished");
    if (claim.seq <= lease.lastClaim) throw new MarketRefusal("number of the claim is not above the last one");
    const ran = BigInt(Math.ceil(Date.now() / 1000 - lease.startedAtSeconds));
    const seconds = claim.seconds < ran ? claim.seconds : ran;
    if (seconds < (lease.claims.at(-1)?.seconds ?? 0n)) throw new MarketRefusal("usage cannot become less");
    lease.lastClaim = claim.seq;
    lease.claims.push({ seconds, seq: claim.seq });
    if (lease.phase === "closing") lease.providerDone = true;
  }

  async deliver(leaseId: bigint, claim: UsageClaim, resultHash: ContentHash): Promise<void> {
    await this.claim(leaseId, claim);
    Object.assign(this.view(leaseId), { resultHash, phase: "closing", providerDone: true });
  }

  async giveUp(leaseId: bigint, claim: UsageClaim): Promise<void> {
    await this.claim(leaseId, claim);
    // Nothing claimed is nothing to acknowledge: settled at once.
    Object.assign(this.view(leaseId), { phase: claim.seconds === 0n ? "over" : "closing", providerDone: true });
  }

  private running(leaseId: bigint, phases: readonly LeasePhase[]): LedgerLease {
    this.reach();
    const lease = this.view(leaseId);
    if (!phases.includes(lease.phase)) throw new MarketRefusal(`lease ${leaseId} is ${lease.phase}`);
    return lease;
  }

  private reach(): void {
    if (this.failures === 0) return;
    this.failures--;
    throw new Error("connect ECONNREFUSED");
  }
}
