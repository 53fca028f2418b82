import { GenesisStateSchema } from "@computronium/proto/cosmos/gov/v1/genesis_pb.js";
import { Query } from "@computronium/proto/cosmos/gov/v1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { Query as LegacyQuery } from "@computronium/proto/cosmos/gov/v1beta1/query_pb.js";
import { Msg as LegacyMsg } from "@computronium/proto/cosmos/gov/v1beta1/tx_pb.js";

import type { AppModule } from "../../../core/runtime/module.js";
import { genesisPart } from "../../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../../core/runtime/router.js";
import { endBlock } from "./ending.js";
import { defaultGovGenesis, exportGovGenesis, govGenesisProblems, initGovGenesis } from "./genesis.js";
import { govInvariants } from "./invariants.js";
import type { GovKeeper } from "./keeper.js";
import { legacyGovMsgServer } from "./legacy-msg-server.js";
import { legacyGovQueryServer } from "./legacy-query-server.js";
import { govMsgServer } from "./msg-server.js";
import { govQueryServer } from "./query-server.js";

export interface GovModuleOptions {
  readonly keeper: GovKeeper;
  /** The denom of deposits on a fresh chain. */
  readonly defaultDenom: string;
}

/** Governance as Cosmos clients know it. Its genesis comes after that of bank, and before that of the DAO's own part. */
export function govModule({ keeper, defaultDenom }: GovModuleOptions): AppModule {
  const messages = govMsgServer(keeper);
  const queries = govQueryServer(keeper);
  return {
    name: "gov",
    schemas: [keeper.state.schema],
    msgRoutes: [...msgRoutes(Msg, messages), ...msgRoutes(LegacyMsg, legacyGovMsgServer(keeper, messages))],
    queryRoutes: [...queryRoutes(Query, queries), ...queryRoutes(LegacyQuery, legacyGovQueryServer(queries))],
    genesis: genesisPart<typeof GenesisStateSchema>({
      schema: GenesisStateSchema,
      defaults: () => defaultGovGenesis(defaultDenom),
      validate: (state) => govGenesisProblems(state, keeper.options.addresses),
      init: (ctx, state) => initGovGenesis(ctx, keeper, state),
      export: (ctx) => exportGovGenesis(ctx, keeper),
    }),
    invariants: govInvariants(keeper),
    checkBlock: (ctx) => keeper.deposits.shortage(ctx),
    beginBlock(ctx) {
      if (keeper.state.rebuild.get(ctx) !== true) return;
      keeper.ballots.rebuild(ctx);
      keeper.state.rebuild.remove(ctx);
    },
    endBlock: (ctx) => endBlock(ctx, keeper),
  };
}
