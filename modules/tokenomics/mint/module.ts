import type { GenesisState } from "@computronium/proto/cosmos/mint/v1beta1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/mint/v1beta1/genesis_pb.js";
import { MinterSchema } from "@computronium/proto/cosmos/mint/v1beta1/mint_pb.js";
import { Query } from "@computronium/proto/cosmos/mint/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/mint/v1beta1/tx_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { ErrInvalidRequest } from "../../../core/errors.js";
import { DEC_ONE, parseRawDec } from "../../../core/math/dec.js";
import type { AppModule } from "../../../core/runtime/module.js";
import { genesisPart } from "../../../core/runtime/module.js";
import type { MsgServer, ServiceMethods } from "../../../core/runtime/router.js";
import { msgRoutes, queryRoutes } from "../../../core/runtime/router.js";
import { requireAuthority } from "../../../core/runtime/authority.js";
import type { MintKeeper } from "./keeper.js";
import { defaultMintParams, INITIAL_INFLATION, mintParamProblem } from "./params.js";
import { minter, mintParams, mintSchema } from "./state.js";

/**
 * cosmos.mint.v1beta1 as a part of the chain: behind tokenomics, which splits fees before anything is minted to them.
 *
 * @param defaultDenom what a fresh chain mints
 */
export function mintModule(keeper: MintKeeper, defaultDenom: string): AppModule {
  return {
    name: "mint",
    schemas: [mintSchema],
    msgRoutes: msgRoutes(Msg, mintMsgServer(keeper)),
    // Decimals are bytes in these two answers: their raw count as text.
    queryRoutes: queryRoutes(Query, {
      params: (ctx) => ({ params: keeper.params(ctx) }),
      inflation: (ctx) => ({ inflation: Buffer.from(keeper.minter(ctx).inflation, "latin1") }),
      annualProvisions: (ctx) => ({ annualProvisions: Buffer.from(keeper.minter(ctx).annualProvisions, "latin1") }),
    }),
    genesis: genesisPart({
      schema: GenesisStateSchema,
      defaults: () =>
        create(GenesisStateSchema, {
          minter: { inflation: INITIAL_INFLATION, annualProvisions: "0" },
          params: defaultMintParams(defaultDenom),
        }),
      validate: genesisProblems,
      init(ctx, state) {
        minter.set(ctx, state.minter ?? create(MinterSchema, { inflation: INITIAL_INFLATION, annualProvisions: "0" }));
        mintParams.set(ctx, state.params ?? defaultMintParams(defaultDenom));
      },
      export: (ctx) => create(GenesisStateSchema, { minter: keeper.minter(ctx), params: keeper.params(ctx) }),
    }),
    beginBlock: (ctx) => keeper.beginBlock(ctx),
  };
}

function genesisProblems({ minter, params }: GenesisState): readonly string[] {
  const problems: string[] = [];
  const problem = params === undefined ? undefined : mintParamProblem(params);
  if (problem !== undefined) problems.push(`params.${problem}`);
  for (const field of ["inflation", "annualProvisions"] as const) {
    const value = parseRawDec(minter?.[field] ?? "0");
    if (value === undefined || value < 0n) problems.push(`minter.${field}: no decimal from 0 on`);
  }
  if ((parseRawDec(minter?.inflation ?? "0") ?? 0n) > DEC_ONE) problems.push("minter.inflation: above 1");
  return problems;
}

function mintMsgServer(keeper: MintKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const { addresses, authority } = keeper.deps;
  return {
    updateParams: {
      execute(ctx, { authority: sender, params }) {
        requireAuthority({ addresses, authority }, sender);
        if (params === undefined) throw ErrInvalidRequest.with("params: missing");
        const problem = mintParamProblem(params);
        if (problem !== undefined) throw ErrInvalidRequest.with(problem);
        mintParams.set(ctx, params);
        return {};
      },
    },
  };
}
