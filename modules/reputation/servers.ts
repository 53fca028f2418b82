import type { GenService } from "@bufbuild/protobuf/codegenv2";
import type { Msg, MsgUpdateParams } from "@computronium/proto/computronium/reputation/v1/tx_pb.js";
import type { Query } from "@computronium/proto/computronium/reputation/v1/query_pb.js";
import type { Reputation } from "@computronium/proto/computronium/reputation/v1/types_pb.js";
import { EventParamsUpdatedSchema } from "@computronium/proto/computronium/reputation/v1/events_pb.js";

import { formatDec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { paginate } from "../../core/runtime/pagination.js";
import type { MsgServer, QueryServer } from "../../core/runtime/router.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { requireAuthority } from "../../core/runtime/authority.js";
import { ErrInvalidKind, ErrInvalidParams } from "./errors.js";
import type { ReputationKeeper } from "./keeper.js";
import { paramProblems } from "./params.js";

type Methods<S> = S extends GenService<infer M> ? M : never;

/** How the messages of reputation are carried out. */
export function reputationMsgServer(keeper: ReputationKeeper): MsgServer<Methods<typeof Msg>> {
  const read = ({ params }: MsgUpdateParams) => {
    if (params === undefined) throw ErrInvalidParams.with("params: missing");
    const problems = paramProblems(params);
    if (problems.length > 0) throw ErrInvalidParams.with(problems.join("; "));
    return params;
  };
  return {
    updateParams: {
      check(msg) {
        keeper.deps.addresses.account.decode(msg.authority);
        read(msg);
      },
      execute(ctx: Context, msg) {
        const params = read(msg);
        requireAuthority(keeper.deps, msg.authority);
        keeper.setParams(ctx, params);
        ctx.events.emit(typedEvent(EventParamsUpdatedSchema, { params }));
        return {};
      },
    },
  };
}

/** Answers the queries of reputation. */
export function reputationQueryServer(keeper: ReputationKeeper): QueryServer<Methods<typeof Query>> {
  const { state } = keeper;
  const explain = (ctx: ReadContext, reputation: Reputation) => {
    const parts = keeper.scoreParts(ctx, reputation);
    return {
      reputation,
      score: formatDec(parts.score),
      scoreBps: parts.scoreBps,
      alphaNow: formatDec(parts.alpha),
      betaNow: formatDec(parts.beta),
      decay: formatDec(parts.decay),
      priorWeight: formatDec(parts.priorWeight),
    };
  };
  // A longer address can have no reputation, and would not fit in a key.
  const decode = (text: string) => keeper.deps.addresses.account.decode(text);
  const known = (text: string) => decode(text).length <= 64;
  return {
    params: (ctx) => ({ params: keeper.params(ctx) }),
    scores(ctx, request) {
      if (!known(request.provider)) return {};
      const { entries, pagination } = paginate(ctx, state.reputations.map, request.pagination, {
        prefix: state.scoreKey.prefix(decode(request.provider)),
        filter: ([, kind]) => request.kind === "" || kind === request.kind,
      });
      return { scores: entries.map(([, reputation]) => explain(ctx, reputation)), pagination };
    },
    ranking(ctx, request) {
      if (request.kind === "" || request.kind.includes("\0")) throw ErrInvalidKind.with(`"${request.kind}"`);
      const { entries, pagination } = paginate(ctx, state.ranking.refs.map, request.pagination, {
        prefix: state.rankingKey.prefix(request.kind),
      });
      const scores = entries.map(([[, key]]) => explain(ctx, state.reputations.get(ctx, key)!));
      return { scores, pagination };
    },
    pairs(ctx, request) {
      if (!known(request.provider)) return {};
      const { entries, pagination } = paginate(ctx, state.pairsByProvider.refs.map, request.pagination, {
        prefix: state.pairsByProvider.prefix(decode(request.provider)),
      });
      return { pairs: entries.map(([[, key]]) => state.pairs.get(ctx, key)!), pagination };
    },
  };
}
