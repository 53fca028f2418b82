import type { Lease, Params, UsageClaim } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { CloseReason, LeaseState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  EventLeaseClosingSchema,
  EventLeaseNoShowSchema,
  EventLeasePausedSchema,
  EventLeaseResumedSchema,
  EventLeaseSettledSchema,
  EventPenaltyPaidSchema,
  EventUsageAcceptedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { ReceiptOutcome } from "../reputation/types.js";
import type { Bonds } from "./bonds.js";
import type { LeaseDeadline } from "./deadlines.js";
import { claimedSeconds, leaseDeadline, ranSeconds } from "./deadlines.js";
import { ErrLeaseNotFound } from "./errors.js";
import type { Escrow } from "./escrow.js";
import type { ReputationKeeper, WorkRewards } from "./expected.js";
import type { Orders } from "./orders.js";
import type { Providers } from "./providers.js";
import type { MarketplaceState } from "./state.js";
import { isOpenLease } from "./state.js";
import {
  amountInState,
  coinInState,
  coinMessage,
  CorruptStateError,
  fundedSeconds,
  kindName,
  priceInState,
  streamPayment,
} from "./types.js";

/** More transitions than any lease can make by itself in one go; reaching it is a fault of the engine. */
const MAX_STEPS = 16;

export interface LeasesOptions {
  readonly state: MarketplaceState;
  readonly addresses: Addresses;
  readonly escrow: Escrow;
  readonly bonds: Bonds;
  readonly providers: Providers;
  readonly orders: Orders;
  readonly reputation: ReputationKeeper;
  readonly rewards: WorkRewards | undefined;
  readonly params: (ctx: ReadContext) => Params;
}

/**
 * The life of a lease. Each transition takes the time at which it was due, which may lie before the block: whoever comes
 * first, a message or the queue of deadlines, makes the transitions that are due, and both come to the same amounts.
 */
export class Leases {
  readonly #o: LeasesOptions;

  constructor(options: LeasesOptions) {
    this.#o = options;
  }

  /** As it is stored. Throws `marketplace` 80. */
  get(ctx: ReadContext, id: bigint): Lease {
    const lease = this.#o.state.leases.get(ctx, id);
    if (lease === undefined) throw ErrLeaseNotFound.with(`lease ${id}`);
    return lease;
  }

  set(ctx: Context, lease: Lease): void {
    this.#o.state.leases.set(ctx, lease.id, lease);
  }

  /** A lease with all of its transitions made that are due. Throws `marketplace` 80. */
  current(ctx: Context, id: bigint): Lease {
    this.#advanceRunning(ctx, this.get(ctx, id));
    return this.get(ctx, id);
  }

  /** Makes the transitions whose deadline has passed, removal included. Returns how many records that touched. */
  advance(ctx: Context, id: bigint): number {
    const lease = this.#o.state.leases.get(ctx, id);
    if (lease === undefined) return 0;
    const touched = this.#advanceRunning(ctx, lease);
    const after = this.get(ctx, id);
    const deadline = leaseDeadline(after);
    return deadline?.kind === "prune" && deadline.time <= ctx.timeSeconds
      ? touched + this.#remove(ctx, after)
      : touched;
  }

  /** ACTIVE or PAUSED → CLOSING. Nothing after `time` is billed. */
  close(ctx: Context, lease: Lease, reason: CloseReason, time: bigint): void {
    lease.accruedSeconds = ranSeconds(lease, time);
    lease.activeSinceTime = 0n;
    lease.pauseDeadlineTime = 0n;
    lease.state = LeaseState.CLOSING;
    lease.closeReason = reason;
    lease.closingDeadlineTime = time + this.#o.params(ctx).ackWindowSeconds;
    if (claimedSeconds(lease) >= lease.accruedSeconds) lease.providerDone = true;
    ctx.events.emit(
      typedEvent(EventLeaseClosingSchema, {
        ...parties(lease),
        reason,
        closedTime: time,
        closingDeadlineTime: lease.closingDeadlineTime,
      }),
    );
    this.settleIfDone(ctx, lease, time);
  }

  /** Pays for all seconds up to `seconds`, which the tenant owes from now on. */
  accept(ctx: Context, lease: Lease, seconds: bigint, bySilence: boolean): bigint {
    const { price, paid, taken, burned } = this.#sums(lease);
    const payment = streamPayment({
      price,
      seconds,
      sums: { paid, taken, burned },
      takeRateBps: BigInt(lease.takeRateBps),
      takeBurnBps: BigInt(lease.takeBurnBps),
    });
    this.#o.escrow.pay(ctx, lease.escrowId, this.#address(lease.provider), payment);
    lease.acceptedSeconds = seconds;
    lease.paid = (paid + payment.gross).toString();
    lease.taken = (taken + payment.treasury + payment.burned).toString();
    lease.burned = (burned + payment.burned).toString();
    setClaims(
      lease,
      [lease.pending, lease.latest].filter((claim) => claim !== undefined && claim.seconds > seconds),
    );
    ctx.events.emit(
      typedEvent(EventUsageAcceptedSchema, {
        ...parties(lease),
        seconds,
        paid: coinMessage({ denom: price.denom, amount: payment.gross }),
        taken: (payment.treasury + payment.burned).toString(),
        burned: payment.burned.toString(),
        bySilence,
      }),
    );
    return payment.gross;
  }

  /** CLOSING → SETTLED when the provider claims no more and all that it claimed is accepted. */
  settleIfDone(ctx: Context, lease: Lease, time: bigint): void {
    const done = lease.providerDone && claimedSeconds(lease) === lease.acceptedSeconds;
    if (lease.state === LeaseState.CLOSING && done) this.#settle(ctx, lease, time);
  }

  /** PENDING → CLOSING → SETTLED, since the tenant gave up: pays the minimum. */
  cancelPending(ctx: Context, lease: Lease): void {
    const minimum = this.#o.params(ctx).lateCancelSeconds;
    lease.accruedSeconds = minimum < lease.fundedSeconds ? minimum : lease.fundedSeconds;
    if (lease.accruedSeconds > 0n) this.accept(ctx, lease, lease.accruedSeconds, false);
    lease.startDeadlineTime = 0n;
    this.close(ctx, lease, CloseReason.CANCELLED, ctx.timeSeconds);
  }

  /** PENDING → NO_SHOW: the tenant is paid from the bond, and the order takes bids again. */
  noShow(ctx: Context, lease: Lease, time: bigint): void {
    lease.closeReason = CloseReason.NO_SHOW;
    this.#penalise(ctx, lease);
    this.#finish(ctx, lease, LeaseState.NO_SHOW, time);
    ctx.events.emit(typedEvent(EventLeaseNoShowSchema, parties(lease)));
    this.#report(ctx, lease);
    this.#o.orders.reopen(ctx, lease.orderId, this.#address(lease.provider), time);
  }

  /** After a deposit: more seconds are funded, and a lease that waited for it goes on. */
  fund(ctx: Context, lease: Lease): void {
    const { price, paid } = this.#sums(lease);
    const funds = this.#o.escrow.balance(ctx, lease.escrowId).amount + paid;
    lease.fundedSeconds = fundedSeconds(price, funds, lease.durationSeconds);
    if (lease.state !== LeaseState.PAUSED || lease.fundedSeconds <= lease.accruedSeconds) return;
    lease.state = LeaseState.ACTIVE;
    lease.activeSinceTime = ctx.timeSeconds;
    lease.pauseDeadlineTime = 0n;
    ctx.events.emit(typedEvent(EventLeaseResumedSchema, parties(lease)));
  }

  #advanceRunning(ctx: Context, stored: Lease): number {
    if (!isOpenLease(stored.state)) return 0;
    const touched = this.#o.providers.advance(ctx, this.#address(stored.provider));
    const lease = this.get(ctx, stored.id); // the provider's lapse may have marked it
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const deadline = leaseDeadline(lease);
      if (deadline === undefined || deadline.kind === "prune" || deadline.time > ctx.timeSeconds) {
        if (steps > 0) this.set(ctx, lease);
        return touched + steps;
      }
      this.#makeTransition(ctx, lease, deadline);
    }
    throw new CorruptStateError(`lease ${lease.id} makes no end of transitions`);
  }

  #makeTransition(ctx: Context, lease: Lease, { kind, time }: LeaseDeadline): void {
    switch (kind) {
      case "no-show":
        return this.noShow(ctx, lease, time);
      case "accept-claim":
        this.accept(ctx, lease, lease.pending?.seconds ?? 0n, true);
        return this.settleIfDone(ctx, lease, time);
      case "limit":
        return lease.fundedSeconds >= lease.durationSeconds
          ? this.close(ctx, lease, CloseReason.DURATION, time)
          : this.#pause(ctx, lease, time);
      case "grace-over":
        return this.close(ctx, lease, CloseReason.ESCROW_EMPTY, time);
      case "lost":
        this.#penalise(ctx, lease);
        return this.close(ctx, lease, CloseReason.HEARTBEAT_LOST, time);
      case "window-over": {
        const claimed = claimedSeconds(lease);
        if (claimed > lease.acceptedSeconds) this.accept(ctx, lease, claimed, true);
        return this.#settle(ctx, lease, time);
      }
      case "prune":
        return;
    }
  }

  #pause(ctx: Context, lease: Lease, time: bigint): void {
    lease.accruedSeconds = ranSeconds(lease, time);
    lease.activeSinceTime = 0n;
    lease.state = LeaseState.PAUSED;
    lease.pauseDeadlineTime = time + this.#o.params(ctx).pauseGraceSeconds;
    ctx.events.emit(
      typedEvent(EventLeasePausedSchema, {
        ...parties(lease),
        pausedTime: time,
        pauseDeadlineTime: lease.pauseDeadlineTime,
      }),
    );
  }

  #settle(ctx: Context, lease: Lease, time: bigint): void {
    const refunded = this.#o.escrow.refund(ctx, lease.escrowId);
    this.#finish(ctx, lease, LeaseState.SETTLED, time);
    ctx.events.emit(
      typedEvent(EventLeaseSettledSchema, {
        ...parties(lease),
        reason: lease.closeReason,
        acceptedSeconds: lease.acceptedSeconds,
        paid: coinMessage({ denom: refunded.denom, amount: amountInState(lease.paid) }),
        taken: lease.taken,
        burned: lease.burned,
        refunded: coinMessage(refunded),
      }),
    );
    this.#report(ctx, lease);
  }

  /** The reserved part of the bond goes to the tenant, once. */
  #penalise(ctx: Context, lease: Lease): void {
    const penalty = coinInState(lease.penalty);
    const address = this.#address(lease.provider);
    const provider = this.#o.providers.ofLease(ctx, address);
    this.#o.bonds.penalise(ctx, provider, this.#address(lease.tenant), penalty.amount);
    this.#o.providers.set(ctx, address, provider);
    lease.penaltyPaid = true;
    ctx.events.emit(typedEvent(EventPenaltyPaidSchema, { ...parties(lease), amount: coinMessage(penalty) }));
  }

  /** What every end of a lease does: the provider is free for the next one. */
  #finish(ctx: Context, lease: Lease, state: LeaseState, time: bigint): void {
    const address = this.#address(lease.provider);
    const provider = this.#o.providers.ofLease(ctx, address);
    if (!lease.penaltyPaid) this.#o.bonds.release(provider, coinInState(lease.penalty).amount);
    provider.openLeases -= 1;
    this.#o.providers.set(ctx, address, provider);
    lease.state = state;
    lease.settledTime = time;
    lease.pruneTime = time + this.#o.params(ctx).retentionSeconds;
    setClaims(lease, []);
  }

  #report(ctx: Context, lease: Lease): void {
    const outcome = receiptOutcome(lease);
    if (outcome === undefined) return;
    const { price, taken, burned } = this.#sums(lease);
    const provider = this.#address(lease.provider);
    if (outcome === "good" && burned > 0n) {
      this.#o.rewards?.countWork(ctx, { provider, burned: { denom: price.denom, amount: burned } });
    }
    const kind = kindName(lease.kind);
    if (kind === undefined) throw new CorruptStateError(`lease ${lease.id} is of no kind`);
    this.#o.reputation.countReceipt(ctx, {
      provider,
      tenant: this.#address(lease.tenant),
      kind,
      outcome,
      cost: outcome === "good" ? { denom: price.denom, amount: taken } : coinInState(lease.penalty),
      seconds: lease.acceptedSeconds,
    });
  }

  /** Removes a lease with its order, or alone when the order took bids again. */
  #remove(ctx: Context, lease: Lease): number {
    this.#o.state.leases.remove(ctx, lease.id);
    if (lease.state !== LeaseState.SETTLED) return 1;
    const order = this.#o.orders.get(ctx, lease.orderId);
    this.#o.escrow.remove(ctx, lease.escrowId);
    return 1 + this.#o.orders.remove(ctx, order);
  }

  #sums(lease: Lease) {
    return {
      price: priceInState(lease.rate),
      paid: amountInState(lease.paid),
      taken: amountInState(lease.taken),
      burned: amountInState(lease.burned),
    };
  }

  #address(text: string): AccAddress {
    return this.#o.addresses.account.decode(text);
  }
}

/** What an end says of the provider: nothing, when there was no work or the tenant gave up before. */
function receiptOutcome(lease: Lease): ReceiptOutcome | undefined {
  switch (lease.closeReason) {
    case CloseReason.NO_SHOW:
    case CloseReason.HEARTBEAT_LOST:
      return "bad";
    case CloseReason.CANCELLED:
      return undefined;
    default:
      return amountInState(lease.taken) > 0n ? "good" : undefined;
  }
}

/** Replaces the claims that wait: at most two, the oldest first. */
export function setClaims(lease: Lease, claims: readonly (UsageClaim | undefined)[]): void {
  const [pending, latest] = claims;
  if (pending === undefined) delete lease.pending;
  else lease.pending = pending;
  if (latest === undefined) delete lease.latest;
  else lease.latest = latest;
}

function parties(lease: Lease) {
  return { leaseId: lease.id, tenant: lease.tenant, provider: lease.provider };
}
