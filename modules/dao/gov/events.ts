import type { WeightedVoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { ChainEvent } from "../../../core/runtime/events.js";
import { event } from "../../../core/runtime/events.js";

/** The events of x/gov/types/events.go, with the attributes in its order. */

export function proposalSubmitted(fields: {
  readonly id: bigint;
  readonly proposer: string;
  readonly typeUrls: readonly string[];
}): ChainEvent {
  return event(
    "submit_proposal",
    ["proposal_id", String(fields.id)],
    ["proposal_proposer", fields.proposer],
    ["proposal_messages", fields.typeUrls.map((url) => `,${url}`).join("")],
  );
}

/** Voting began: with the submission, or with a later deposit. */
export function votingStarted(id: bigint, cause: "submit_proposal" | "proposal_deposit"): ChainEvent {
  return event(cause, ["voting_period_start", String(id)]);
}

export function deposited(fields: {
  readonly depositor: string;
  readonly amount: string;
  readonly id: bigint;
}): ChainEvent {
  return event(
    "proposal_deposit",
    ["depositor", fields.depositor],
    ["amount", fields.amount],
    ["proposal_id", String(fields.id)],
  );
}

export function voted(fields: {
  readonly voter: string;
  readonly options: readonly Pick<WeightedVoteOption, "option" | "weight">[];
  readonly id: bigint;
}): ChainEvent {
  // As Go's encoding/json writes v1.WeightedVoteOptions: enums as numbers.
  const options = JSON.stringify(fields.options.map(({ option, weight }) => ({ option: Number(option), weight })));
  return event("proposal_vote", ["voter", fields.voter], ["option", options], ["proposal_id", String(fields.id)]);
}

export function cancelled(sender: string, id: bigint): ChainEvent {
  return event("cancel_proposal", ["sender", sender], ["proposal_id", String(id)]);
}

/** Not enough was deposited in time. */
export function dropped(id: bigint): ChainEvent {
  return event("inactive_proposal", ["proposal_id", String(id)], ["proposal_result", "proposal_dropped"]);
}

export type ProposalResult =
  "proposal_passed" | "proposal_rejected" | "proposal_failed" | "expedited_proposal_rejected";

export function votingEnded(id: bigint, result: ProposalResult, log: string): ChainEvent {
  return event("active_proposal", ["proposal_id", String(id)], ["proposal_result", result], ["proposal_log", log]);
}
