import { Msg } from "@computronium/proto/computronium/reputation/v1/tx_pb.js";
import { Query } from "@computronium/proto/computronium/reputation/v1/query_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/reputation/v1/genesis_pb.js";

import { create } from "../../core/codec/protobuf.js";
import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { exportGenesis, initGenesis, stateProblems } from "./genesis.js";
import type { ReputationKeeper } from "./keeper.js";
import { defaultParams } from "./params.js";
import { reputationMsgServer, reputationQueryServer } from "./servers.js";

export const REPUTATION_MODULE = "reputation";

export interface ReputationModuleOptions {
  readonly keeper: ReputationKeeper;
  /** The denom in which costs count on a fresh chain: that of its fees. */
  readonly defaultDenom: string;
}

/** Reputation as a part of the chain. */
export function reputationModule({ keeper, defaultDenom }: ReputationModuleOptions): AppModule {
  return {
    name: REPUTATION_MODULE,
    schemas: [keeper.state.schema],
    msgRoutes: msgRoutes(Msg, reputationMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, reputationQueryServer(keeper)),
    genesis: genesisPart({
      schema: GenesisStateSchema,
      defaults: () => create(GenesisStateSchema, { params: defaultParams(defaultDenom) }),
      validate: (state) => stateProblems(state, keeper.deps.addresses),
      init: (ctx, state) => initGenesis(ctx, keeper, state),
      export: (ctx) => exportGenesis(ctx, keeper),
    }),
    invariants: [
      {
        name: "reputation/records",
        check: (ctx) => stateProblems(exportGenesis(ctx, keeper), keeper.deps.addresses)[0],
      },
    ],
    endBlock(ctx) {
      keeper.prunePairs(ctx);
    },
  };
}
