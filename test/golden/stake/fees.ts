import { Addresses, moduleAddress } from "../../../core/address.js";
import type { FlatEvent } from "./vector.js";

const accounts = new Addresses("cosmos").account;

/** Where our tokenomics keeps what stakers get of a block's fees, from its end to the begin of the next one. Go's stay in {@link COLLECTOR}. */
export const WAITING = accounts.encode(moduleAddress("tokenomics"));
export const COLLECTOR = accounts.encode(moduleAddress("fee_collector"));

/** Without the transfers between the two, and what tells of them. */
export function withoutWaitingFees(events: readonly FlatEvent[]): FlatEvent[] {
  return withoutTransfers(events, (transfer) => transfer.some((event) => event.includes(WAITING)));
}

/** Without transfers of no coins, which the SDK makes when a slash has left nothing of what is undelegated. */
export function withoutEmptyTransfers(events: readonly FlatEvent[]): FlatEvent[] {
  return withoutTransfers(events, ([spent]) => spent?.[4] === "");
}

/** The events of one transfer by a module. */
const TRANSFER = ["coin_spent", "coin_received", "transfer", "message"];

function withoutTransfers(
  events: readonly FlatEvent[],
  isLeftOut: (transfer: readonly FlatEvent[]) => boolean,
): FlatEvent[] {
  const kept: FlatEvent[] = [];
  for (let i = 0; i < events.length; ) {
    const transfer = events.slice(i, i + TRANSFER.length);
    const isTransfer = TRANSFER.every((type, at) => transfer[at]?.[0] === type);
    if (isTransfer && isLeftOut(transfer)) i += TRANSFER.length;
    else kept.push(events[i++]!);
  }
  return kept;
}

/** The request with the account where our fees wait instead of the one where Go's do. Both addresses have one length. */
export function withWaitingAccount(request: string | undefined): string {
  const text = Buffer.from(request ?? "", "base64").toString("latin1");
  return Buffer.from(text.replace(COLLECTOR, WAITING), "latin1").toString("base64");
}
