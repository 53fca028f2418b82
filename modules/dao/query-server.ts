import type { Query } from "@computronium/proto/computronium/dao/v1/query_pb.js";
import { BountyState, ExecutionState } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import { coinMessages } from "../../core/math/coins.js";
import { paginate } from "../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { notFound } from "../../core/runtime/status.js";
import type { DaoKeeper } from "./keeper.js";

/** Answers the queries of the DAO. */
export function daoQueryServer(keeper: DaoKeeper): QueryServer<ServiceMethods<typeof Query>> {
  const { state, gov, treasury } = keeper;
  const decode = (text: string) => keeper.options.addresses.account.decode(text);

  return {
    params: (ctx) => ({ params: keeper.settings.get(ctx) }),

    execution(ctx, { proposalId }) {
      const execution = gov.executions.get(ctx, proposalId);
      if (execution === undefined) throw notFound(`proposal ${proposalId} has not passed, or has no messages`);
      return { execution, pausable: gov.executions.isPausable(ctx, execution) };
    },

    executions(ctx, { state: wanted, pagination: request }) {
      if (wanted === ExecutionState.UNSPECIFIED) {
        const { entries, pagination } = paginate(ctx, state.executions.map, request);
        return { executions: entries.map(([, execution]) => execution), pagination };
      }
      const { executionsByState } = state;
      const { entries, pagination } = paginate(ctx, executionsByState.refs.map, request, {
        prefix: executionsByState.prefix(BigInt(wanted)),
      });
      return { executions: entries.flatMap(([[, id]]) => gov.executions.get(ctx, id) ?? []), pagination };
    },

    budget(ctx, { category }) {
      // Longer or with U+0000 there is none, and it would be no key.
      const budget = /^[a-z0-9-]{1,64}$/.test(category) ? treasury.budget(ctx, category) : undefined;
      if (budget === undefined) throw notFound("there is no such budget");
      return { budget, left: coinMessages(treasury.left(ctx, budget)) };
    },

    budgets(ctx, { pagination: request }) {
      const { entries, pagination } = paginate(ctx, state.budgets, request);
      return { budgets: entries.map(([, budget]) => budget), pagination };
    },

    grant(ctx, { grantId }) {
      const grant = state.grants.get(ctx, grantId);
      if (grant === undefined) throw notFound(`there is no grant ${grantId}`);
      return { grant };
    },

    grants(ctx, { payee, reviewer, onlyOpen, pagination: request }) {
      const index = payee !== "" ? state.grantsByPayee : reviewer !== "" ? state.grantsByReviewer : undefined;
      const fits = (id: bigint): boolean => {
        const grant = state.grants.get(ctx, id);
        return grant !== undefined && (reviewer === "" || grant.reviewer === reviewer) && (!onlyOpen || grant.open);
      };
      if (index === undefined) {
        const { entries, pagination } = paginate(ctx, state.grants.map, request, {
          filter: (_id, { open }) => !onlyOpen || open,
        });
        return { grants: entries.map(([, grant]) => grant), pagination };
      }
      const { entries, pagination } = paginate(ctx, index.refs.map, request, {
        prefix: index.prefix(decode(payee === "" ? reviewer : payee)),
        filter: ([, id]) => fits(id),
      });
      return { grants: entries.flatMap(([[, id]]) => state.grants.get(ctx, id) ?? []), pagination };
    },

    bounty(ctx, { bountyId }) {
      const bounty = state.bounties.get(ctx, bountyId);
      if (bounty === undefined) throw notFound(`there is no bounty ${bountyId}`);
      return { bounty };
    },

    bounties(ctx, { funder, judge, state: wanted, pagination: request }) {
      const fits = (id: bigint): boolean => {
        const bounty = state.bounties.get(ctx, id);
        return (
          bounty !== undefined &&
          (judge === "" || bounty.judge === judge) &&
          (wanted === BountyState.UNSPECIFIED || bounty.state === wanted)
        );
      };
      const refs =
        funder !== ""
          ? { map: state.bountiesByFunder.refs.map, prefix: state.bountiesByFunder.prefix(decode(funder)) }
          : judge !== ""
            ? { map: state.bountiesByJudge.refs.map, prefix: state.bountiesByJudge.prefix(decode(judge)) }
            : undefined;
      if (refs !== undefined) {
        const { entries, pagination } = paginate(ctx, refs.map, request, {
          prefix: refs.prefix,
          filter: ([, id]) => fits(id),
        });
        return { bounties: entries.flatMap(([[, id]]) => state.bounties.get(ctx, id) ?? []), pagination };
      }
      if (wanted !== BountyState.UNSPECIFIED) {
        const { entries, pagination } = paginate(ctx, state.bountiesByState.refs.map, request, {
          prefix: state.bountiesByState.prefix(BigInt(wanted)),
        });
        return { bounties: entries.flatMap(([[, id]]) => state.bounties.get(ctx, id) ?? []), pagination };
      }
      const { entries, pagination } = paginate(ctx, state.bounties.map, request);
      return { bounties: entries.map(([, bounty]) => bounty), pagination };
    },

    resourceClasses(ctx, { pagination: request }) {
      const { entries, pagination } = paginate(ctx, state.resourceClasses, request);
      return { resourceClasses: entries.map(([, value]) => value), pagination };
    },

    networkAdapters(ctx, { pagination: request }) {
      const { entries, pagination } = paginate(ctx, state.networkAdapters, request);
      return { networkAdapters: entries.map(([, value]) => value), pagination };
    },
  };
}
