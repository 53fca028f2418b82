import { GenesisStateSchema } from "@computronium/proto/computronium/dao/v1/genesis_pb.js";
import { Query } from "@computronium/proto/computronium/dao/v1/query_pb.js";
import { Msg } from "@computronium/proto/computronium/dao/v1/tx_pb.js";

import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { daoGenesisProblems, defaultDaoGenesis, exportDaoGenesis, initDaoGenesis } from "./genesis.js";
import { daoInvariants } from "./invariants.js";
import type { DaoKeeper } from "./keeper.js";
import { daoMsgServer } from "./msg-server.js";
import { daoQueryServer } from "./query-server.js";

/** Name of the module account that holds what grants and bounties set aside. */
export const DAO_ESCROW = "dao_escrow";

/** What goes beyond the governance of Cosmos chains. Its genesis comes after that of governance. */
export function daoModule(keeper: DaoKeeper): AppModule {
  return {
    name: "dao",
    schemas: [keeper.state.schema],
    msgRoutes: msgRoutes(Msg, daoMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, daoQueryServer(keeper)),
    genesis: genesisPart<typeof GenesisStateSchema>({
      schema: GenesisStateSchema,
      defaults: defaultDaoGenesis,
      validate: (state) => daoGenesisProblems(state, keeper.options),
      init: (ctx, state) => initDaoGenesis(ctx, keeper, state),
      export: (ctx) => exportDaoGenesis(ctx, keeper),
    }),
    invariants: daoInvariants(keeper),
    checkBlock: (ctx) => keeper.treasury.shortage(ctx),
    endBlock(ctx) {
      const limit = keeper.settings.get(ctx).maxEndingsPerBlock;
      keeper.bounties.expire(ctx, limit - keeper.grants.expire(ctx, limit));
    },
  };
}
