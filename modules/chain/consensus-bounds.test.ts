/** Tier: test. Budget: 1 s. No parameters with which CometBFT or the chain itself could not go on. */
import { describe, expect, it } from "@jest/globals";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { MsgUpdateParamsSchema } from "@computronium/proto/cosmos/consensus/v1/tx_pb.js";
import { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";

import { Addresses } from "../../core/address.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { governanceAddress } from "../auth/types.js";
import { chainModule, readConsensusParams } from "./index.js";

type Params = NonNullable<MessageInitShape<typeof ConsensusParamsSchema>>;
const GOOD = {
  block: { maxBytes: 4_194_304n, maxGas: 600_000_000n },
  evidence: { maxAgeNumBlocks: 100_000n, maxAgeDuration: { seconds: 172_800n, nanos: 0 }, maxBytes: 1_048_576n },
  validator: { pubKeyTypes: ["ed25519"] },
  version: { app: 7n },
  abci: { voteExtensionsEnableHeight: 0n },
} satisfies Params;

const addresses = new Addresses("cptm");
const module = chainModule({ addresses, authority: governanceAddress() });
const route = module.msgRoutes!.find(({ typeUrl }) => typeUrl === `/${MsgUpdateParamsSchema.typeName}`)!;
const authority = addresses.account.encode(governanceAddress());

function update(change: { [K in keyof Params]?: Params[K] | undefined }, by = authority) {
  const ctx = memoryContext(memoryStores());
  module.initConsensusParams!(ctx, create(ConsensusParamsSchema, GOOD));
  const { block, evidence, validator, abci } = { ...GOOD, ...change } as Params;
  const given = { block, evidence, validator, abci } as MessageInitShape<typeof MsgUpdateParamsSchema>;
  route.execute(ctx, create(MsgUpdateParamsSchema, { ...given, authority: by }));
  return readConsensusParams(ctx);
}

const block = (change: Partial<(typeof GOOD)["block"]>) => ({ block: { ...GOOD.block, ...change } });
const evidence = (change: object) => ({ evidence: { ...GOOD.evidence, ...change } });

describe("an update of the consensus parameters", () => {
  it("takes values at their bounds, and leaves the version of the application as it is", () => {
    for (const change of [
      block({ maxBytes: -1n, maxGas: -1n }),
      block({ maxBytes: 104_857_600n, maxGas: (1n << 63n) - 1n }),
      { ...block({ maxBytes: 262_144n, maxGas: 1_000_000n }), ...evidence({ maxBytes: 0n }) },
      evidence({ maxAgeNumBlocks: 1n, maxAgeDuration: { seconds: 0n, nanos: 1 } }),
      evidence({ maxAgeNumBlocks: (1n << 63n) - 1n, maxAgeDuration: { seconds: 9_223_372_035n, nanos: 999_999_999 } }),
      evidence({ maxBytes: GOOD.block.maxBytes - 262_144n }),
      { abci: undefined },
    ]) {
      expect(update(change)).toMatchObject({ ...GOOD, ...change, abci: GOOD.abci });
    }
  });

  it("refuses values beyond them, and says which", () => {
    const refused: [Parameters<typeof update>[0], string][] = [
      [block({ maxBytes: 0n }), "block.max_bytes is 0"],
      [block({ maxBytes: -2n }), "block.max_bytes is -2"],
      [block({ maxBytes: 104_857_601n }), "block.max_bytes is 104857601"],
      [{ ...block({ maxBytes: 262_143n }), ...evidence({ maxBytes: 0n }) }, "evidence.max_bytes is 0"],
      [block({ maxGas: 0n }), "block.max_gas is 0"],
      [block({ maxGas: -2n }), "block.max_gas is -2"],
      [block({ maxGas: 999_999n }), "block.max_gas is 999999"],
      [evidence({ maxBytes: -1n }), "evidence.max_bytes is -1"],
      [evidence({ maxBytes: GOOD.block.maxBytes }), "must have 262144 beside it"],
      [evidence({ maxAgeNumBlocks: 0n }), "evidence.max_age_num_blocks is 0"],
      [evidence({ maxAgeNumBlocks: -1n }), "evidence.max_age_num_blocks is -1"],
      [evidence({ maxAgeDuration: undefined }), "evidence.max_age_duration"],
      [evidence({ maxAgeDuration: { seconds: -1n, nanos: 0 } }), "evidence.max_age_duration"],
      [evidence({ maxAgeDuration: { seconds: 1n, nanos: -1 } }), "evidence.max_age_duration"],
      [evidence({ maxAgeDuration: { seconds: 1n << 40n, nanos: 0 } }), "evidence.max_age_duration"],
      [{ validator: { pubKeyTypes: [] } }, "validator.pub_key_types is empty"],
      [{ validator: { pubKeyTypes: ["secp256k1"] } }, "ed25519 alone can be"],
      [{ abci: { voteExtensionsEnableHeight: 9n } }, "vote_extensions_enable_height cannot change"],
      [{ block: undefined }, "all parameters must be present"],
      [{ evidence: undefined }, "all parameters must be present"],
      [{ validator: undefined }, "all parameters must be present"],
    ];
    for (const [change, text] of refused) expect(() => update(change)).toThrow(text);
    expect(() => update({}, addresses.account.encode(Buffer.alloc(20).latin1Slice() as never))).toThrow(
      "invalid authority",
    );
  });
});
