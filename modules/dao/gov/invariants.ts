import { byteStringToHex } from "../../../core/bytes.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import { parseCoins, sumCoins } from "../../../core/math/coins.js";
import type { Invariant } from "../../../core/runtime/module.js";
import { exportGovGenesis, govGenesisProblems } from "./genesis.js";
import type { GovKeeper } from "./keeper.js";
import { NO_DIRECT_VOTES } from "./tally.js";

/** What must hold at every height. The first is cheap and looked at in every block; the others walk over all of the state. */
export function govInvariants(keeper: GovKeeper): readonly Invariant[] {
  return [
    { name: "gov/backing", check: (ctx) => keeper.deposits.shortage(ctx) },
    { name: "gov/deposits", check: (ctx) => totalsProblem(ctx, keeper) },
    { name: "gov/tallies", check: (ctx) => tallyProblem(ctx, keeper) },
    {
      name: "gov/records",
      check: (ctx) => govGenesisProblems(exportGovGenesis(ctx, keeper), keeper.options.addresses)[0],
    },
  ];
}

function totalsProblem(ctx: ReadContext, { state }: GovKeeper): string | undefined {
  const sums = new Map(
    sumCoins([...state.deposits.entries(ctx)].map(([, { amount }]) => parseCoins(amount))).map((coin) => [
      coin.denom,
      coin.amount,
    ]),
  );
  const kept = new Map(state.depositTotals.entries(ctx));
  for (const denom of new Set([...sums.keys(), ...kept.keys()])) {
    const [sum, total] = [sums.get(denom) ?? 0n, kept.get(denom) ?? 0n];
    if (sum !== total) return `deposits add up to ${sum}${denom}, the kept sum is ${total}${denom}`;
  }
  const active = [...state.votingEnds.refs.keys(ctx)].length;
  if (BigInt(active) !== (state.activeCount.get(ctx) ?? 0n))
    return `${active} proposals are voted on, counted were others`;
  return undefined;
}

/** The kept tallies are those that a loop over all votes and delegations makes. */
function tallyProblem(ctx: ReadContext, { state, ballots }: GovKeeper): string | undefined {
  // Of a genesis, until the first block.
  if (state.rebuild.get(ctx) === true) return undefined;
  const wrong = ballots.wrongCheckpoint(ctx);
  if (wrong !== undefined) return wrong;
  for (const ballot of state.openBallots.keys(ctx)) {
    const sums = ballots.recount(ctx, ballot);
    const kept = new Map(ballots.kept(ctx, ballot));
    for (const validator of new Set([...sums.keys(), ...kept.keys()])) {
      const [sum, count] = [sums.get(validator) ?? NO_DIRECT_VOTES, kept.get(validator) ?? NO_DIRECT_VOTES];
      for (const field of ["deducted", "yes", "abstain", "no", "noWithVeto"] as const) {
        if (sum[field] === count[field]) continue;
        return `ballot ${ballot}, validator ${byteStringToHex(validator)}: ${field} is kept as ${count[field]}, the votes come to ${sum[field]}`;
      }
    }
  }
  return undefined;
}
