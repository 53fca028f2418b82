import type { Msg } from "@computronium/proto/cosmos/gov/v1beta1/tx_pb.js";
import {
  MsgDepositSchema,
  MsgExecLegacyContentSchema,
  MsgSubmitProposalSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import type { MsgSubmitProposal, MsgVoteWeighted } from "@computronium/proto/cosmos/gov/v1beta1/tx_pb.js";
import type { MsgVote, MsgDeposit } from "@computronium/proto/cosmos/gov/v1beta1/tx_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { packAny } from "../../../core/codec/registry.js";
import { formatDec, parseRawDec } from "../../../core/math/dec.js";
import type { MsgServer, ServiceMethods } from "../../../core/runtime/router.js";
import type { GovKeeper } from "./keeper.js";
import { readLegacyContent } from "./legacy-content.js";
import type { GovMsgServer } from "./msg-server.js";

/** The messages of cosmos.gov.v1beta1, which are those of v1 in their old form. */
export function legacyGovMsgServer(keeper: GovKeeper, v1: GovMsgServer): MsgServer<ServiceMethods<typeof Msg>> {
  const submission = ({ content, initialDeposit, proposer }: MsgSubmitProposal) => {
    const { title, description, message } = readLegacyContent(content);
    const authority = keeper.text(keeper.options.authority);
    const legacy = create(MsgExecLegacyContentSchema, { authority, content: packAny(message.schema, message.value) });
    return create(MsgSubmitProposalSchema, {
      messages: [packAny(MsgExecLegacyContentSchema, legacy)],
      initialDeposit,
      proposer,
      title,
      summary: description,
    });
  };
  const vote = ({ proposalId, voter, option }: MsgVote) =>
    create(MsgVoteSchema, { proposalId, voter, option: Number(option) });
  const weighted = ({ proposalId, voter, options }: MsgVoteWeighted) =>
    create(MsgVoteWeightedSchema, {
      proposalId,
      voter,
      options: options.map(({ option, weight }) => {
        const raw = parseRawDec(weight);
        return { option: Number(option), weight: raw === undefined ? weight : formatDec(raw) };
      }),
    });
  const deposit = ({ proposalId, depositor, amount }: MsgDeposit) =>
    create(MsgDepositSchema, { proposalId, depositor, amount });

  return {
    submitProposal: {
      check: (msg) => v1.submitProposal.check?.(submission(msg)),
      execute: (ctx, msg) => {
        const { proposalId = 0n } = v1.submitProposal.execute(ctx, submission(msg));
        return { proposalId };
      },
    },
    vote: {
      check: (msg) => v1.vote.check?.(vote(msg)),
      execute(ctx, msg) {
        v1.vote.execute(ctx, vote(msg));
        return {};
      },
    },
    voteWeighted: {
      check: (msg) => v1.voteWeighted.check?.(weighted(msg)),
      execute(ctx, msg) {
        v1.voteWeighted.execute(ctx, weighted(msg));
        return {};
      },
    },
    deposit: {
      check: (msg) => v1.deposit.check?.(deposit(msg)),
      execute(ctx, msg) {
        v1.deposit.execute(ctx, deposit(msg));
        return {};
      },
    },
  };
}
