import { MsgUpdateParamsSchema } from "@computronium/proto/cosmos/consensus/v1/tx_pb.js";

import { wireChain } from "../../abci-app/app.js";
import { runProgram } from "../../abci-app/cli/program.js";
import { createRuntime } from "../../abci-app/runtime.js";
import { create } from "../../core/codec/protobuf.js";
import type { AppModule } from "../../core/runtime/module.js";

const MAX_INT64 = (1n << 63n) - 1n;
const evidence = { maxAgeNumBlocks: 1n, maxAgeDuration: { seconds: 0n, nanos: 1 }, maxBytes: 0n };
const validator = { pubKeyTypes: ["ed25519"] };

/** What the authority decides at heights: the ends of what it may. */
const DECISIONS: ReadonlyMap<bigint, object> = new Map([
  [3n, { block: { maxBytes: 262_144n, maxGas: 1_000_000n }, evidence, validator }],
  [
    5n,
    {
      block: { maxBytes: -1n, maxGas: -1n },
      evidence: {
        maxAgeNumBlocks: MAX_INT64,
        maxAgeDuration: { seconds: 9_223_372_035n, nanos: 999_999_999 },
        maxBytes: 104_857_600n - 262_144n,
      },
      validator,
    },
  ],
  [7n, { block: { maxBytes: 104_857_600n, maxGas: MAX_INT64 }, evidence, validator }],
]);

/** The daemon with a module that stands for the authority, which no key can sign for. */
const wiring = () => {
  const votes: AppModule = {
    name: "votes",
    schemas: [],
    endBlock(ctx) {
      const decision = DECISIONS.get(ctx.block.height);
      if (decision === undefined) return;
      const authority = made.addresses.account.encode(made.upgrades.authority);
      const route = made.chain.messages.get(`/${MsgUpdateParamsSchema.typeName}`)!;
      route.execute(ctx, create(MsgUpdateParamsSchema, { authority, ...decision }));
    },
  };
  const made = wireChain({ more: [votes] });
  return made;
};

await runProgram({ runtime: createRuntime(wiring) });
