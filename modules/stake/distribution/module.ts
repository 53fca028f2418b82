import { Msg } from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";
import { Query } from "@computronium/proto/cosmos/distribution/v1beta1/query_pb.js";

import type { AppModule } from "../../../core/runtime/module.js";
import { genesisPart } from "../../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../../core/runtime/router.js";
import { allocateCollected } from "./allocation.js";
import { holdingsProblem } from "./books.js";
import { forgetHeights } from "./forget-heights.js";
import { distributionGenesis } from "./genesis.js";
import { distributionInvariants } from "./invariants.js";
import { distributionMsgServer } from "./msg-server.js";
import { distributionQueryServer } from "./query-server.js";
import { distributionSchema } from "./state.js";
import type { DistributionDeps } from "./types.js";

export const DISTRIBUTION_MODULE = "distribution";

/** Rewards as a part of the chain. Its genesis comes after that of bank and before that of staking, whose hooks it listens to. */
export function distributionModule(deps: DistributionDeps): AppModule {
  return {
    name: DISTRIBUTION_MODULE,
    schemas: [distributionSchema],
    msgRoutes: msgRoutes(Msg, distributionMsgServer(deps)),
    queryRoutes: queryRoutes(Query, distributionQueryServer(deps)),
    genesis: genesisPart(distributionGenesis(deps)),
    invariants: distributionInvariants(deps),
    checkBlock: (ctx) => holdingsProblem(ctx, deps.purse),
    forgetHeights: (ctx) => forgetHeights(ctx, deps),
    beginBlock: (ctx) => allocateCollected(ctx, deps),
  };
}
