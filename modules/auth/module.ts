import { Msg } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";
import { Query } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";

import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { authGenesis } from "./genesis.js";
import { authInvariants } from "./invariants.js";
import type { AccountKeeper } from "./keeper.js";
import { authMsgServer } from "./msg-server.js";
import { authQueryServer } from "./query-server.js";
import { authSchema } from "./state.js";

export function authModule(keeper: AccountKeeper): AppModule {
  return {
    name: "auth",
    schemas: [authSchema],
    msgRoutes: msgRoutes(Msg, authMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, authQueryServer(keeper)),
    genesis: genesisPart(authGenesis(keeper)),
    invariants: authInvariants(keeper),
    beginBlock: (ctx) => keeper.removeExpiredNonces(ctx),
  };
}
