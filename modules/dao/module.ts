import type { MsgUpdateParams } from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import { Msg } from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import { Query } from "@computronium/proto/computronium/dao/v1/query_pb.js";
import { EventParamsUpdatedSchema } from "@computronium/proto/computronium/dao/v1/events_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/dao/v1/genesis_pb.js";

import { ErrInvalidAuthority } from "../../core/errors.js";
import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { ErrInvalidParams } from "./errors.js";
import { daoGenesisProblems, defaultDaoGenesis, exportDaoGenesis, initDaoGenesis } from "./genesis.js";
import type { GovKeeper } from "./gov/keeper.js";
import { paramProblems } from "./params.js";

/** What goes beyond the governance of Cosmos chains. Its genesis comes after that of governance. */
export function daoModule({ gov }: { readonly gov: GovKeeper }): AppModule {
  const { settings, addresses, authority } = gov.options;
  const read = ({ params }: MsgUpdateParams) => {
    const problems = params === undefined ? ["params: missing"] : paramProblems(params);
    if (params === undefined || problems.length > 0) throw ErrInvalidParams.with(problems.join("; "));
    return params;
  };
  return {
    name: "dao",
    schemas: [settings.schema],
    msgRoutes: msgRoutes(Msg, {
      updateParams: {
        check: (msg) => void read(msg),
        execute(ctx, msg) {
          const expected = gov.text(authority);
          if (msg.authority !== expected) {
            throw ErrInvalidAuthority.with(`invalid authority; expected ${expected}, got ${msg.authority}`);
          }
          const params = read(msg);
          settings.set(ctx, params);
          ctx.events.emit(typedEvent(EventParamsUpdatedSchema, { params }));
          return {};
        },
      },
    }),
    queryRoutes: queryRoutes(Query, { params: (ctx) => ({ params: settings.get(ctx) }) }),
    genesis: genesisPart<typeof GenesisStateSchema>({
      schema: GenesisStateSchema,
      defaults: defaultDaoGenesis,
      validate: (state) => daoGenesisProblems(state, addresses),
      init: (ctx, state) => initDaoGenesis(ctx, gov, state),
      export: (ctx) => exportDaoGenesis(ctx, gov),
    }),
  };
}
