import type { Grant } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import type { GenesisState } from "@computronium/proto/cosmos/feegrant/v1beta1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/feegrant/v1beta1/genesis_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { RegisteredError } from "../../core/errors.js";
import type { GenesisPart } from "../../core/runtime/module.js";
import { checkAllowance, readAllowance } from "./allowances.js";
import type { FeegrantKeeper } from "./keeper.js";
import type { AllowanceKey } from "./state.js";
import { allowanceKey, allowances } from "./state.js";

export function feegrantGenesis(keeper: FeegrantKeeper): GenesisPart<typeof GenesisStateSchema> {
  const { addresses } = keeper;
  const keyOf = ({ grantee, granter }: Grant): AllowanceKey => [
    addresses.account.decode(grantee),
    addresses.account.decode(granter),
  ];
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, {}),
    validate: (state) => validate(state, keyOf),
    init(ctx, state) {
      for (const grant of state.allowances) {
        // One that is over is left out, as it would be removed.
        if (grant.allowance !== undefined && keeper.isInForce(ctx, grant))
          keeper.restore(ctx, keyOf(grant), grant.allowance);
      }
    },
    export: (ctx) => create(GenesisStateSchema, { allowances: [...allowances.entries(ctx)].map(([, grant]) => grant) }),
  };
}

function validate(state: GenesisState, keyOf: (grant: Grant) => AllowanceKey): readonly string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  state.allowances.forEach((grant, i) => {
    const report = (problem: string) => problems.push(`allowances[${i}]: ${problem}`);
    try {
      const key = keyOf(grant);
      if (key[0] === key[1]) report("cannot self-grant fee authorization");
      const id = allowanceKey.encode(key);
      if (seen.has(id)) report("granted twice");
      seen.add(id);
      checkAllowance(readAllowance(grant.allowance));
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      report(error.message);
    }
  });
  return problems;
}
