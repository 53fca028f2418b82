import type { Invariant } from "../../core/runtime/module.js";
import { checkAllowance, expiryOf, readAllowance } from "./allowances.js";
import { allowances, allowancesByExpiry, allowancesByGranter } from "./state.js";

export const feegrantInvariants: readonly Invariant[] = [
  {
    name: "feegrant/allowances",
    check(ctx) {
      let count = 0;
      let expiring = 0;
      for (const [, grant] of allowances.entries(ctx)) {
        count++;
        const allowance = readAllowance(grant.allowance);
        checkAllowance(allowance);
        if (expiryOf(allowance) !== undefined) expiring++;
      }
      const byGranter = [...allowancesByGranter.refs.keys(ctx)].length;
      const byExpiry = [...allowancesByExpiry.refs.keys(ctx)].length;
      if (byGranter !== count) return `${byGranter} allowances by granter for ${count} allowances`;
      return byExpiry === expiring ? undefined : `${byExpiry} allowances in the queue, ${expiring} expire`;
    },
  },
];
