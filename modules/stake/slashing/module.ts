import { Query } from "@computronium/proto/cosmos/slashing/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/slashing/v1beta1/tx_pb.js";

import { ErrInvalidAddress, ErrInvalidRequest, RegisteredError } from "../../../core/errors.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import type { AppModule, Invariant } from "../../../core/runtime/module.js";
import { genesisPart } from "../../../core/runtime/module.js";
import { paginate } from "../../../core/runtime/pagination.js";
import type { MsgServer, QueryServer, ServiceMethods } from "../../../core/runtime/router.js";
import { msgRoutes, queryRoutes } from "../../../core/runtime/router.js";
import { invalidArgument, notFound } from "../../../core/runtime/status.js";
import { requireAuthority } from "../../../core/runtime/authority.js";
import { missedIndexes } from "./bitmap.js";
import { slashingGenesis } from "./genesis.js";
import type { SlashingKeeper } from "./keeper.js";
import { paramProblems } from "./params.js";
import { signingInfos, slashingSchema } from "./state.js";

export const SLASHING_MODULE = "slashing";

export function slashingModule(keeper: SlashingKeeper): AppModule {
  return {
    name: SLASHING_MODULE,
    schemas: [slashingSchema],
    msgRoutes: msgRoutes(Msg, msgServer(keeper)),
    queryRoutes: queryRoutes(Query, queryServer(keeper)),
    genesis: genesisPart(slashingGenesis(keeper)),
    invariants: [missedCounters],
    forgetHeights: (ctx) => keeper.forgetHeights(ctx),
    beginBlock: (ctx) => keeper.beginBlock(ctx),
  };
}

const missedCounters: Invariant = {
  name: "slashing/missed-counters",
  check(ctx: ReadContext) {
    for (const [address, { address: text, missedBlocksCounter }] of signingInfos.entries(ctx)) {
      const bits = missedIndexes(ctx, address).length;
      if (BigInt(bits) !== missedBlocksCounter)
        return `${text} missed ${bits} blocks, the counter says ${missedBlocksCounter}`;
    }
    return undefined;
  },
};

function msgServer(keeper: SlashingKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const { addresses, authority } = keeper.deps;
  const operatorOf = (text: string) => {
    try {
      return addresses.validator.decode(text);
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      throw ErrInvalidAddress.with(`validator input address: ${error.message}`);
    }
  };
  return {
    unjail: {
      check: ({ validatorAddr }) => void operatorOf(validatorAddr),
      execute(ctx, { validatorAddr }) {
        keeper.unjail(ctx, operatorOf(validatorAddr));
        return {};
      },
    },
    updateParams: {
      check({ params }) {
        if (params === undefined) throw ErrInvalidRequest.with("params is missing");
        const [problem] = paramProblems(params);
        if (problem !== undefined) throw ErrInvalidRequest.with(problem);
      },
      execute(ctx, msg) {
        requireAuthority({ addresses, authority }, msg.authority);
        if (msg.params === undefined) throw ErrInvalidRequest.with("params is missing");
        keeper.setParams(ctx, msg.params);
        return {};
      },
    },
  };
}

function queryServer(keeper: SlashingKeeper): QueryServer<ServiceMethods<typeof Query>> {
  return {
    params: (ctx) => ({ params: keeper.params(ctx) }),
    signingInfo(ctx, { consAddress }) {
      if (consAddress === "") throw invalidArgument("invalid request");
      const valSigningInfo = keeper.info(ctx, keeper.deps.addresses.consensus.decode(consAddress));
      if (valSigningInfo === undefined) throw notFound(`SigningInfo not found for validator ${consAddress}`);
      return { valSigningInfo };
    },
    signingInfos(ctx, request) {
      const { entries, pagination } = paginate(ctx, signingInfos, request.pagination);
      return { info: entries.map(([, info]) => info), pagination };
    },
  };
}
