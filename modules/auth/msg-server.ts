import type { Msg } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";

import { ErrInvalidAuthority } from "../../core/errors.js";
import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
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
        const expected = keeper.addresses.account.encode(governanceAddress());
        if (authority !== expected) {
          throw ErrInvalidAuthority.with(`invalid authority; expected ${expected}, got ${authority}`);
        }
        if (params === undefined) throw invalidParams("params is missing");
        keeper.setParams(ctx, params);
        return {};
      },
    },
  };
}
