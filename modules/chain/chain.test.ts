/** Tier: test. Budget: 1 s. */
import { describe, expect, it } from "@jest/globals";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { QueryParamsRequestSchema } from "@computronium/proto/cosmos/consensus/v1/query_pb.js";
import { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/chain/v1/genesis_pb.js";

import { governanceAddress } from "../auth/types.js";
import { Addresses } from "../../core/address.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import {
  MissingConstantsError,
  chainModule,
  DEFAULT_CONSTANTS,
  readChainConstants,
  readConsensusParams,
} from "./index.js";

function start(params: MessageInitShape<typeof GenesisStateSchema>["params"]) {
  const addresses = new Addresses();
  const genesis = chainModule({ addresses, authority: governanceAddress() }).genesis!;
  const state = params === undefined ? genesis.defaults() : create(GenesisStateSchema, { params });
  const stores = memoryStores();
  const problems = genesis.validate(state);
  if (problems.length === 0) genesis.init(memoryContext(stores), state);
  return { addresses, problems, stores };
}

describe("consensus parameters", () => {
  it("are kept where the SDK keeps them, and answer its query", () => {
    const module = chainModule({ addresses: new Addresses(), authority: governanceAddress() });
    const stores = memoryStores();
    const ctx = memoryContext(stores);
    const route = module.queryRoutes!.find(({ path }) => path === "/cosmos.consensus.v1.Query/Params")!;
    const request = create(QueryParamsRequestSchema, {});
    expect(() => route.answer(ctx, request)).toThrow("rpc error: code = NotFound desc = consensus params not found");
    module.initConsensusParams!(ctx, create(ConsensusParamsSchema, { block: { maxBytes: 22_020_096n, maxGas: -1n } }));
    expect(route.answer(ctx, request)).toMatchObject({ params: { block: { maxBytes: 22_020_096n, maxGas: -1n } } });
    expect(readConsensusParams(stores)?.block?.maxGas).toBe(-1n);
    const keys = [...stores.store("consensus").iterate({})].map(([key]) => key);
    expect(keys).toEqual(["Consensus"]);
  });
});

describe("the constants of a chain", () => {
  it("are Computronium's when genesis says nothing, and are read back from the stores", () => {
    const { addresses, stores } = start(undefined);
    expect(addresses.prefix).toBe("cptm");
    expect(readChainConstants(stores)).toMatchObject(DEFAULT_CONSTANTS);
  });

  it("may be others, down to a coin without decimals", () => {
    const { addresses, stores } = start({ bech32Prefix: "abc", baseDenom: "grain" });
    expect(addresses.prefix).toBe("abc");
    expect(readChainConstants(stores)).toMatchObject({
      bech32Prefix: "abc",
      baseDenom: "grain",
      feeDenom: "grain",
      displayDenom: "grain",
      displayExponent: 0,
      coinType: 118,
    });
  });

  it("are refused with their place when they are none", () => {
    const { problems } = start({ bech32Prefix: "Cptm1!", baseDenom: "u", displayExponent: 19, coinType: 2 ** 31 });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "params.bech32_prefix",
      "params.base_denom",
      "params.fee_denom",
      "params.display_denom",
      "params.display_exponent",
      "params.coin_type",
    ]);
  });

  it("must be in the state of a node that starts", () => {
    expect(() => readChainConstants(memoryStores())).toThrow(MissingConstantsError);
  });
});
