import type { Msg } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";

import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
import { requireAuthority } from "../../core/runtime/authority.js";
import { invalidParams } from "./errors.js";
import type { AccountKeeper } from "./keeper.js";
import { paramProblems } from "./params.js";
import { governanceAddress } from "./types.js";

export function authMsgServer(keeper: AccountKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  return {
    updateParams: {
      check({ params }) {
        if (params === undefined) throw invalidParams("params is missing");
        const problem = paramProblems(params)[0];
        if (problem !== undefined) throw invalidParams(problem.problem);
      },
      execute(ctx, { authority, params }) {
        requireAuthority({ addresses: keeper.addresses, authority: governanceAddress() }, authority);
        if (params === undefined) throw invalidParams("params is missing");
        keeper.setParams(ctx, params);
        return {};
      },
    },
  };
}
