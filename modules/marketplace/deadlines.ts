import type { Lease, Order, Provider } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { LeaseState, OrderState, ProviderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { minAmount } from "../../core/math/amount.js";

/**
 * What happens to a lease at a recorded time. A deadline is the first second at which it is too late: what arrives in a block
 * of that time finds the transition made.
 */
export type LeaseDeadlineKind =
  /** PENDING: the provider did not start. */
  | "no-show"
  /** The tenant was silent about a claim. */
  | "accept-claim"
  /** ACTIVE: the duration or the escrow is used up. */
  | "limit"
  /** ACTIVE, PAUSED: the provider's heartbeat was overdue. */
  | "lost"
  /** PAUSED: nobody topped up. */
  | "grace-over"
  /** CLOSING: the window for the last claim and its acknowledgement is over. */
  | "window-over"
  /** SETTLED, NO_SHOW: the record may go. */
  | "prune";

export interface LeaseDeadline {
  readonly kind: LeaseDeadlineKind;
  /** Unix time. */
  readonly time: bigint;
}

/** Seconds that a lease has run, and is billable for, until the time. */
export function ranSeconds(lease: Lease, time: bigint): bigint {
  const running = lease.state === LeaseState.ACTIVE && time > lease.activeSinceTime ? time - lease.activeSinceTime : 0n;
  return minAmount(lease.accruedSeconds + running, lease.fundedSeconds);
}

/** All seconds that the provider has claimed. */
export function claimedSeconds(lease: Lease): bigint {
  return lease.latest?.seconds ?? lease.pending?.seconds ?? lease.acceptedSeconds;
}

/** The earliest deadline of a lease; of several at one time the one that is first in this list. */
export function leaseDeadline(lease: Lease): LeaseDeadline | undefined {
  const candidates: LeaseDeadline[] = [];
  const claim = () => {
    if (lease.pending !== undefined) candidates.push({ kind: "accept-claim", time: lease.pending.acceptTime });
  };
  const lost = () => {
    if (lease.lostTime > 0n) candidates.push({ kind: "lost", time: lease.lostTime });
  };
  switch (lease.state) {
    case LeaseState.PENDING:
      candidates.push({ kind: "no-show", time: lease.startDeadlineTime });
      break;
    case LeaseState.ACTIVE:
      claim();
      candidates.push({ kind: "limit", time: lease.activeSinceTime + lease.fundedSeconds - lease.accruedSeconds });
      lost();
      break;
    case LeaseState.PAUSED:
      claim();
      candidates.push({ kind: "grace-over", time: lease.pauseDeadlineTime });
      lost();
      break;
    case LeaseState.CLOSING:
      claim();
      candidates.push({ kind: "window-over", time: lease.closingDeadlineTime });
      break;
    case LeaseState.SETTLED:
    case LeaseState.NO_SHOW:
      candidates.push({ kind: "prune", time: lease.pruneTime });
      break;
  }
  return candidates.reduce<LeaseDeadline | undefined>(
    (first, next) => (first === undefined || next.time < first.time ? next : first),
    undefined,
  );
}

/** When something happens to an order by itself: it expires, or its record may go. */
export function orderDeadline(order: Order): bigint | undefined {
  switch (order.state) {
    case OrderState.OPEN:
      return order.expiryTime;
    case OrderState.EXPIRED:
    case OrderState.CANCELLED:
      return order.pruneTime;
    default:
      return undefined;
  }
}

/** When something happens to a provider by itself: its heartbeat is overdue, or its bond comes back. */
export function providerDeadline(provider: Provider): bigint | undefined {
  switch (provider.state) {
    case ProviderState.ONLINE:
      return provider.liveUntilTime;
    case ProviderState.UNBONDING:
      return provider.unbondingTime;
    default:
      return undefined;
  }
}
