import type { Invariant } from "../../core/runtime/module.js";
import type { AuthzKeeper } from "./keeper.js";
import { expiryOf, grants, grantsByExpiry, grantsByGrantee } from "./state.js";

export function authzInvariants(keeper: AuthzKeeper): readonly Invariant[] {
  return [
    {
      name: "authz/grants",
      check(ctx) {
        let count = 0;
        let expiring = 0;
        for (const [[, [, msgTypeUrl]], grant] of grants.entries(ctx)) {
          count++;
          if (expiryOf(grant) !== undefined) expiring++;
          const { kind, value } = keeper.readAuthorization(grant.authorization);
          kind.check(value);
          if (kind.msgTypeUrl(value) !== msgTypeUrl) return `a grant for ${msgTypeUrl} is under another key`;
        }
        const byGrantee = [...grantsByGrantee.refs.keys(ctx)].length;
        const byExpiry = [...grantsByExpiry.refs.keys(ctx)].length;
        if (byGrantee !== count) return `${byGrantee} grants by grantee for ${count} grants`;
        return byExpiry === expiring ? undefined : `${byExpiry} grants in the queue, ${expiring} expire`;
      },
    },
  ];
}
