import type { Grant } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import type { Query } from "@computronium/proto/cosmos/feegrant/v1beta1/query_pb.js";

import { paginate } from "../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { StatusError } from "../../core/runtime/status.js";
import type { FeegrantKeeper } from "./keeper.js";
import type { AllowanceKey } from "./state.js";
import { allowanceKey, allowances, allowancesByGranter } from "./state.js";

/** cosmos.feegrant.v1beta1.Query. Allowances that are over are not shown, whether or not they have been removed. */
export function feegrantQueryServer(keeper: FeegrantKeeper): QueryServer<ServiceMethods<typeof Query>> {
  const { addresses } = keeper;
  return {
    allowance(ctx, { granter, grantee }) {
      const grant = keeper.get(ctx, [addresses.account.decode(grantee), addresses.account.decode(granter)]);
      if (grant === undefined) throw new StatusError("Internal", "fee-grant not found: not found");
      return { allowance: grant };
    },

    allowances(ctx, { grantee, pagination }) {
      const filter = (_key: AllowanceKey, grant: Grant) => keeper.isInForce(ctx, grant);
      const page = paginate(ctx, allowances.map, pagination, {
        prefix: allowanceKey.prefix(addresses.account.decode(grantee)),
        filter,
      });
      return { allowances: page.entries.map(([, grant]) => grant), pagination: page.pagination };
    },

    allowancesByGranter(ctx, { granter, pagination }) {
      const found = new Map<string, Grant>();
      const page = paginate(ctx, allowancesByGranter.refs.map, pagination, {
        prefix: allowancesByGranter.prefix(addresses.account.decode(granter)),
        filter([, key]) {
          const grant = keeper.get(ctx, key);
          if (grant === undefined) return false;
          found.set(allowanceKey.encode(key), grant);
          return true;
        },
      });
      return {
        allowances: page.entries.map(([[, key]]) => found.get(allowanceKey.encode(key))!),
        pagination: page.pagination,
      };
    },
  };
}
