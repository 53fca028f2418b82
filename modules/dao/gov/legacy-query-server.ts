import type { Any } from "@bufbuild/protobuf/wkt";
import type { Deposit, Proposal, TallyResult, Vote } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import type { MsgExecLegacyContent } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { MsgExecLegacyContentSchema } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { TextProposalSchema } from "@computronium/proto/cosmos/gov/v1beta1/gov_pb.js";
import type { Query } from "@computronium/proto/cosmos/gov/v1beta1/query_pb.js";
import {
  QueryDepositRequestSchema,
  QueryDepositResponseSchema,
  QueryDepositsRequestSchema,
  QueryDepositsResponseSchema,
  QueryParamsRequestSchema,
  QueryParamsResponseSchema,
  QueryProposalRequestSchema,
  QueryProposalResponseSchema,
  QueryProposalsRequestSchema,
  QueryProposalsResponseSchema,
  QueryTallyResultRequestSchema,
  QueryTallyResultResponseSchema,
  QueryVoteRequestSchema,
  QueryVoteResponseSchema,
  QueryVotesRequestSchema,
  QueryVotesResponseSchema,
} from "@computronium/proto/cosmos/gov/v1/query_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { packAny, unpackAny } from "../../../core/codec/registry.js";
import type { Dec } from "../../../core/math/dec.js";
import type { QueryServer, ServiceMethods } from "../../../core/runtime/router.js";
import { invalidArgument } from "../../../core/runtime/status.js";
import { decOfParams } from "./params.js";
import type { GovQueryServer } from "./query-server.js";

/** The queries of cosmos.gov.v1beta1, which are those of v1 in their old form: x/gov/migrations/v3/convert.go. */
export function legacyGovQueryServer(v1: GovQueryServer): QueryServer<ServiceMethods<typeof Query>> {
  return {
    proposal(ctx, { proposalId }) {
      const request = create(QueryProposalRequestSchema, { proposalId });
      const { proposal } = create(QueryProposalResponseSchema, v1.proposal(ctx, request));
      return proposal === undefined ? {} : { proposal: legacyProposal(proposal) };
    },
    proposals(ctx, { proposalStatus, voter, depositor, pagination }) {
      const fields = { proposalStatus: Number(proposalStatus), voter, depositor, ...page(pagination) };
      const request = create(QueryProposalsRequestSchema, fields);
      const answer = create(QueryProposalsResponseSchema, v1.proposals(ctx, request));
      return { proposals: answer.proposals.map(legacyProposal), ...page(answer.pagination) };
    },
    vote(ctx, { proposalId, voter }) {
      const request = create(QueryVoteRequestSchema, { proposalId, voter });
      const { vote } = create(QueryVoteResponseSchema, v1.vote(ctx, request));
      return vote === undefined ? {} : { vote: legacyVote(vote) };
    },
    votes(ctx, { proposalId, pagination }) {
      const request = create(QueryVotesRequestSchema, { proposalId, ...page(pagination) });
      const answer = create(QueryVotesResponseSchema, v1.votes(ctx, request));
      return { votes: answer.votes.map(legacyVote), ...page(answer.pagination) };
    },
    params(ctx, { paramsType }) {
      const answer = create(
        QueryParamsResponseSchema,
        v1.params(ctx, create(QueryParamsRequestSchema, { paramsType })),
      );
      const { params } = answer;
      if (params === undefined || paramsType === "") {
        throw invalidArgument(`${paramsType} is not a valid parameter type`);
      }
      const { minDeposit, maxDepositPeriod, votingPeriod, quorum, threshold, vetoThreshold } = params;
      if (paramsType === "deposit") {
        return { depositParams: { minDeposit, ...(maxDepositPeriod !== undefined && { maxDepositPeriod }) } };
      }
      if (paramsType === "voting") return { votingParams: { ...(votingPeriod !== undefined && { votingPeriod }) } };
      return { tallyParams: { quorum: dec(quorum), threshold: dec(threshold), vetoThreshold: dec(vetoThreshold) } };
    },
    deposit(ctx, { proposalId, depositor }) {
      const request = create(QueryDepositRequestSchema, { proposalId, depositor });
      const { deposit } = create(QueryDepositResponseSchema, v1.deposit(ctx, request));
      return deposit === undefined ? {} : { deposit: legacyDeposit(deposit) };
    },
    deposits(ctx, { proposalId, pagination }) {
      const request = create(QueryDepositsRequestSchema, { proposalId, ...page(pagination) });
      const answer = create(QueryDepositsResponseSchema, v1.deposits(ctx, request));
      return { deposits: answer.deposits.map(legacyDeposit), ...page(answer.pagination) };
    },
    tallyResult(ctx, { proposalId }) {
      const request = create(QueryTallyResultRequestSchema, { proposalId });
      return { tally: legacyTally(create(QueryTallyResultResponseSchema, v1.tallyResult(ctx, request)).tally) };
    },
  };
}

function page<P>(pagination: P | undefined): { pagination?: P } {
  return pagination === undefined ? {} : { pagination };
}

function legacyDeposit({ proposalId, depositor, amount }: Deposit) {
  return { proposalId, depositor, amount };
}

/** math.LegacyDec in a field of bytes: the digits of its raw value. */
function dec(text: string): Uint8Array {
  const raw: Dec = decOfParams(text);
  return Buffer.from(raw.toString(), "latin1");
}

function legacyProposal(proposal: Proposal) {
  const { id, status, finalTallyResult, submitTime, depositEndTime, totalDeposit, votingStartTime, votingEndTime } =
    proposal;
  return {
    proposalId: id,
    content: contentOf(proposal),
    status: Number(status),
    finalTallyResult: legacyTally(finalTallyResult),
    totalDeposit,
    submitTime: submitTime ?? {},
    depositEndTime: depositEndTime ?? {},
    votingStartTime: votingStartTime ?? GO_ZERO_TIME,
    votingEndTime: votingEndTime ?? GO_ZERO_TIME,
  };
}

/** 1 January of year 1: what Go writes for a time that is not there. */
const GO_ZERO_TIME = { seconds: -62_135_596_800n, nanos: 0 };

/**
 * The content that a proposal was submitted with, or its one message. The SDK refuses to show a proposal of none or several in
 * this form, and all lists that it is in; here it is shown as a text.
 */
function contentOf({ messages, title, summary }: Proposal): Any {
  const [only, ...others] = messages;
  if (only === undefined || others.length > 0) {
    return packAny(TextProposalSchema, create(TextProposalSchema, { title, description: summary }));
  }
  const { schema, value } = unpackAny(only);
  if (schema.typeName !== MsgExecLegacyContentSchema.typeName) return only;
  return (value as MsgExecLegacyContent).content ?? only;
}

function legacyTally(tally: TallyResult | undefined) {
  const { yesCount = "0", abstainCount = "0", noCount = "0", noWithVetoCount = "0" } = tally ?? {};
  return { yes: yesCount, abstain: abstainCount, no: noCount, noWithVeto: noWithVetoCount };
}

function legacyVote({ proposalId, voter, options }: Vote) {
  return {
    proposalId,
    voter,
    options: options.map(({ option, weight }) => ({ option: Number(option), weight: decOfParams(weight).toString() })),
  };
}
