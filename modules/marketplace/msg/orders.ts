import type {
  MsgAcceptBid,
  MsgCancelOrder,
  MsgPlaceBid,
  MsgPostOrder,
  MsgWithdrawBid,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { Order, Provider } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  BidSchema,
  BidState,
  JobClass,
  LeaseSchema,
  LeaseState,
  OrderSchema,
  OrderState,
  VerificationTier,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { MisfitReason } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import {
  EventBidDisplacedSchema,
  EventBidPlacedSchema,
  EventBidWithdrawnSchema,
  EventLeaseCreatedSchema,
  EventOrderPostedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";

import type { AccAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import type { Context } from "../../../core/runtime/context.js";
import { typedEvent } from "../../../core/runtime/typed-events.js";
import { checkHash, checkRequirements, checkSpan, readActor, readCoin, readRate } from "../checks.js";
import {
  ErrBidNotFound,
  ErrBidNotOpen,
  ErrBondTooSmall,
  ErrBudgetTooSmall,
  ErrDenomNotAccepted,
  ErrInvalidDuration,
  ErrInvalidJob,
  ErrNotOwner,
  ErrOrderNotOpen,
  ErrPriceAboveMax,
  ErrPriceChanged,
  ErrProviderNotOnline,
  ErrRequirementsNotMet,
  ErrSelfDealing,
  ErrTooManyBids,
  ErrTooManyLeases,
  ErrTooManyOrders,
  ErrTrustTooLow,
} from "../errors.js";
import type { RegisteredError } from "../../../core/errors.js";
import { providerMisfits } from "../fit.js";
import type { MarketplaceKeeper } from "../keeper.js";
import type { Price } from "../types.js";
import { amountInState, coinInState, coinMessage, comparePrices, fundedSeconds, priceInState } from "../types.js";
import { checkDenom } from "./providers.js";

export function postOrder(keeper: MarketplaceKeeper) {
  const check = (msg: MsgPostOrder) => {
    readActor(keeper.deps.addresses, msg.owner, "owner");
    checkRequirements(msg.requirements);
    if (msg.jobClass < JobClass.WASM || msg.jobClass > JobClass.INFERENCE) {
      throw ErrInvalidJob.with(`job_class: ${msg.jobClass} does not exist`);
    }
    if (msg.verification !== VerificationTier.NONE) {
      throw ErrInvalidJob.with(`verification: ${msg.verification} is not available, only NONE is`);
    }
    checkHash(msg.manifestHash, "manifest_hash");
    checkSpan(msg.durationSeconds, "duration_seconds");
    checkSpan(msg.lifetimeSeconds, "lifetime_seconds");
    const maxPrice = readRate(msg.maxPrice, "max_price");
    const budget = readCoin(msg.budget, "budget");
    if (budget.denom !== maxPrice.denom) {
      throw ErrDenomNotAccepted.with(`budget in ${budget.denom}, max_price in ${maxPrice.denom}`);
    }
    return { maxPrice, budget };
  };
  return {
    check(msg: MsgPostOrder) {
      check(msg);
    },
    execute(ctx: Context, msg: MsgPostOrder) {
      const { budget } = check(msg);
      const owner = readActor(keeper.deps.addresses, msg.owner, "owner");
      const params = keeper.params(ctx);
      checkDenom(params, budget.denom);
      if (msg.durationSeconds > params.maxLeaseSeconds) {
        throw ErrInvalidDuration.with(`duration_seconds: ${msg.durationSeconds} is above ${params.maxLeaseSeconds}`);
      }
      if (msg.lifetimeSeconds > params.maxOrderLifetimeSeconds) {
        throw ErrInvalidDuration.with(
          `lifetime_seconds: ${msg.lifetimeSeconds} is above ${params.maxOrderLifetimeSeconds}`,
        );
      }
      const accepted = params.acceptedDenoms.find(({ denom }) => denom === budget.denom);
      const minBudget = amountInState(accepted?.minOrderBudget ?? "");
      if (budget.amount < minBudget) throw ErrBudgetTooSmall.with(`${budget.amount}, expected at least ${minBudget}`);
      if (keeper.orders.openCount(ctx, owner) >= BigInt(params.maxOpenOrdersPerOwner)) {
        throw ErrTooManyOrders.with(`${params.maxOpenOrdersPerOwner} are open`);
      }

      const order = create(OrderSchema, {
        id: keeper.state.nextOrder.next(ctx),
        owner: msg.owner,
        state: OrderState.OPEN,
        requirements: checkRequirements(msg.requirements),
        jobClass: msg.jobClass,
        verification: msg.verification,
        manifestHash: msg.manifestHash,
        maxPrice: msg.maxPrice!,
        durationSeconds: msg.durationSeconds,
        escrowId: keeper.escrow.open(ctx, owner, budget),
        createdTime: ctx.timeSeconds,
        expiryTime: ctx.timeSeconds + msg.lifetimeSeconds,
      });
      keeper.orders.set(ctx, order);
      ctx.events.emit(
        typedEvent(EventOrderPostedSchema, {
          orderId: order.id,
          owner: order.owner,
          budget: coinMessage(budget),
          jobClass: order.jobClass,
          expiryTime: order.expiryTime,
        }),
      );
      return { orderId: order.id };
    },
  };
}

/** An order with its expiry done if that is due. */
function currentOrder(ctx: Context, keeper: MarketplaceKeeper, id: bigint): Order {
  const order = keeper.orders.get(ctx, id);
  if (order.leaseId > 0n && order.state === OrderState.MATCHED) keeper.leases.current(ctx, order.leaseId);
  const expires = order.state === OrderState.OPEN || order.state === OrderState.MATCHED;
  if (expires && keeper.orders.get(ctx, id).state === OrderState.OPEN) keeper.orders.advance(ctx, id);
  return keeper.orders.get(ctx, id);
}

function requireOpen(order: Order): void {
  if (order.state !== OrderState.OPEN) throw ErrOrderNotOpen.with(`order ${order.id} is ${OrderState[order.state]}`);
}

export function cancelOrder(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgCancelOrder) {
      readActor(keeper.deps.addresses, msg.owner, "owner");
    },
    execute(ctx: Context, msg: MsgCancelOrder) {
      const order = currentOrder(ctx, keeper, msg.orderId);
      if (order.owner !== msg.owner) throw ErrNotOwner.plain();
      requireOpen(order);
      return { refunded: coinMessage(keeper.orders.cancel(ctx, order)) };
    },
  };
}

const MISFIT_ERRORS: ReadonlyMap<MisfitReason, (detail: string) => RegisteredError> = new Map([
  [MisfitReason.PROVIDER_OFFLINE, ErrProviderNotOnline.with],
  [MisfitReason.SAME_ACCOUNT, ErrSelfDealing.with],
  [MisfitReason.PRICE_ABOVE_MAX, ErrPriceAboveMax.with],
  [MisfitReason.PRICE_IN_OTHER_DENOM, ErrDenomNotAccepted.with],
  [MisfitReason.TRUST_TOO_LOW, ErrTrustTooLow.with],
  [MisfitReason.BOND_EXHAUSTED, ErrBondTooSmall.with],
  [MisfitReason.TOO_MANY_LEASES, ErrTooManyLeases.with],
]);

/** Throws the error of the first thing that keeps the provider from the order at this price. */
function requireFit(ctx: Context, keeper: MarketplaceKeeper, order: Order, provider: Provider, price: Price): void {
  const [reason] = providerMisfits(ctx, keeper, { order, provider, price });
  if (reason === undefined) return;
  const name = MisfitReason[reason];
  throw (MISFIT_ERRORS.get(reason) ?? ErrRequirementsNotMet.with)(name);
}

/** Makes room for one more bid: the dearest one gives way if it is dearer than the new one. Throws `marketplace` 65. */
function displaceDearest(ctx: Context, keeper: MarketplaceKeeper, order: Order, price: Price): void {
  let dearest:
    { readonly key: readonly [bigint, AccAddress]; readonly price: Price; readonly address: string } | undefined;
  for (const key of keeper.orders.bidKeys(ctx, order.id)) {
    const bid = keeper.state.bids.get(ctx, key);
    if (bid === undefined || bid.state !== BidState.OPEN) continue;
    const bidPrice = priceInState(bid.price);
    if (dearest === undefined || comparePrices(bidPrice, dearest.price) >= 0) {
      dearest = { key, price: bidPrice, address: bid.provider };
    }
  }
  if (dearest === undefined || comparePrices(price, dearest.price) >= 0) {
    throw ErrTooManyBids.with(`order ${order.id} has ${order.bidCount} bids, none of them dearer`);
  }
  keeper.state.bids.remove(ctx, dearest.key);
  order.bidCount -= 1;
  ctx.events.emit(typedEvent(EventBidDisplacedSchema, { orderId: order.id, provider: dearest.address }));
}

export function placeBid(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgPlaceBid) {
      readActor(keeper.deps.addresses, msg.provider, "provider");
      readRate(msg.price, "price");
    },
    execute(ctx: Context, msg: MsgPlaceBid) {
      const address = readActor(keeper.deps.addresses, msg.provider, "provider");
      const price = readRate(msg.price, "price");
      const order = currentOrder(ctx, keeper, msg.orderId);
      requireOpen(order);
      keeper.providers.advance(ctx, address);
      requireFit(ctx, keeper, order, keeper.providers.get(ctx, address), price);
      const before = keeper.state.bids.get(ctx, [order.id, address]);
      if (before !== undefined && before.state !== BidState.OPEN) throw ErrBidNotOpen.with(BidState[before.state]);
      if (before === undefined) {
        if (order.bidCount >= keeper.params(ctx).maxBidsPerOrder) displaceDearest(ctx, keeper, order, price);
        order.bidCount += 1;
        keeper.orders.set(ctx, order);
      }
      keeper.state.bids.set(
        ctx,
        [order.id, address],
        create(BidSchema, {
          orderId: order.id,
          provider: msg.provider,
          state: BidState.OPEN,
          price: msg.price!,
          createdTime: ctx.timeSeconds,
        }),
      );
      ctx.events.emit(
        typedEvent(EventBidPlacedSchema, { orderId: order.id, provider: msg.provider, price: msg.price! }),
      );
      return {};
    },
  };
}

export function withdrawBid(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgWithdrawBid) {
      readActor(keeper.deps.addresses, msg.provider, "provider");
    },
    execute(ctx: Context, msg: MsgWithdrawBid) {
      const address = readActor(keeper.deps.addresses, msg.provider, "provider");
      const order = currentOrder(ctx, keeper, msg.orderId);
      const bid = keeper.state.bids.get(ctx, [order.id, address]);
      if (bid === undefined) throw ErrBidNotFound.plain();
      if (bid.state !== BidState.OPEN) throw ErrBidNotOpen.with(BidState[bid.state]);
      keeper.state.bids.remove(ctx, [order.id, address]);
      order.bidCount -= 1;
      keeper.orders.set(ctx, order);
      ctx.events.emit(typedEvent(EventBidWithdrawnSchema, { orderId: order.id, provider: msg.provider }));
      return {};
    },
  };
}

export function acceptBid(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgAcceptBid) {
      readActor(keeper.deps.addresses, msg.owner, "owner");
      readActor(keeper.deps.addresses, msg.provider, "provider");
      readRate(msg.price, "price");
    },
    execute(ctx: Context, msg: MsgAcceptBid) {
      const address = readActor(keeper.deps.addresses, msg.provider, "provider");
      const seen = readRate(msg.price, "price");
      const order = currentOrder(ctx, keeper, msg.orderId);
      if (order.owner !== msg.owner) throw ErrNotOwner.plain();
      requireOpen(order);
      const bid = keeper.state.bids.get(ctx, [order.id, address]);
      if (bid === undefined) throw ErrBidNotFound.plain();
      if (bid.state !== BidState.OPEN) throw ErrBidNotOpen.with(BidState[bid.state]);
      const price = priceInState(bid.price);
      if (price.denom !== seen.denom || comparePrices(price, seen) !== 0) throw ErrPriceChanged.plain();
      keeper.providers.advance(ctx, address);
      const provider = keeper.providers.get(ctx, address);
      requireFit(ctx, keeper, order, provider, price); // as of now: it may have changed since the bid
      const budget = keeper.escrow.balance(ctx, order.escrowId);
      const funded = fundedSeconds(price, budget.amount, order.durationSeconds);
      if (funded < 1n) throw ErrBudgetTooSmall.with(`${budget.amount} does not pay for a second`);

      const params = keeper.params(ctx);
      const penalty = { denom: coinInState(params.minBond).denom, amount: amountInState(params.noShowPenalty) };
      keeper.bonds.reserve(provider, penalty.amount);
      provider.openLeases += 1;
      keeper.providers.set(ctx, address, provider);
      const lease = create(LeaseSchema, {
        id: keeper.state.nextLease.next(ctx),
        orderId: order.id,
        tenant: order.owner,
        provider: bid.provider,
        kind: provider.attributes!.kind,
        state: LeaseState.PENDING,
        rate: bid.price!,
        escrowId: order.escrowId,
        manifestHash: order.manifestHash,
        durationSeconds: order.durationSeconds,
        fundedSeconds: funded,
        penalty: coinMessage(penalty),
        createdTime: ctx.timeSeconds,
        startDeadlineTime: ctx.timeSeconds + params.startWindowSeconds,
        paid: "0",
        taken: "0",
        burned: "0",
        takeRateBps: params.takeRateBps,
        takeBurnBps: params.takeBurnBps,
      });
      keeper.leases.set(ctx, lease);
      bid.state = BidState.ACCEPTED;
      keeper.state.bids.set(ctx, [order.id, address], bid);
      order.state = OrderState.MATCHED;
      order.leaseId = lease.id;
      keeper.orders.set(ctx, order);
      ctx.events.emit(
        typedEvent(EventLeaseCreatedSchema, {
          leaseId: lease.id,
          orderId: order.id,
          tenant: lease.tenant,
          provider: lease.provider,
          rate: bid.price!,
          startDeadlineTime: lease.startDeadlineTime,
        }),
      );
      return { leaseId: lease.id };
    },
  };
}
