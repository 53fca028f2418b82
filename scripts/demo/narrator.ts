import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { ChainBlock, ChainEvent } from "@computronium/client";
import { decodeEvent, hashToText } from "@computronium/client";
import {
  EventBidPlacedSchema,
  EventLeaseClosingSchema,
  EventLeaseCreatedSchema,
  EventLeaseNoShowSchema,
  EventLeaseSettledSchema,
  EventLeaseStartedSchema,
  EventOrderExpiredSchema,
  EventOrderPostedSchema,
  EventPenaltyPaidSchema,
  EventProviderRegisteredSchema,
  EventResultSubmittedSchema,
  EventUsageAcceptedSchema,
  EventUsageSubmittedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";
import type { Rate } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { CloseReason, RateUnit } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { Coin } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";

import { bold, coins } from "./terminal.js";

/** The name of an account, as the reader knows it. */
export type NameOf = (address: string) => string;

type Teller = (event: ChainEvent, name: NameOf) => string | undefined;

function teller<S extends DescMessage>(schema: S, tell: (event: MessageShape<S>, name: NameOf) => string): Teller {
  return (event, name) => {
    const decoded = decodeEvent(schema, event);
    return decoded === undefined ? undefined : tell(decoded, name);
  };
}

const amount = (coin: Coin | undefined): string => bold(`${coins(BigInt(coin?.amount ?? "0"))} CPTM`);
const price = (rate: Rate | undefined): string =>
  `${amount(rate?.amount)} ${rate?.per === RateUnit.HOUR ? "an hour" : "a second"}`;

const TELLERS: readonly Teller[] = [
  teller(EventProviderRegisteredSchema, (e, name) => `${name(e.provider)} registers, with a bond of ${amount(e.bond)}`),
  teller(
    EventOrderPostedSchema,
    (e, name) => `${name(e.owner)} posts order ${e.orderId}; ${amount(e.budget)} go to escrow`,
  ),
  teller(
    EventOrderExpiredSchema,
    (e, name) => `order ${e.orderId} expires; ${amount(e.refunded)} go back to ${name(e.owner)}`,
  ),
  teller(EventBidPlacedSchema, (e, name) => `${name(e.provider)} bids for order ${e.orderId}: ${price(e.price)}`),
  teller(
    EventLeaseCreatedSchema,
    (e, name) => `${name(e.tenant)} accepts: lease ${e.leaseId} with ${name(e.provider)}`,
  ),
  teller(EventLeaseStartedSchema, (e, name) => `${name(e.provider)} starts lease ${e.leaseId}; the clock runs`),
  teller(EventUsageSubmittedSchema, (e, name) => `${name(e.provider)} claims ${e.seconds} s of lease ${e.leaseId}`),
  teller(
    EventResultSubmittedSchema,
    (e, name) =>
      `${name(e.provider)} delivers the result of lease ${e.leaseId}: hash ${hashToText(e.resultHash).slice(0, 8)}…`,
  ),
  teller(
    EventLeaseClosingSchema,
    (e) => `lease ${e.leaseId} is closing: ${CloseReason[e.reason].toLowerCase().replaceAll("_", " ")}`,
  ),
  teller(
    EventUsageAcceptedSchema,
    (e, name) =>
      `${name(e.tenant)} accepts ${e.seconds} s: ${amount(e.paid)} paid to ${name(e.provider)}, of which the chain takes ` +
      `${coins(BigInt(e.taken))} and burns ${coins(BigInt(e.burned))}`,
  ),
  teller(
    EventLeaseSettledSchema,
    (e, name) => `lease ${e.leaseId} is settled; ${amount(e.refunded)} go back to ${name(e.tenant)}`,
  ),
  teller(EventLeaseNoShowSchema, (e, name) => `${name(e.provider)} did not start lease ${e.leaseId}`),
  teller(
    EventPenaltyPaidSchema,
    (e, name) => `${name(e.provider)} pays ${amount(e.amount)} to ${name(e.tenant)} from its bond`,
  ),
];

/** What a block brought, in sentences. */
export function narrate(block: ChainBlock, name: NameOf): string[] {
  const events = [...block.txs.flatMap((tx) => (tx.code === 0 ? tx.events : [])), ...block.events];
  return events.flatMap((event) => {
    for (const tell of TELLERS) {
      const sentence = tell(event, name);
      if (sentence !== undefined) return [sentence];
    }
    return [];
  });
}
