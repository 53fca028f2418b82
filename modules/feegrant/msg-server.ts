import type { Msg } from "@computronium/proto/cosmos/feegrant/v1beta1/tx_pb.js";

import { ErrInvalidAddress } from "../../core/errors.js";
import { event } from "../../core/runtime/events.js";
import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
import { checkAllowance, readAllowance } from "./allowances.js";
import { ErrNoAllowance } from "./errors.js";
import type { FeegrantKeeper } from "./keeper.js";

/** How many allowances that are over one message removes. */
const PRUNED_BY_MESSAGE = 75;

export function feegrantMsgServer(keeper: FeegrantKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const parties = (msg: { readonly granter: string; readonly grantee: string }, same: string) => {
    const [granter, grantee] = [msg.granter, msg.grantee].map((text) => keeper.addresses.account.decode(text));
    if (granter === grantee) throw ErrInvalidAddress.with(same);
    return { granter: granter!, grantee: grantee! };
  };
  return {
    grantAllowance: {
      check(msg) {
        parties(msg, "cannot self-grant fee authorization");
        checkAllowance(readAllowance(msg.allowance));
      },
      execute(ctx, msg) {
        const { granter, grantee } = parties(msg, "cannot self-grant fee authorization");
        if (msg.allowance === undefined) throw ErrNoAllowance.with("failed to get allowance");
        keeper.grant(ctx, granter, grantee, msg.allowance);
        return {};
      },
    },

    revokeAllowance: {
      check: (msg) => void parties(msg, "addresses must be different"),
      execute(ctx, msg) {
        const { granter, grantee } = parties(msg, "addresses must be different");
        keeper.revoke(ctx, granter, grantee);
        return {};
      },
    },

    pruneAllowances: {
      check: ({ pruner }) => void keeper.addresses.account.decode(pruner),
      execute(ctx, { pruner }) {
        keeper.removeExpired(ctx, PRUNED_BY_MESSAGE);
        ctx.events.emit(event("prune_feegrant", ["pruner", pruner]));
        return {};
      },
    },
  };
}
