import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import type { Query, QueryProposalsRequest } from "@computronium/proto/cosmos/gov/v1/query_pb.js";
import type { PageResponse } from "@computronium/proto/cosmos/base/query/v1beta1/pagination_pb.js";

import type { ReadContext } from "../../../core/runtime/context.js";
import { paginate } from "../../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../../core/runtime/router.js";
import { invalidArgument, notFound } from "../../../core/runtime/status.js";
import type { GovKeeper } from "./keeper.js";
import { proposalOfBallot } from "./state.js";
import { EMPTY_TALLY_RESULT, tallyResult } from "./tally.js";

export type GovQueryServer = QueryServer<ServiceMethods<typeof Query>>;

interface Page {
  readonly proposals: Proposal[];
  readonly pagination: PageResponse;
}

function requireId(id: bigint): void {
  if (id === 0n) throw invalidArgument("proposal id can not be 0");
}

/** Answers the queries of cosmos.gov.v1: x/gov/keeper/grpc_query.go. */
export function govQueryServer(keeper: GovKeeper): GovQueryServer {
  const { state } = keeper;
  const decode = (text: string) => keeper.options.addresses.account.decode(text);

  function proposalOf(ctx: ReadContext, id: bigint): Proposal {
    requireId(id);
    const proposal = keeper.proposal(ctx, id);
    if (proposal === undefined) throw notFound(`proposal ${id} doesn't exist`);
    return proposal;
  }

  return {
    constitution: (ctx) => ({ constitution: state.constitution.get(ctx) ?? "" }),

    proposal: (ctx, { proposalId }) => ({ proposal: proposalOf(ctx, proposalId) }),

    proposals: (ctx, request) => proposals(ctx, keeper, request),

    vote(ctx, { proposalId, voter }) {
      requireId(proposalId);
      if (voter === "") throw invalidArgument("empty voter address");
      const ballot = keeper.ballots.openBallot(ctx, proposalId);
      const vote = ballot === undefined ? undefined : state.votes.get(ctx, [ballot, decode(voter)]);
      if (vote === undefined) throw invalidArgument(`voter: ${voter} not found for proposal: ${proposalId}`);
      return { vote };
    },

    votes(ctx, { proposalId, pagination }) {
      requireId(proposalId);
      // Votes of a proposal that has ended count no more, though they may still be there.
      const ballot = keeper.ballots.openBallot(ctx, proposalId);
      if (ballot === undefined) return { pagination: {} };
      const page = paginate(ctx, state.votes.map, pagination, { prefix: state.voteKey.prefix(ballot) });
      return { votes: page.entries.map(([, vote]) => vote), pagination: page.pagination };
    },

    params(ctx, { paramsType }) {
      const params = keeper.params(ctx);
      const { minDeposit, quorum, threshold, vetoThreshold } = params;
      switch (paramsType) {
        case "":
          return { params };
        case "deposit":
          return { params, depositParams: { minDeposit, ...only("maxDepositPeriod", params.maxDepositPeriod) } };
        case "voting":
          return { params, votingParams: only("votingPeriod", params.votingPeriod) };
        case "tallying":
          return { params, tallyParams: { quorum, threshold, vetoThreshold } };
        default:
          throw invalidArgument(`unknown params type: ${paramsType}`);
      }
    },

    deposit(ctx, { proposalId, depositor }) {
      requireId(proposalId);
      if (depositor === "") throw invalidArgument("empty depositor address");
      const key = [proposalId, decode(depositor)] as const;
      const deposit = keeper.deposits.isSettling(ctx, proposalId) ? undefined : state.deposits.get(ctx, key);
      if (deposit === undefined) throw notFound(`depositor: ${depositor} not found for proposal: ${proposalId}`);
      return { deposit };
    },

    deposits(ctx, { proposalId, pagination }) {
      requireId(proposalId);
      if (keeper.deposits.isSettling(ctx, proposalId)) return { pagination: {} };
      const page = paginate(ctx, state.deposits.map, pagination, { prefix: state.depositKey.prefix(proposalId) });
      return { deposits: page.entries.map(([, deposit]) => deposit), pagination: page.pagination };
    },

    tallyResult(ctx, { proposalId }) {
      const { status, finalTallyResult } = proposalOf(ctx, proposalId);
      if (status === ProposalStatus.VOTING_PERIOD) return { tally: tallyResult(keeper.ballots.count(ctx, proposalId)) };
      return { tally: finalTallyResult ?? EMPTY_TALLY_RESULT };
    },
  };
}

function only<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** By the narrowest index that the request allows; the other conditions filter what it yields. Always in order of the numbers. */
function proposals(ctx: ReadContext, keeper: GovKeeper, request: QueryProposalsRequest): Page {
  const { state } = keeper;
  const decode = (text: string) => keeper.options.addresses.account.decode(text);
  const depositor = request.depositor === "" ? undefined : decode(request.depositor);
  const voter = request.voter === "" ? undefined : decode(request.voter);
  const status = isStatus(request.proposalStatus) ? request.proposalStatus : undefined;
  const hasDeposit = (id: bigint): boolean =>
    depositor === undefined || (state.deposits.has(ctx, [id, depositor]) && !keeper.deposits.isSettling(ctx, id));
  const hasVote = (id: bigint): boolean => {
    if (voter === undefined) return true;
    const ballot = keeper.ballots.openBallot(ctx, id);
    return ballot !== undefined && state.votes.has(ctx, [ballot, voter]);
  };
  const hasStatus = (id: bigint): boolean =>
    status === undefined || state.proposalsByStatus.refs.has(ctx, [BigInt(status), id]);
  const read = (ids: readonly bigint[]) => ids.map((id) => keeper.requireProposal(ctx, id));

  if (depositor !== undefined) {
    const { entries, pagination } = paginate(ctx, state.depositsByDepositor.refs.map, request.pagination, {
      prefix: state.depositsByDepositor.prefix(depositor),
      filter: ([, [id]]) => hasDeposit(id) && hasVote(id) && hasStatus(id),
    });
    return { proposals: read(entries.map(([[, [id]]]) => id)), pagination };
  }
  if (voter !== undefined) {
    const { entries, pagination } = paginate(ctx, state.votesByVoter.refs.map, request.pagination, {
      prefix: state.votesByVoter.prefix(voter),
      filter: ([, [ballot]]) => state.openBallots.has(ctx, ballot) && hasStatus(proposalOfBallot(ballot)),
    });
    return { proposals: read(entries.map(([[, [ballot]]]) => proposalOfBallot(ballot))), pagination };
  }
  if (status !== undefined) {
    const { entries, pagination } = paginate(ctx, state.proposalsByStatus.refs.map, request.pagination, {
      prefix: state.proposalsByStatus.prefix(BigInt(status)),
    });
    return { proposals: read(entries.map(([[, id]]) => id)), pagination };
  }
  const { entries, pagination } = paginate(ctx, state.proposals.map, request.pagination);
  return { proposals: entries.map(([, proposal]) => proposal), pagination };
}

function isStatus(status: ProposalStatus): boolean {
  return status >= ProposalStatus.DEPOSIT_PERIOD && status <= ProposalStatus.FAILED;
}
