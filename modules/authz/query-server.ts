import type { Grant, GrantAuthorization } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import { GrantAuthorizationSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import type { Query } from "@computronium/proto/cosmos/authz/v1beta1/query_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { paginate } from "../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { ErrNoAuthorizationFound } from "./errors.js";
import type { AuthzKeeper } from "./keeper.js";
import type { GrantKey } from "./state.js";
import { grantKey, grants, grantsByGrantee, pairPrefix } from "./state.js";

/** cosmos.authz.v1beta1.Query. Grants that are over are not shown, whether or not they have been removed. */
export function authzQueryServer(keeper: AuthzKeeper): QueryServer<ServiceMethods<typeof Query>> {
  const { addresses } = keeper;

  function withParties([granter, [grantee]]: GrantKey, grant: Grant): GrantAuthorization {
    return create(GrantAuthorizationSchema, {
      granter: addresses.account.encode(granter),
      grantee: addresses.account.encode(grantee),
      ...(grant.authorization && { authorization: grant.authorization }),
      ...(grant.expiration && { expiration: grant.expiration }),
    });
  }

  return {
    grants(ctx, { granter, grantee, msgTypeUrl, pagination }) {
      const [from, to] = [addresses.account.decode(granter), addresses.account.decode(grantee)];
      if (msgTypeUrl !== "") {
        const grant = keeper.get(ctx, [from, [to, msgTypeUrl]]);
        if (grant === undefined || !keeper.isInForce(ctx, grant)) {
          throw ErrNoAuthorizationFound.with(`authorization not found for ${msgTypeUrl} type`);
        }
        return { grants: [grant] };
      }
      const filter = (_key: GrantKey, grant: Grant) => keeper.isInForce(ctx, grant);
      const page = paginate(ctx, grants.map, pagination, { prefix: pairPrefix(from, to), filter });
      return { grants: page.entries.map(([, grant]) => grant), pagination: page.pagination };
    },

    granterGrants(ctx, { granter, pagination }) {
      const filter = (_key: GrantKey, grant: Grant) => keeper.isInForce(ctx, grant);
      const page = paginate(ctx, grants.map, pagination, {
        prefix: grantKey.prefix(addresses.account.decode(granter)),
        filter,
      });
      return { grants: page.entries.map(([key, grant]) => withParties(key, grant)), pagination: page.pagination };
    },

    granteeGrants(ctx, { grantee, pagination }) {
      const found = new Map<string, Grant>();
      const page = paginate(ctx, grantsByGrantee.refs.map, pagination, {
        prefix: grantsByGrantee.prefix(addresses.account.decode(grantee)),
        filter([, key]) {
          const grant = keeper.get(ctx, key);
          if (grant === undefined || !keeper.isInForce(ctx, grant)) return false;
          found.set(grantKey.encode(key), grant);
          return true;
        },
      });
      return {
        grants: page.entries.map(([[, key]]) => withParties(key, found.get(grantKey.encode(key))!)),
        pagination: page.pagination,
      };
    },
  };
}
