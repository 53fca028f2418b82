import { Query } from "@computronium/proto/cosmos/feegrant/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/feegrant/v1beta1/tx_pb.js";

import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { feegrantGenesis } from "./genesis.js";
import { feegrantInvariants } from "./invariants.js";
import type { FeegrantKeeper } from "./keeper.js";
import { feegrantMsgServer } from "./msg-server.js";
import { feegrantQueryServer } from "./query-server.js";
import { feegrantSchema } from "./state.js";

/** How many allowances that are over a block removes at most. */
const REMOVED_BY_BLOCK = 200;

export function feegrantModule(keeper: FeegrantKeeper): AppModule {
  return {
    name: "feegrant",
    schemas: [feegrantSchema],
    msgRoutes: msgRoutes(Msg, feegrantMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, feegrantQueryServer(keeper)),
    genesis: genesisPart(feegrantGenesis(keeper)),
    invariants: feegrantInvariants,
    endBlock: (ctx) => keeper.removeExpired(ctx, REMOVED_BY_BLOCK),
  };
}
