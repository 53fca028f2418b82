import { Msg } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { Query } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/marketplace/v1/genesis_pb.js";

import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { backingProblem } from "./backing.js";
import { emptyGenesis, exportGenesis, initGenesis, stateProblems } from "./genesis.js";
import { marketplaceInvariants } from "./invariants.js";
import type { MarketplaceKeeper } from "./keeper.js";
import { marketplaceMsgServer } from "./msg-server.js";
import { defaultParams } from "./params.js";
import { marketplaceQueryServer } from "./query-server.js";
import { handleDeadlines } from "./timers.js";
import { CorruptStateError } from "./types.js";

export const MARKETPLACE_MODULE = "marketplace";
/** Name of the module account that holds escrowed coins. */
export const ESCROW_ACCOUNT = "marketplace_escrow";
/** Name of the module account that holds bonds. */
export const BOND_ACCOUNT = "marketplace_bonds";

export interface MarketplaceModuleOptions {
  readonly keeper: MarketplaceKeeper;
  /** The denom that a fresh chain's orders and bonds are in. */
  readonly defaultDenom: string;
}

/** The market as a part of the chain. Its genesis comes after that of bank, which holds its coins. */
export function marketplaceModule({ keeper, defaultDenom }: MarketplaceModuleOptions): AppModule {
  return {
    name: MARKETPLACE_MODULE,
    schemas: [keeper.state.schema],
    msgRoutes: msgRoutes(Msg, marketplaceMsgServer(keeper)),
    queryRoutes: queryRoutes(Query, marketplaceQueryServer(keeper)),
    genesis: genesisPart({
      schema: GenesisStateSchema,
      defaults: () => emptyGenesis(defaultParams(defaultDenom)),
      validate: (state) => stateProblems(state, keeper.deps.addresses),
      init: (ctx, state) => initGenesis(ctx, keeper, state),
      export: (ctx) => exportGenesis(ctx, keeper),
    }),
    invariants: marketplaceInvariants(keeper),
    endBlock(ctx) {
      handleDeadlines(ctx, keeper);
      const problem = backingProblem(ctx, keeper);
      if (problem !== undefined) throw new CorruptStateError(problem);
    },
  };
}
