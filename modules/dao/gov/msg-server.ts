import type { Msg } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { ProposalSchema } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import { toBinary } from "../../../core/codec/protobuf.js";
import type { AccAddress } from "../../../core/address.js";
import {
  ErrInvalidAddress,
  ErrInvalidAuthority,
  ErrInvalidCoins,
  ErrInvalidRequest,
  RegisteredError,
} from "../../../core/errors.js";
import { parseCoins } from "../../../core/math/coins.js";
import type { MsgServer, ServiceMethods } from "../../../core/runtime/router.js";
import { STORE_GAS } from "../../../core/runtime/gas.js";
import { requireAuthority } from "../../../core/runtime/authority.js";
import * as events from "./events.js";
import type { GovKeeper } from "./keeper.js";
import { messageForContent, readLegacyContent } from "./legacy-content.js";
import { checkCount, checkMessages, checkMetadata, checkTexts } from "./new-proposal.js";
import { govParamProblem, unreachableDeposit } from "./params.js";
import { secondsAndNanos } from "./times.js";
import { splitVote, wholeVote } from "./vote-options.js";

export type GovMsgServer = MsgServer<ServiceMethods<typeof Msg>>;

/** How the messages of cosmos.gov.v1 are carried out: x/gov/keeper/msg_server.go. */
export function govMsgServer(keeper: GovKeeper): GovMsgServer {
  const { addresses, authority, dispatcher, bank } = keeper.options;
  const actor = (text: string, role: string): AccAddress => {
    try {
      return addresses.account.decode(text);
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      throw ErrInvalidAddress.with(`invalid ${role} address: ${error.detail}`);
    }
  };

  return {
    submitProposal: {
      check(msg) {
        actor(msg.proposer, "proposer");
        checkTexts(msg);
        checkCount(msg);
        parseCoins(msg.initialDeposit);
      },
      execute(ctx, msg) {
        const proposer = actor(msg.proposer, "proposer");
        checkTexts(msg);
        checkCount(msg);
        const initial = parseCoins(msg.initialDeposit);
        const params = keeper.params(ctx);
        keeper.deposits.requireInitial(params, initial, msg);
        keeper.deposits.requireDenoms(params, initial);
        checkMessages(ctx, msg.messages, { dispatcher, authority, text: (address) => keeper.text(address) });
        const proposal = keeper.submit(ctx, {
          proposer,
          messages: msg.messages,
          metadata: msg.metadata,
          title: msg.title,
          summary: msg.summary,
          expedited: msg.expedited,
        });
        // As the SDK: what is stored will be read again by many.
        const bytes = toBinary(ProposalSchema, proposal).length;
        ctx.gas.consume(3 * STORE_GAS.writePerByte * bytes, "submit proposal");
        const starts = keeper.deposit(ctx, proposal.id, proposer, initial);
        if (starts) ctx.events.emit(events.votingStarted(proposal.id, "submit_proposal"));
        return { proposalId: proposal.id };
      },
    },

    execLegacyContent: {
      check: ({ content }) => void readLegacyContent(content),
      execute(ctx, { authority: given, content }) {
        // In the words of x/gov, which differ here from those of all other messages.
        const expected = keeper.text(authority);
        if (given !== expected) throw ErrInvalidAuthority.with(`expected ${expected} got ${given}`);
        const message = messageForContent(readLegacyContent(content), given);
        if (message !== undefined) dispatcher.execute(ctx, message, authority);
        return {};
      },
    },

    vote: {
      check(msg) {
        actor(msg.voter, "voter");
        wholeVote(msg.option);
        checkMetadata(msg.metadata);
      },
      execute(ctx, { proposalId, voter, option, metadata }) {
        const options = wholeVote(option);
        checkMetadata(metadata);
        keeper.vote(ctx, { proposalId, voter: actor(voter, "voter"), options, metadata });
        return {};
      },
    },

    voteWeighted: {
      check(msg) {
        actor(msg.voter, "voter");
        splitVote(msg.options);
        checkMetadata(msg.metadata);
      },
      execute(ctx, { proposalId, voter, options, metadata }) {
        checkMetadata(metadata);
        keeper.vote(ctx, { proposalId, voter: actor(voter, "voter"), options: splitVote(options), metadata });
        return {};
      },
    },

    deposit: {
      check(msg) {
        actor(msg.depositor, "depositor");
        if (parseCoins(msg.amount).length === 0) throw ErrInvalidCoins.with("");
      },
      execute(ctx, { proposalId, depositor, amount }) {
        const coins = parseCoins(amount);
        if (coins.length === 0) throw ErrInvalidCoins.with("");
        const starts = keeper.deposit(ctx, proposalId, actor(depositor, "depositor"), coins);
        if (starts) ctx.events.emit(events.votingStarted(proposalId, "proposal_deposit"));
        return {};
      },
    },

    updateParams: {
      check({ params }) {
        if (params === undefined) throw ErrInvalidRequest.with("params: missing");
        const problem = govParamProblem(params, addresses);
        if (problem !== undefined) throw ErrInvalidRequest.with(problem);
      },
      execute(ctx, { authority: given, params }) {
        requireAuthority({ addresses, authority }, given);
        if (params === undefined) throw ErrInvalidRequest.with("params: missing");
        const problem =
          govParamProblem(params, addresses) ??
          unreachableDeposit(params, (denom) => bank.supplyOf(ctx, denom)) ??
          keeper.blockedDest(params);
        if (problem !== undefined) throw ErrInvalidRequest.with(problem);
        keeper.setParams(ctx, params);
        return {};
      },
    },

    cancelProposal: {
      check: (msg) => void actor(msg.proposer, "proposer"),
      execute(ctx, { proposalId, proposer }) {
        actor(proposer, "proposer");
        keeper.cancel(ctx, proposalId, proposer);
        ctx.events.emit(events.cancelled(proposer, proposalId));
        return {
          proposalId,
          canceledTime: secondsAndNanos(ctx.block.timeNanos),
          canceledHeight: ctx.block.height,
        };
      },
    },
  };
}
