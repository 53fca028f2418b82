import type { ChainEvent } from "../../core/runtime/events.js";
import { event } from "../../core/runtime/events.js";

/** The events of x/bank/types/events.go: clients and indexers count on their names and on the order of their attributes. */

export function coinSpent(spender: string, amount: string): ChainEvent {
  return event("coin_spent", ["spender", spender], ["amount", amount]);
}

export function coinReceived(receiver: string, amount: string): ChainEvent {
  return event("coin_received", ["receiver", receiver], ["amount", amount]);
}

export function transferred(fields: {
  readonly recipient: string;
  readonly sender: string;
  readonly amount: string;
}): ChainEvent {
  return event("transfer", ["recipient", fields.recipient], ["sender", fields.sender], ["amount", fields.amount]);
}

export function messageSender(sender: string): ChainEvent {
  return event("message", ["sender", sender]);
}

export function minted(minter: string, amount: string): ChainEvent {
  return event("coinbase", ["minter", minter], ["amount", amount]);
}

export function burned(burner: string, amount: string): ChainEvent {
  return event("burn", ["burner", burner], ["amount", amount]);
}
