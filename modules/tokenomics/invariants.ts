import type { ReadContext } from "../../core/runtime/context.js";
import { DEC_ZERO, decFromInteger } from "../../core/math/dec.js";
import type { Invariant } from "../../core/runtime/module.js";
import { exportGenesis } from "./genesis.js";
import { stateProblems } from "./genesis-check.js";
import type { TokenomicsKeeper } from "./keeper.js";
import { amountInState } from "./params.js";
import { allocated, bids, epochs, openAuction, owedReflections, reflectionCarried, work } from "./state.js";
import { supplySums } from "./supply.js";

/** What must hold after every block, at a cost that does not grow with the state: sums that are kept, against balances. */
export function blockProblem(ctx: ReadContext, keeper: TokenomicsKeeper): string | undefined {
  const { bank, counters, denoms, purses } = keeper.deps;
  const { baseDenom } = denoms(ctx);
  const supply = bank.supplyOf(ctx, baseDenom);
  const counted = supplySums(counters.read(ctx)).supply;
  if (counted !== supply) return `the counters come to ${counted}${baseDenom}, the supply is ${supply}`;
  const reserved = allocated.get(ctx) ?? 0n;
  const held = purses.allocations.balance(ctx, baseDenom);
  if (held < reserved) return `allocations are to pay out ${reserved}${baseDenom}, their account holds ${held}`;
  const carried = reflectionCarried.get(ctx) ?? DEC_ZERO;
  const reflected = purses.reflections.balance(ctx, baseDenom);
  if (decFromInteger(reflected) < carried) return `reflections carry more than their account holds: ${reflected}`;
  return undefined;
}

/** What must hold at every height; some look at all of the state. */
export function tokenomicsInvariants(keeper: TokenomicsKeeper): readonly Invariant[] {
  return [
    { name: "tokenomics/block", check: (ctx) => blockProblem(ctx, keeper) },
    { name: "tokenomics/supply-overview", check: (ctx) => overviewProblem(ctx, keeper) },
    { name: "tokenomics/reflections", check: (ctx) => reflectionProblem(ctx, keeper) },
    { name: "tokenomics/emission", check: emissionProblem },
    { name: "tokenomics/buyback", check: (ctx) => buybackProblem(ctx, keeper) },
    {
      name: "tokenomics/records",
      check: (ctx) => stateProblems(exportGenesis(ctx, keeper), keeper.deps.addresses)[0],
    },
  ];
}

function overviewProblem(ctx: ReadContext, keeper: TokenomicsKeeper): string | undefined {
  const { parts, supply } = keeper.supplyOverview(ctx);
  const negative = parts.find(({ amount }) => amount.startsWith("-"));
  if (negative !== undefined) return `${negative.name} has ${negative.amount}`;
  const sum = parts.reduce((total, { amount }) => total + BigInt(amount), 0n);
  return sum === BigInt(supply) ? undefined : `the parts add up to ${sum}, the supply is ${supply}`;
}

/** All that delegators could claim, and what is carried, is there. */
function reflectionProblem(ctx: ReadContext, keeper: TokenomicsKeeper): string | undefined {
  const { staking, denoms, purses } = keeper.deps;
  const owners = new Set(owedReflections.keys(ctx));
  for (const { delegator } of staking.delegations(ctx)) owners.add(delegator);
  let owed: bigint = reflectionCarried.get(ctx) ?? 0n;
  for (const delegator of owners) owed += keeper.reflections.claimable(ctx, delegator);
  const held = decFromInteger(purses.reflections.balance(ctx, denoms(ctx).baseDenom));
  return owed <= held ? undefined : `${owed} of 10^-18 are owed, ${held} are there`;
}

function emissionProblem(ctx: ReadContext): string | undefined {
  for (const [, { epoch, burned, pool, paid }] of epochs.entries(ctx)) {
    if (amountInState(pool) > amountInState(burned))
      return `epoch ${epoch} has ${pool} for providers, ${burned} burned`;
    if (amountInState(paid) > amountInState(pool)) return `epoch ${epoch} paid ${paid} of ${pool}`;
  }
  for (const [[epoch]] of work.entries(ctx))
    if (!epochs.has(ctx, epoch)) return `work of the epoch ${epoch} without it`;
  return undefined;
}

function buybackProblem(ctx: ReadContext, keeper: TokenomicsKeeper): string | undefined {
  const { purses, denoms } = keeper.deps;
  const { baseDenom } = denoms(ctx);
  let deposits = 0n;
  for (const [, bid] of bids.entries(ctx)) deposits += amountInState(bid.deposit);
  const held = purses.buyback.balance(ctx, baseDenom);
  if (held < deposits) return `the deposits are ${deposits}${baseDenom}, the account holds ${held}`;
  const lot = openAuction.get(ctx)?.lot;
  if (lot === undefined) return undefined;
  const there = purses.buyback.balance(ctx, lot.denom);
  return there < amountInState(lot.amount) ? `the lot has ${lot.amount}${lot.denom}, the account ${there}` : undefined;
}
