import { Query as ConsensusQuery } from "@computronium/proto/cosmos/consensus/v1/query_pb.js";
import { Msg as ConsensusMsg } from "@computronium/proto/cosmos/consensus/v1/tx_pb.js";
import type { GenesisState } from "@computronium/proto/computronium/chain/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/chain/v1/genesis_pb.js";
import { Query } from "@computronium/proto/computronium/chain/v1/query_pb.js";
import type { Params } from "@computronium/proto/computronium/chain/v1/types_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/chain/v1/types_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import type { ReadContext } from "../../core/runtime/context.js";
import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { constantProblems, readChainConstants } from "./constants.js";
import { consensusMsgServer, consensusQueryServer } from "./consensus.js";
import { chainSchema, consensusParams, consensusSchema, params } from "./state.js";
import { DEFAULT_CONSTANTS } from "./types.js";

/**
 * The constants of the chain. First of all modules: what comes after it in genesis has addresses, and their prefix is one
 * of the constants.
 */
export function chainModule({
  addresses,
  authority,
}: {
  readonly addresses: Addresses;
  /** Whoever may change the consensus parameters. */
  readonly authority: AccAddress;
}): AppModule {
  return {
    name: "chain",
    schemas: [chainSchema, consensusSchema],
    msgRoutes: msgRoutes(ConsensusMsg, consensusMsgServer({ addresses, authority })),
    queryRoutes: [
      ...queryRoutes(Query, { params: (ctx) => ({ params: constantsOf(ctx) }) }),
      ...queryRoutes(ConsensusQuery, consensusQueryServer),
    ],
    initConsensusParams: (ctx, given) => consensusParams.set(ctx, given),
    genesis: genesisPart<typeof GenesisStateSchema>({
      schema: GenesisStateSchema,
      othersNeedIt: true,
      defaults: () => create(GenesisStateSchema, { params: DEFAULT_CONSTANTS }),
      validate: (state) => validate(addresses, state),
      init(ctx, state) {
        const constants = withDefaults(state);
        addresses.usePrefix(constants.bech32Prefix);
        params.set(ctx, constants);
      },
      export: (ctx) => create(GenesisStateSchema, { params: constantsOf(ctx) }),
    }),
  };
}

function constantsOf(ctx: ReadContext): Params {
  return create(ParamsSchema, readChainConstants(ctx));
}

/** Fields that genesis leaves out are those of Computronium. */
function withDefaults({ params: given }: GenesisState): Params {
  const constants = create(ParamsSchema, DEFAULT_CONSTANTS);
  if (given === undefined) return constants;
  return create(ParamsSchema, {
    bech32Prefix: given.bech32Prefix || constants.bech32Prefix,
    baseDenom: given.baseDenom || constants.baseDenom,
    feeDenom: given.feeDenom || given.baseDenom || constants.feeDenom,
    displayDenom: given.displayDenom || (given.baseDenom === "" ? constants.displayDenom : given.baseDenom),
    // A coin that names its denoms says how many decimals it has, and may mean none.
    displayExponent:
      given.baseDenom === "" ? given.displayExponent || constants.displayExponent : given.displayExponent,
    coinName: given.coinName || constants.coinName,
    chainName: given.chainName || constants.chainName,
    coinType: given.coinType || constants.coinType,
  });
}

/** Checks the constants, and takes the prefix in use: the addresses in the rest of genesis are checked against it. */
function validate(addresses: Addresses, state: GenesisState): readonly string[] {
  const constants = withDefaults(state);
  const problems = constantProblems(constants).map((problem) => `params.${problem}`);
  if (problems.length > 0) return problems;
  try {
    addresses.usePrefix(constants.bech32Prefix);
    return [];
  } catch (error) {
    return [`params.bech32_prefix: ${error instanceof Error ? error.message : String(error)}`];
  }
}
