import type { GenesisState } from "@computronium/proto/computronium/upgrade/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/upgrade/v1/genesis_pb.js";
import { Query } from "@computronium/proto/cosmos/upgrade/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";
import { msgRoutes, queryRoutes } from "../../core/runtime/router.js";
import { ErrInvalidSigner, ErrModuleVersionNotFound } from "./errors.js";
import type { UpgradeKeeper } from "./keeper.js";
import { planProblem } from "./keeper.js";
import { currentPlan, donePlans, moduleVersions, upgradeSchema } from "./state.js";

export function upgradeModule(keeper: UpgradeKeeper): AppModule {
  return {
    name: "upgrade",
    schemas: [upgradeSchema],
    msgRoutes: upgradeMessages(keeper),
    queryRoutes: upgradeQueries(keeper),
    genesis: genesisPart<typeof GenesisStateSchema>({
      schema: GenesisStateSchema,
      defaults: () => create(GenesisStateSchema, {}),
      validate: genesisProblems,
      init(ctx, { plan, applied }) {
        keeper.initVersions(ctx);
        for (const { name, height } of applied) keeper.markDone(ctx, name, height);
        if (plan !== undefined) keeper.schedule(ctx, plan);
      },
      export: (ctx) =>
        create(GenesisStateSchema, {
          ...(keeper.plan(ctx) === undefined ? {} : { plan: keeper.plan(ctx)! }),
          applied: [...donePlans.entries(ctx)].map(([[height, name]]) => ({ name, height })),
        }),
    }),
    beginBlock: (ctx) => keeper.beginBlock(ctx),
  };
}

function genesisProblems({ plan, applied }: GenesisState): readonly string[] {
  const problems: string[] = [];
  const problem = plan === undefined ? undefined : planProblem(plan);
  if (problem !== undefined) problems.push(`plan: ${problem}`);
  const names = new Set<string>();
  applied.forEach(({ name, height }, i) => {
    if (name === "" || name.includes("\0")) problems.push(`applied[${i}].name: "${name}" is none`);
    if (names.has(name)) problems.push(`applied[${i}].name: is there twice`);
    names.add(name);
    if (height < 1n) problems.push(`applied[${i}].height: ${height} is none`);
  });
  return problems;
}

function upgradeMessages(keeper: UpgradeKeeper) {
  const requireAuthority = (authority: string): void => {
    const expected = keeper.addresses.account.encode(keeper.authority);
    if (authority !== expected) throw ErrInvalidSigner.with(`expected ${expected} got ${authority}`);
  };
  return msgRoutes(Msg, {
    softwareUpgrade: {
      check({ plan }) {
        if (plan === undefined) throw ErrInvalidRequest.with("plan is missing");
      },
      execute(ctx: Context, { authority, plan }) {
        requireAuthority(authority);
        if (plan === undefined) throw ErrInvalidRequest.with("plan is missing");
        keeper.schedule(ctx, plan);
        return {};
      },
    },
    cancelUpgrade: {
      execute(ctx: Context, { authority }) {
        requireAuthority(authority);
        keeper.cancel(ctx);
        return {};
      },
    },
  });
}

function upgradeQueries(keeper: UpgradeKeeper) {
  return queryRoutes(Query, {
    currentPlan(ctx) {
      const plan = currentPlan.get(ctx);
      return plan === undefined ? {} : { plan };
    },
    appliedPlan: (ctx, { name }) => ({ height: keeper.doneHeight(ctx, name) }),
    // IBC's own; there is none before IBC is.
    upgradedConsensusState: () => ({}),
    moduleVersions(ctx, { moduleName }) {
      if (moduleName === "") {
        return { moduleVersions: [...moduleVersions.entries(ctx)].map(([name, version]) => ({ name, version })) };
      }
      const version = moduleVersions.get(ctx, moduleName);
      if (version === undefined) {
        throw ErrModuleVersionNotFound.with(`x/upgrade: QueryModuleVersions module ${moduleName} not found`);
      }
      return { moduleVersions: [{ name: moduleName, version }] };
    },
    authority: () => ({ address: keeper.addresses.account.encode(keeper.authority) }),
  });
}
