import type { StateMap } from "../../core/collections/collections.js";
import type { ReadContext } from "../../core/runtime/context.js";
import type { Invariant } from "../../core/runtime/module.js";
import { backingProblem } from "./backing.js";
import { exportGenesis, stateProblems } from "./genesis.js";
import type { MarketplaceKeeper } from "./keeper.js";
import { coinInState } from "./types.js";

function sumProblem(
  ctx: ReadContext,
  name: string,
  totals: StateMap<string, bigint>,
  coins: readonly { readonly denom: string; readonly amount: bigint }[],
): string | undefined {
  const sums = new Map<string, bigint>();
  for (const { denom, amount } of coins) if (amount > 0n) sums.set(denom, (sums.get(denom) ?? 0n) + amount);
  const kept = new Map(totals.entries(ctx));
  for (const denom of new Set([...sums.keys(), ...kept.keys()])) {
    const sum = sums.get(denom) ?? 0n;
    const total = kept.get(denom) ?? 0n;
    if (sum !== total) return `${name}: the records add up to ${sum}${denom}, the kept sum is ${total}${denom}`;
  }
  return undefined;
}

/** What must hold at every height. The first one is cheap and checked in every block. */
export function marketplaceInvariants(keeper: MarketplaceKeeper): readonly Invariant[] {
  return [
    { name: "marketplace/backing", check: (ctx) => backingProblem(ctx, keeper) },
    {
      name: "marketplace/totals",
      check(ctx) {
        const state = exportGenesis(ctx, keeper);
        return (
          sumProblem(
            ctx,
            "escrow",
            keeper.state.escrowTotals,
            state.escrows.map((escrow) => coinInState(escrow.balance)),
          ) ??
          sumProblem(
            ctx,
            "bonds",
            keeper.state.bondTotals,
            state.providers.map((provider) => coinInState(provider.bond)),
          )
        );
      },
    },
    {
      name: "marketplace/records",
      check(ctx) {
        const [problem] = stateProblems(exportGenesis(ctx, keeper), keeper.deps.addresses);
        return problem;
      },
    },
  ];
}
