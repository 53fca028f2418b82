import { Query } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { AppModule } from "../../../core/runtime/module.js";
import { genesisPart } from "../../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../../core/runtime/router.js";
import { forgetHeights } from "./forget-heights.js";
import { stakingGenesis } from "./genesis.js";
import { stakingInvariants } from "./invariants.js";
import type { StakingKeeper } from "./keeper.js";
import { stakingMsgServer } from "./msg-server.js";
import { stakingQueryServer } from "./query-server.js";

export const STAKING_MODULE = "staking";

/** Last of the modules that touch stake: what its end of the block returns is the active set after all of them. */
export function stakingModule(options: { readonly keeper: StakingKeeper; readonly bondDenom: string }): AppModule {
  const { keeper, bondDenom } = options;
  return {
    name: STAKING_MODULE,
    schemas: [keeper.parts.state.schema],
    msgRoutes: msgRoutes(Msg, stakingMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, stakingQueryServer(keeper)),
    genesis: genesisPart(stakingGenesis(keeper, bondDenom)),
    invariants: stakingInvariants(keeper),
    afterGenesisTransactions: (ctx) => keeper.parts.activeSet.update(ctx),
    beforeExport: (ctx) => keeper.parts.slashes.settleAll(ctx),
    forgetHeights: (ctx) => forgetHeights(ctx, keeper.parts),
    beginBlock: (ctx) => keeper.beginBlock(ctx),
    ownsValidators: true,
    endBlock: (ctx) => keeper.endBlock(ctx),
  };
}
