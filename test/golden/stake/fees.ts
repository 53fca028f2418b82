import { Addresses, moduleAddress } from "../../../core/address.js";
import type { FlatEvent } from "./vector.js";

const accounts = new Addresses("cosmos").account;

/** Where our tokenomics keeps what stakers get of a block's fees, from its end to the begin of the next one. Go's stay in {@link COLLECTOR}. */
export const WAITING = accounts.encode(moduleAddress("tokenomics"));
export const COLLECTOR = accounts.encode(moduleAddress("fee_collector"));

/** Without the transfers between the two, and what tells of them. */
export function withoutWaitingFees(events: readonly FlatEvent[]): FlatEvent[] {
  const kept: FlatEvent[] = [];
  for (let i = 0; i < events.length; ) {
    const transfer = events.slice(i, i + TRANSFER.length);
    const isTransfer = TRANSFER.every((type, at) => transfer[at]?.[0] === type);
    if (isTransfer && transfer.some((event) => event.includes(WAITING))) i += TRANSFER.length;
    else kept.push(events[i++]!);
  }
  return kept;
}

/** The events of one transfer by a module. */
const TRANSFER = ["coin_spent", "coin_received", "transfer", "message"];

/** The request with the account where our fees wait instead of the one where Go's do. Both addresses have one length. */
export function withWaitingAccount(request: string | undefined): string {
  const text = Buffer.from(request ?? "", "base64").toString("latin1");
  return Buffer.from(text.replace(COLLECTOR, WAITING), "latin1").toString("base64");
}
