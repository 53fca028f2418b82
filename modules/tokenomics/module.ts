import { Msg } from "@computronium/proto/computronium/tokenomics/v1/tx_pb.js";
import { Query } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/tokenomics/v1/genesis_pb.js";

import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.js";
import { stateProblems } from "./genesis-check.js";
import { blockProblem, tokenomicsInvariants } from "./invariants.js";
import type { TokenomicsKeeper } from "./keeper.js";
import { tokenomicsMsgServer } from "./msg-server.js";
import { tokenomicsQueryServer } from "./query-server.js";
import { tokenomicsSchema } from "./state.js";

export const TOKENOMICS_MODULE = "tokenomics";

/** The economy of the coin as a part of the chain: behind the bank, before whatever hands out what is in the fee collector. */
export function tokenomicsModule(keeper: TokenomicsKeeper): AppModule {
  return {
    name: TOKENOMICS_MODULE,
    schemas: [tokenomicsSchema],
    msgRoutes: msgRoutes(Msg, tokenomicsMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, tokenomicsQueryServer(keeper)),
    genesis: genesisPart({
      schema: GenesisStateSchema,
      defaults: defaultGenesis,
      validate: (state) => stateProblems(state, keeper.deps.addresses),
      init: (ctx, state) => initGenesis(ctx, keeper, state),
      export: (ctx) => exportGenesis(ctx, keeper),
    }),
    invariants: tokenomicsInvariants(keeper),
    checkBlock: (ctx) => blockProblem(ctx, keeper),
    beginBlock: (ctx) => keeper.beginBlock(ctx),
    endBlock: (ctx) => keeper.endBlock(ctx),
  };
}
