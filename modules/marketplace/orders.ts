import type { Order, Params } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { BidState, OrderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  EventOrderCancelledSchema,
  EventOrderExpiredSchema,
  EventOrderReopenedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { ErrOrderNotFound } from "./errors.js";
import type { Escrow } from "./escrow.js";
import type { MarketplaceState } from "./state.js";
import type { CoinAmount } from "./types.js";
import { coinMessage, CorruptStateError } from "./types.js";

/** Orders and their bids: the records, and what time does to them. */
export class Orders {
  readonly #state: MarketplaceState;
  readonly #addresses: Addresses;
  readonly #escrow: Escrow;
  readonly #params: (ctx: ReadContext) => Params;

  constructor(options: {
    readonly state: MarketplaceState;
    readonly addresses: Addresses;
    readonly escrow: Escrow;
    readonly params: (ctx: ReadContext) => Params;
  }) {
    this.#state = options.state;
    this.#addresses = options.addresses;
    this.#escrow = options.escrow;
    this.#params = options.params;
  }

  /** Throws `marketplace` 40. */
  get(ctx: ReadContext, id: bigint): Order {
    const order = this.#state.orders.get(ctx, id);
    if (order === undefined) throw ErrOrderNotFound.with(`order ${id}`);
    return order;
  }

  openCount(ctx: ReadContext, owner: AccAddress): bigint {
    return this.#state.openOrders.get(ctx, owner) ?? 0n;
  }

  /** Stores an order, and keeps count of the open ones of its owner. */
  set(ctx: Context, order: Order): void {
    const before = this.#state.orders.get(ctx, order.id)?.state === OrderState.OPEN ? 1n : 0n;
    const after = order.state === OrderState.OPEN ? 1n : 0n;
    if (before !== after) {
      const owner = this.#addresses.account.decode(order.owner);
      const count = this.openCount(ctx, owner) + after - before;
      if (count < 0n) throw new CorruptStateError(`${order.owner} would have ${count} open orders`);
      if (count === 0n) this.#state.openOrders.remove(ctx, owner);
      else this.#state.openOrders.set(ctx, owner, count);
    }
    this.#state.orders.set(ctx, order.id, order);
  }

  /** Makes the transitions whose deadline has passed: expiry, removal. Returns how many records that touched. */
  advance(ctx: Context, id: bigint): number {
    const order = this.#state.orders.get(ctx, id);
    if (order === undefined) return 0;
    switch (order.state) {
      case OrderState.OPEN:
        if (order.expiryTime > ctx.timeSeconds) return 0;
        this.#expire(ctx, order, order.expiryTime);
        return 1;
      case OrderState.EXPIRED:
      case OrderState.CANCELLED:
        if (order.pruneTime > ctx.timeSeconds) return 0;
        this.#escrow.remove(ctx, order.escrowId);
        return this.remove(ctx, order);
      default:
        return 0;
    }
  }

  /** OPEN → CANCELLED: the budget goes back. */
  cancel(ctx: Context, order: Order): CoinAmount {
    const refunded = this.#escrow.refund(ctx, order.escrowId);
    order.state = OrderState.CANCELLED;
    order.pruneTime = ctx.timeSeconds + this.#params(ctx).retentionSeconds;
    this.set(ctx, order);
    ctx.events.emit(
      typedEvent(EventOrderCancelledSchema, {
        orderId: order.id,
        owner: order.owner,
        refunded: coinMessage(refunded),
      }),
    );
    return refunded;
  }

  /** MATCHED → OPEN, since the provider of the lease did not start; or at once → EXPIRED when its time was over by then. */
  reopen(ctx: Context, id: bigint, failedProvider: AccAddress, noShowTime: bigint): void {
    const order = this.#state.orders.get(ctx, id);
    if (order === undefined) throw new CorruptStateError(`the order ${id} of an open lease is missing`);
    const bid = this.#state.bids.get(ctx, [id, failedProvider]);
    if (bid !== undefined) {
      bid.state = BidState.FAILED;
      this.#state.bids.set(ctx, [id, failedProvider], bid);
    }
    order.leaseId = 0n;
    order.state = OrderState.OPEN;
    this.set(ctx, order);
    if (order.expiryTime > noShowTime) {
      ctx.events.emit(typedEvent(EventOrderReopenedSchema, { orderId: order.id, owner: order.owner }));
    }
    if (order.expiryTime <= ctx.timeSeconds) {
      this.#expire(ctx, order, order.expiryTime > noShowTime ? order.expiryTime : noShowTime);
    }
  }

  /** Removes an order and its bids: at most `max_bids_per_order`. Returns how many records that touched. */
  remove(ctx: Context, order: Order): number {
    let touched = 1;
    for (const key of [...this.bidKeys(ctx, order.id)]) {
      this.#state.bids.remove(ctx, key);
      touched++;
    }
    this.#state.orders.remove(ctx, order.id);
    return touched;
  }

  /** Keys of the bids of an order. */
  bidKeys(ctx: ReadContext, id: bigint): IterableIterator<readonly [bigint, AccAddress]> {
    return this.#state.bids.map.keys(ctx, { prefix: this.#state.bidKey.prefix(id) });
  }

  #expire(ctx: Context, order: Order, time: bigint): void {
    const refunded = this.#escrow.refund(ctx, order.escrowId);
    order.state = OrderState.EXPIRED;
    order.pruneTime = time + this.#params(ctx).retentionSeconds;
    this.set(ctx, order);
    ctx.events.emit(
      typedEvent(EventOrderExpiredSchema, { orderId: order.id, owner: order.owner, refunded: coinMessage(refunded) }),
    );
  }
}
