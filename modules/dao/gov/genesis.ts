import type { GenesisState } from "@computronium/proto/cosmos/gov/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/gov/v1/genesis_pb.js";
import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { RegisteredError } from "../../../core/errors.js";
import type { Coins } from "../../../core/math/coins.js";
import { coinsProblem, equalCoins, NO_COINS, parseCoins, sumCoins } from "../../../core/math/coins.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { GovKeeper } from "./keeper.js";
import { defaultGovParams, govParamProblem } from "./params.js";
import { proposalOfBallot } from "./state.js";
import { nanosOf } from "./times.js";
import { splitVote } from "./vote-options.js";

export function defaultGovGenesis(denom: string): GenesisState {
  return create(GenesisStateSchema, { startingProposalId: 1n, params: defaultGovParams(denom) });
}

/** What is wrong with a state by itself, each with where it is; x/gov/types/v1/genesis.go and more. */
export function govGenesisProblems(state: GenesisState, addresses: Addresses): readonly string[] {
  const problems: string[] = [];
  const attempt = (where: string, check: () => void): void => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      problems.push(`${where}: ${error.message}`);
    }
  };
  if (state.startingProposalId === 0n) problems.push("starting_proposal_id: must be greater than 0");
  if (state.startingProposalId >= 1n << 62n) problems.push("starting_proposal_id: is too large");
  const paramProblem = state.params === undefined ? "missing" : govParamProblem(state.params, addresses);
  if (paramProblem !== undefined) problems.push(`params: ${paramProblem}`);

  const proposals = new Map<bigint, Proposal>();
  state.proposals.forEach((proposal, i) => {
    if (proposals.has(proposal.id)) problems.push(`proposals[${i}]: duplicate proposal id: ${proposal.id}`);
    proposals.set(proposal.id, proposal);
    problems.push(...proposalProblems(proposal, state.startingProposalId).map((text) => `proposals[${i}].${text}`));
    if (proposal.proposer !== "")
      attempt(`proposals[${i}].proposer`, () => addresses.account.decode(proposal.proposer));
  });

  const deposited = new Map<bigint, Coins[]>();
  const depositors = new Set<string>();
  state.deposits.forEach(({ proposalId, depositor, amount }, i) => {
    const at = `deposits[${i}]`;
    const proposal = proposals.get(proposalId);
    if (proposal === undefined) problems.push(`${at}: has non-existent proposal id: ${proposalId}`);
    else if (!isLive(proposal)) problems.push(`${at}: proposal ${proposalId} has ended`);
    if (depositors.has(`${proposalId}/${depositor}`)) problems.push(`${at}: duplicate deposit`);
    depositors.add(`${proposalId}/${depositor}`);
    attempt(`${at}.depositor`, () => addresses.account.decode(depositor));
    const problem = coinsProblem(amount);
    if (problem !== undefined) problems.push(`${at}.amount${problem.path}: ${problem.problem}`);
    else deposited.set(proposalId, [...(deposited.get(proposalId) ?? []), parseCoins(amount)]);
  });
  for (const proposal of proposals.values()) {
    if (!isLive(proposal) || coinsProblem(proposal.totalDeposit) !== undefined) continue;
    attempt(`proposals: ${proposal.id}: total_deposit`, () => {
      const sum = sumCoins(deposited.get(proposal.id) ?? [NO_COINS]);
      if (!equalCoins(sum, parseCoins(proposal.totalDeposit))) {
        problems.push(`proposals: ${proposal.id}: total_deposit: is not what its deposits add up to`);
      }
    });
  }

  const voters = new Set<string>();
  state.votes.forEach(({ proposalId, voter, options }, i) => {
    const at = `votes[${i}]`;
    const proposal = proposals.get(proposalId);
    if (proposal === undefined) problems.push(`${at}: has non-existent proposal id: ${proposalId}`);
    else if (proposal.status !== ProposalStatus.VOTING_PERIOD)
      problems.push(`${at}: nobody votes on proposal ${proposalId}`);
    if (voters.has(`${proposalId}/${voter}`)) problems.push(`${at}: duplicate vote`);
    voters.add(`${proposalId}/${voter}`);
    attempt(`${at}.voter`, () => addresses.account.decode(voter));
    attempt(`${at}.options`, () => splitVote(options));
  });
  return problems;
}

function isLive({ status }: Proposal): boolean {
  return status === ProposalStatus.DEPOSIT_PERIOD || status === ProposalStatus.VOTING_PERIOD;
}

function proposalProblems(proposal: Proposal, nextId: bigint): readonly string[] {
  const { id, status, depositEndTime, votingStartTime, votingEndTime, totalDeposit } = proposal;
  const problems: string[] = [];
  if (id === 0n || id >= nextId) problems.push(`id: ${id} is not below the starting proposal id`);
  if (status < ProposalStatus.DEPOSIT_PERIOD || status > ProposalStatus.FAILED)
    problems.push(`status: ${status} is none`);
  const deposit = coinsProblem(totalDeposit);
  if (deposit !== undefined) problems.push(`total_deposit${deposit.path}: ${deposit.problem}`);
  const times = [
    ["deposit_end_time", depositEndTime, status === ProposalStatus.DEPOSIT_PERIOD],
    ["voting_start_time", votingStartTime, status === ProposalStatus.VOTING_PERIOD],
    ["voting_end_time", votingEndTime, status === ProposalStatus.VOTING_PERIOD],
  ] as const;
  for (const [name, time, isNeeded] of times) {
    if (time === undefined && isNeeded) problems.push(`${name}: missing`);
    // As far as nanoseconds in 64 bits go; and Go's year 1 for none.
    const nanos = nanosOf(time);
    if (isNeeded && (nanos < 0n || nanos >= 1n << 63n)) problems.push(`${name}: is out of range`);
  }
  return problems;
}

/** Writes a checked state. Tallies are made in the first block, when there are delegations. */
export function initGovGenesis(ctx: Context, keeper: GovKeeper, genesis: GenesisState): void {
  const { state, deposits, ballots } = keeper;
  const decode = (text: string) => keeper.options.addresses.account.decode(text);
  if (genesis.params === undefined) throw new Error("app_state.gov.params: missing");
  keeper.setParams(ctx, genesis.params);
  state.nextProposal.set(ctx, genesis.startingProposalId);
  state.constitution.set(ctx, genesis.constitution);
  for (const proposal of genesis.proposals) {
    if (proposal.status === ProposalStatus.VOTING_PERIOD) ballots.open(ctx, proposal.id, false);
    keeper.setProposal(ctx, proposal);
  }
  for (const { proposalId, depositor, amount } of genesis.deposits) {
    deposits.restore(ctx, proposalId, decode(depositor), parseCoins(amount));
  }
  for (const vote of genesis.votes) {
    const ballot = ballots.openBallot(ctx, vote.proposalId);
    if (ballot !== undefined) state.votes.set(ctx, [ballot, decode(vote.voter)], vote);
  }
  if (genesis.votes.length > 0) state.rebuild.set(ctx, true);
}

/** All but what follows from it, and deposits on their way back, which are with the DAO's own part. */
export function exportGovGenesis(ctx: ReadContext, keeper: GovKeeper): GenesisState {
  const { state } = keeper;
  return create(GenesisStateSchema, {
    startingProposalId: state.nextProposal.peek(ctx),
    params: keeper.params(ctx),
    constitution: state.constitution.get(ctx) ?? "",
    proposals: [...state.proposals.entries(ctx)].map(([, proposal]) => proposal),
    deposits: [...state.deposits.entries(ctx)]
      .filter(([[id]]) => !keeper.deposits.isSettling(ctx, id))
      .map(([, deposit]) => deposit),
    votes: [...state.votes.entries(ctx)]
      .filter(([[ballot]]) => keeper.ballots.openBallot(ctx, proposalOfBallot(ballot)) === ballot)
      .map(([, vote]) => vote),
  });
}
