import type { Deposit, Proposal, Vote } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import {
  DepositSchema,
  ParamsSchema,
  ProposalSchema,
  ProposalStatus,
  VoteSchema,
} from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { SettlementSchema, ValidatorTallySchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import { brandedBytesKey, pairKey, stringKey, u64Key } from "../../../core/collections/keys.js";
import { memoValue } from "../../../core/collections/memo.js";
import { messageValue } from "../../../core/collections/messages.js";
import { Schema } from "../../../core/collections/schema.js";
import { amountValue, boolValue, stringValue, u64Value } from "../../../core/collections/values.js";
import { nanosOf } from "./times.js";

export const GOV_STORE = "gov";

/**
 * One vote on a proposal: twice its number, and one more for the second vote on an expedited proposal that became a regular
 * one. So a new vote begins with nothing, while what is left of the old one is cleared away in slices.
 */
export type BallotId = bigint;

export function ballotOf(proposalId: bigint, isSecond: boolean): BallotId {
  return proposalId * 2n + (isSecond ? 1n : 0n);
}

export function proposalOfBallot(ballot: BallotId): bigint {
  return ballot / 2n;
}

const account = brandedBytesKey<AccAddress>();
const validator = brandedBytesKey<ValAddress>();

/** All that the store of governance holds. */
export function govState() {
  const schema = new Schema(GOV_STORE);

  // 0x00 → Params
  const params = schema.item(0x00, "params", memoValue(messageValue(ParamsSchema)));
  // 0x01 → text
  const constitution = schema.item(0x01, "constitution", stringValue);
  // 0x02 → the next number
  const nextProposal = schema.sequence(0x02, "next_proposal", 1n);
  // 0x03 → number of proposals in their voting period
  const activeCount = schema.item(0x03, "active_count", u64Value);
  // 0x04 → true while tallies are to be made from the votes and delegations of a genesis
  const rebuild = schema.item(0x04, "rebuild", boolValue);

  // 0x11: (status, id)
  const proposalsByStatus = schema.index(0x11, "proposals_by_status", u64Key, u64Key, (_id, proposal: Proposal) =>
    BigInt(proposal.status),
  );
  // 0x12: (end of the deposit period in Unix nanoseconds, id)
  const depositEnds = schema.index(0x12, "deposit_ends", u64Key, u64Key, (_id, proposal: Proposal) =>
    proposal.status === ProposalStatus.DEPOSIT_PERIOD ? nanosOf(proposal.depositEndTime) : undefined,
  );
  // 0x13: (end of the voting period in Unix nanoseconds, id)
  const votingEnds = schema.index(0x13, "voting_ends", u64Key, u64Key, (_id, proposal: Proposal) =>
    proposal.status === ProposalStatus.VOTING_PERIOD ? nanosOf(proposal.votingEndTime) : undefined,
  );
  // 0x10: id → Proposal
  const proposals = schema.indexedMap(0x10, "proposals", u64Key, messageValue(ProposalSchema), [
    proposalsByStatus,
    depositEnds,
    votingEnds,
  ]);
  // 0x14: ballots whose votes count, one for each proposal in its voting period
  const openBallots = schema.keySet(0x14, "open_ballots", u64Key);

  const depositKey = pairKey(u64Key, account);
  // 0x21: (depositor, (proposal, depositor))
  const depositsByDepositor = schema.index(
    0x21,
    "deposits_by_depositor",
    account,
    depositKey,
    ([, depositor]: readonly [bigint, AccAddress], _deposit: Deposit) => depositor,
  );
  // 0x20: (proposal, depositor) → Deposit
  const deposits = schema.indexedMap(0x20, "deposits", depositKey, messageValue(DepositSchema), [depositsByDepositor]);
  // 0x22: denom → sum of all deposits
  const depositTotals = schema.map(0x22, "deposit_totals", stringKey, amountValue);
  // 0x23: proposal → what becomes of its deposits, while there are some
  const settlements = schema.map(0x23, "settlements", u64Key, messageValue(SettlementSchema));

  const voteKey = pairKey(u64Key, account);
  // 0x31: (voter, (ballot, voter))
  const votesByVoter = schema.index(
    0x31,
    "votes_by_voter",
    account,
    voteKey,
    ([, voter]: readonly [BallotId, AccAddress], _vote: Vote) => voter,
  );
  // 0x30: (ballot, voter) → Vote
  const votes = schema.indexedMap(0x30, "votes", voteKey, messageValue(VoteSchema), [votesByVoter]);
  const tallyKey = pairKey(u64Key, validator);
  // 0x32: (ballot, validator) → shares whose delegators voted
  const tallies = schema.map(0x32, "tallies", tallyKey, messageValue(ValidatorTallySchema));
  const checkpointKey = pairKey(account, validator);
  // 0x33: (voter, validator) → shares that the tallies of the voter's votes count, raw with 18 places
  const checkpoints = schema.map(0x33, "checkpoints", checkpointKey, amountValue);
  // 0x34: ballots that are over and whose votes and tallies are still to be cleared away
  const overBallots = schema.keySet(0x34, "over_ballots", u64Key);

  return {
    schema,
    params,
    constitution,
    nextProposal,
    activeCount,
    rebuild,
    proposals,
    proposalsByStatus,
    depositEnds,
    votingEnds,
    openBallots,
    depositKey,
    deposits,
    depositsByDepositor,
    depositTotals,
    settlements,
    voteKey,
    votes,
    votesByVoter,
    tallyKey,
    tallies,
    checkpointKey,
    checkpoints,
    overBallots,
  };
}

export type GovState = ReturnType<typeof govState>;
