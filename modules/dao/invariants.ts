import { BountyState } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import { parseCoins, sumCoins } from "../../core/math/coins.js";
import type { ReadContext } from "../../core/runtime/context.js";
import type { Invariant } from "../../core/runtime/module.js";
import { daoGenesisProblems, exportDaoGenesis, heldByGrant } from "./genesis.js";
import type { DaoKeeper } from "./keeper.js";

/** What must hold at every height. The first is cheap and looked at in every block. */
export function daoInvariants(keeper: DaoKeeper): readonly Invariant[] {
  return [
    { name: "dao/backing", check: (ctx) => keeper.treasury.shortage(ctx) },
    { name: "dao/escrow", check: (ctx) => escrowProblem(ctx, keeper) },
    { name: "dao/records", check: (ctx) => daoGenesisProblems(exportDaoGenesis(ctx, keeper), keeper.options)[0] },
  ];
}

function escrowProblem(ctx: ReadContext, { state }: DaoKeeper): string | undefined {
  const held = sumCoins([
    ...[...state.grants.entries(ctx)].flatMap(([, grant]) => heldByGrant(grant)),
    ...[...state.bounties.entries(ctx)]
      .filter(([, bounty]) => bounty.state === BountyState.OPEN)
      .map(([, { reward }]) => parseCoins(reward)),
  ]);
  const sums = new Map(held.map(({ denom, amount }) => [denom, amount]));
  const kept = new Map(state.escrowTotals.entries(ctx));
  for (const denom of new Set([...sums.keys(), ...kept.keys()])) {
    const [sum, total] = [sums.get(denom) ?? 0n, kept.get(denom) ?? 0n];
    if (sum !== total) return `grants and bounties add up to ${sum}${denom}, the kept sum is ${total}${denom}`;
  }
  return undefined;
}
