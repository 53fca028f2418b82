import {
  EventOrderPostedSchema,
  EventOrderReopenedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";
import { Query } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import { Msg } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { Bid, Lease, Order } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { LeaseState, OrderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { ChainBlock } from "./block-feed.js";
import { LeaseEndedError, WaitTimeoutError } from "./errors.js";
import { eventsIn } from "./events.js";
import { costOf } from "./money.js";
import type { MessageSender, MsgClient } from "./msg-client.js";
import { createMsgClient } from "./msg-client.js";
import type { AbciQuerier, QueryClient } from "./rpc.js";
import { createQueryClient } from "./rpc.js";

export interface WaitOptions {
  /** Default 60 s. */
  readonly timeoutMs?: number;
}

/** The compute market: every message of `computronium.marketplace.v1`, its queries, and what one waits for. */
export type Market = MsgClient<typeof Msg> & MarketHelpers;

export interface MarketHelpers {
  /** All queries of `computronium.marketplace.v1`. */
  readonly query: QueryClient<typeof Query>;
  order(orderId: bigint): Promise<Order>;
  lease(leaseId: bigint): Promise<Lease>;
  /** Bids of an order, the cheapest first. */
  bids(orderId: bigint): Promise<Bid[]>;
  /** Orders that take bids: those that are there, then each new one, until the signal aborts or the loop is left. */
  watchOrders(options?: { readonly signal?: AbortSignal }): AsyncGenerator<Order, void, void>;
  /** Waits until an order has so many bids. Throws {@link WaitTimeoutError}. */
  waitForBids(orderId: bigint, options?: WaitOptions & { readonly count?: number }): Promise<Bid[]>;
  /**
   * Waits until a lease is in one of these states. Throws {@link LeaseEndedError} as soon as it can come into none of them
   * any more, and {@link WaitTimeoutError}.
   */
  waitForLease(leaseId: bigint, states: readonly LeaseState[], options?: WaitOptions): Promise<Lease>;
  /**
   * Waits until the provider has delivered: `resultHash` is set. The lease is then CLOSING, or SETTLED already when less
   * than a second of work leaves nothing to acknowledge. Throws {@link LeaseEndedError} when it ends without a result, and
   * {@link WaitTimeoutError}.
   */
  waitForResult(leaseId: bigint, options?: WaitOptions): Promise<Lease>;
  /** Waits until a lease is over: settled, or a no-show. */
  waitForSettlement(leaseId: bigint, options?: WaitOptions): Promise<Lease>;
}

/** What the market needs of a client. */
export interface MarketClient extends MessageSender {
  readonly comet: AbciQuerier;
  blocks(options?: {
    readonly fromHeight?: number;
    readonly signal?: AbortSignal;
  }): AsyncGenerator<ChainBlock, void, void>;
  height(): Promise<number>;
}

/** States that a lease never leaves. */
const FINAL_STATES: readonly LeaseState[] = [LeaseState.SETTLED, LeaseState.NO_SHOW];

/** Orders in one page of a listing. */
const PAGE_LIMIT = 100n;

export function createMarket(client: MarketClient): Market {
  const query = createQueryClient(client.comet, Query);

  async function order(orderId: bigint): Promise<Order> {
    return required((await query.order({ orderId })).order, `order ${orderId}`);
  }

  async function lease(leaseId: bigint): Promise<Lease> {
    return required((await query.lease({ leaseId })).lease, `lease ${leaseId}`);
  }

  async function bids(orderId: bigint): Promise<Bid[]> {
    const { bids } = await query.bids({ orderId, pagination: { limit: PAGE_LIMIT } });
    return bids.sort((a, b) => compareAmounts(a, b));
  }

  async function* openOrders(): AsyncGenerator<Order, void, void> {
    let key: Uint8Array | undefined = new Uint8Array();
    while (key !== undefined) {
      const page: Awaited<ReturnType<typeof query.orders>> = await query.orders({
        state: OrderState.OPEN,
        pagination: { key, limit: PAGE_LIMIT },
      });
      yield* page.orders;
      const next = page.pagination?.nextKey;
      key = next === undefined || next.length === 0 ? undefined : next;
    }
  }

  async function* watchOrders(options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<Order, void, void> {
    // The height is read before the list: what comes between the two is in the list, and is seen again in its block.
    const fromHeight = (await client.height()) + 1;
    const listed = new Set<bigint>();
    for await (const each of openOrders()) {
      if (options.signal?.aborted === true) return;
      listed.add(each.id);
      yield each;
    }
    for await (const block of client.blocks({ fromHeight, ...options })) {
      const posted = eventsIn(EventOrderPostedSchema, block).filter(({ event }) => !listed.has(event.orderId));
      const reopened = eventsIn(EventOrderReopenedSchema, block);
      for (const { event } of [...posted, ...reopened]) {
        const current = await order(event.orderId);
        if (current.state === OrderState.OPEN) yield current;
      }
    }
  }

  /** Looks now and after each block, until there is an answer. */
  async function waitUntil<T>(what: string, look: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), timeoutMs);
    const blocks = client.blocks({ fromHeight: (await client.height()) + 1, signal: aborter.signal });
    try {
      do {
        const answer = await look();
        if (answer !== undefined) return answer;
      } while ((await blocks.next()).done !== true);
      throw new WaitTimeoutError(what, timeoutMs);
    } finally {
      clearTimeout(timer);
      await blocks.return();
    }
  }

  async function waitForLease(
    leaseId: bigint,
    states: readonly LeaseState[],
    options: WaitOptions = {},
  ): Promise<Lease> {
    const names = states.map((state) => LeaseState[state]).join(" or ");
    const look = async () => {
      const current = await lease(leaseId);
      if (states.includes(current.state)) return current;
      if (FINAL_STATES.includes(current.state)) throw new LeaseEndedError(leaseId, LeaseState[current.state], names);
      return undefined;
    };
    return waitUntil(`lease ${leaseId} to be ${names}`, look, options.timeoutMs);
  }

  async function waitForResult(leaseId: bigint, options: WaitOptions = {}): Promise<Lease> {
    const look = async () => {
      const current = await lease(leaseId);
      if (current.resultHash.length > 0) return current;
      // A provider that gives up is done without a result; one whose lease the tenant closes may still deliver.
      if (FINAL_STATES.includes(current.state) || current.providerDone)
        throw new LeaseEndedError(leaseId, LeaseState[current.state], "with a result");
      return undefined;
    };
    return waitUntil(`the result of lease ${leaseId}`, look, options.timeoutMs);
  }

  return {
    ...createMsgClient(client, Msg),
    query,
    order,
    lease,
    bids,
    watchOrders,
    waitForLease,
    waitForResult,
    async waitForBids(orderId, { count = 1, timeoutMs } = {}) {
      const look = async () => {
        const there = await bids(orderId);
        return there.length >= count ? there : undefined;
      };
      return waitUntil(`${count} bids for order ${orderId}`, look, timeoutMs);
    },
    waitForSettlement: (leaseId, options) => waitForLease(leaseId, FINAL_STATES, options),
  };
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TypeError(`the node answered without ${what}`);
  return value;
}

/** By what an hour costs; bids of one order are all in one denom. */
function compareAmounts(a: Bid, b: Bid): number {
  const difference = hourly(a) - hourly(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function hourly(bid: Bid): bigint {
  return bid.price === undefined ? 0n : costOf(bid.price, 3600n);
}
