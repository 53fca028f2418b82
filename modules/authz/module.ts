import { Query } from "@computronium/proto/cosmos/authz/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";

import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { authzGenesis } from "./genesis.js";
import { authzInvariants } from "./invariants.js";
import type { AuthzKeeper } from "./keeper.js";
import { authzMsgServer } from "./msg-server.js";
import { authzQueryServer } from "./query-server.js";
import { authzSchema } from "./state.js";

export function authzModule(keeper: AuthzKeeper): AppModule {
  return {
    name: "authz",
    schemas: [authzSchema],
    msgRoutes: msgRoutes(Msg, authzMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, authzQueryServer(keeper)),
    genesis: genesisPart(authzGenesis(keeper)),
    invariants: authzInvariants(keeper),
    beginBlock: (ctx) => keeper.removeExpired(ctx),
  };
}
