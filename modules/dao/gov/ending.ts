import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { StateIndex } from "../../../core/collections/collections.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import * as events from "./events.js";
import type { GovKeeper } from "./keeper.js";
import { changed } from "./changed.js";
import { decOfParams } from "./params.js";
import type { TallyRules } from "./tally.js";
import { tallyResult, verdict } from "./tally.js";
import { nanosOf, secondsAndNanos } from "./times.js";

/**
 * Ends a block for governance, as x/gov/abci.go does, in bounded slices: proposals whose deposit or voting period is over,
 * what has waited for its execution, then deposits that go back, then votes that count no more. What does not fit waits for the next block.
 */
export function endBlock(ctx: Context, keeper: GovKeeper): void {
  const { maxEndingsPerBlock, maxSettlementsPerBlock } = keeper.options.settings.get(ctx);
  let left = maxEndingsPerBlock;
  for (const id of due(ctx, keeper.state.depositEnds, left)) {
    endDepositPeriod(ctx, keeper, keeper.requireProposal(ctx, id));
    left -= 1;
  }
  left -= keeper.lateQuorum.look(ctx, left);
  for (const id of due(ctx, keeper.state.votingEnds, left)) {
    left -= 1;
    // What was executed just now may have removed it.
    const proposal = keeper.proposal(ctx, id);
    if (proposal?.status === ProposalStatus.VOTING_PERIOD) endVotingPeriod(ctx, keeper, proposal);
  }
  keeper.executions.carryOutDue(ctx, left);
  const settled = keeper.deposits.settle(ctx, maxSettlementsPerBlock);
  clearBallots(ctx, keeper, maxSettlementsPerBlock - settled);
}

/** At most `limit` proposals of a queue whose time has come, the earliest first. */
function due(ctx: ReadContext, queue: StateIndex<bigint, bigint, Proposal>, limit: number): readonly bigint[] {
  const ids: bigint[] = [];
  for (const [time, id] of queue.refs.keys(ctx)) {
    if (time > ctx.block.timeNanos || ids.length >= limit) break;
    ids.push(id);
  }
  return ids;
}

function endDepositPeriod(ctx: Context, keeper: GovKeeper, proposal: Proposal): void {
  if (keeper.params(ctx).burnProposalDepositPrevote) keeper.deposits.burn(ctx, proposal.id);
  else keeper.deposits.refund(ctx, proposal.id);
  keeper.remove(ctx, proposal);
  ctx.events.emit(events.dropped(proposal.id));
}

/** What a proposal needs to pass. */
export function rulesFor(keeper: GovKeeper, ctx: ReadContext, { expedited }: Pick<Proposal, "expedited">): TallyRules {
  const params = keeper.params(ctx);
  return {
    quorum: decOfParams(params.quorum),
    threshold: decOfParams(expedited ? params.expeditedThreshold : params.threshold),
    vetoThreshold: decOfParams(params.vetoThreshold),
    burnVoteQuorum: params.burnVoteQuorum,
    burnVoteVeto: params.burnVoteVeto,
  };
}

function endVotingPeriod(ctx: Context, keeper: GovKeeper, proposal: Proposal): void {
  const { id, expedited } = proposal;
  const votes = keeper.ballots.count(ctx, id);
  const { passes, burnsDeposits } = verdict(
    votes,
    keeper.options.staking.totalBonded(ctx),
    rulesFor(keeper, ctx, proposal),
  );
  const tallied = changed(proposal, { finalTallyResult: tallyResult(votes) });
  if (expedited && !passes) {
    becomeRegular(ctx, keeper, tallied);
    return;
  }
  const extended = keeper.lateQuorum.extended(ctx, proposal, votes);
  if (extended !== undefined) {
    keeper.setProposal(ctx, extended);
    return;
  }
  keeper.lateQuorum.forget(ctx, id);
  if (burnsDeposits) keeper.deposits.burn(ctx, id);
  else keeper.deposits.refund(ctx, id);
  keeper.ballots.close(ctx, id);
  if (passes) {
    pass(ctx, keeper, tallied);
    return;
  }
  const failedReason = "proposal did not get enough votes to pass";
  keeper.setProposal(ctx, changed(tallied, { status: ProposalStatus.REJECTED, failedReason }));
  ctx.events.emit(events.votingEnded(id, "proposal_rejected", "rejected"));
}

/** The period of a regular proposal, counted from when voting began, and a vote that begins anew. */
function becomeRegular(ctx: Context, keeper: GovKeeper, proposal: Proposal): void {
  const end = nanosOf(proposal.votingStartTime) + nanosOf(keeper.params(ctx).votingPeriod);
  keeper.ballots.close(ctx, proposal.id);
  keeper.ballots.open(ctx, proposal.id, true);
  const regular = changed(proposal, { expedited: false, votingEndTime: secondsAndNanos(end) });
  keeper.lateQuorum.watch(ctx, regular);
  keeper.setProposal(ctx, regular);
  const log = "expedited proposal converted to regular";
  ctx.events.emit(events.votingEnded(proposal.id, "expedited_proposal_rejected", log));
}

function pass(ctx: Context, keeper: GovKeeper, proposal: Proposal): void {
  const passed = changed(proposal, { status: ProposalStatus.PASSED });
  // Before its messages: they find the proposal decided, whatever they do.
  keeper.setProposal(ctx, passed);
  const failure = keeper.executions.begin(ctx, passed);
  if (failure === undefined) {
    ctx.events.emit(events.votingEnded(proposal.id, "proposal_passed", "passed"));
    return;
  }
  const log = `passed, but msg ${failure.index} (${failure.typeUrl}) failed on execution: ${failure.reason}`;
  ctx.events.emit(events.votingEnded(proposal.id, "proposal_failed", log));
}

function clearBallots(ctx: Context, keeper: GovKeeper, limit: number): void {
  let left = limit;
  while (left > 0) {
    const [ballot] = keeper.state.overBallots.keys(ctx);
    if (ballot === undefined) return;
    const cleared = keeper.ballots.clear(ctx, ballot, left);
    if (cleared < left) keeper.state.overBallots.remove(ctx, ballot);
    left -= Math.max(1, cleared);
  }
}
