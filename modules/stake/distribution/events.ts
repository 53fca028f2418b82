import type { ChainEvent } from "../../../core/runtime/events.js";
import { event } from "../../../core/runtime/events.js";

/** The events of x/distribution/types/events.go: indexers count on their names and on the order of their attributes. */

export function withdrawAddressSet(withdrawAddress: string): ChainEvent {
  return event("set_withdraw_address", ["withdraw_address", withdrawAddress]);
}

export function rewardsAllocated(amount: string, validator: string): ChainEvent {
  return event("rewards", ["amount", amount], ["validator", validator]);
}

export function commissionAllocated(amount: string, validator: string): ChainEvent {
  return event("commission", ["amount", amount], ["validator", validator]);
}

export function rewardsWithdrawn(fields: {
  readonly amount: string;
  readonly validator: string;
  readonly delegator: string;
}): ChainEvent {
  return event(
    "withdraw_rewards",
    ["amount", fields.amount],
    ["validator", fields.validator],
    ["delegator", fields.delegator],
  );
}

export function commissionWithdrawn(amount: string): ChainEvent {
  return event("withdraw_commission", ["amount", amount]);
}

/** Rewards went elsewhere than they were to go, because that address takes no coins any more. */
export function withdrawalRedirected(fields: {
  readonly original: string;
  /** An address, or `community_pool`. */
  readonly actual: string;
  readonly validator: string;
  readonly delegator?: string;
}): ChainEvent {
  return event(
    "withdraw_addr_redirected",
    ["original_withdraw_address", fields.original],
    ["withdraw_address", fields.actual],
    ["validator", fields.validator],
    ...(fields.delegator === undefined ? [] : [["delegator", fields.delegator] as const]),
  );
}
