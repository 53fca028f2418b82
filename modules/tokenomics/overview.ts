import type { QuerySupplyOverviewResponse } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";
import { QuerySupplyOverviewResponseSchema } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";

import type { AccAddress } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { maxAmount } from "../../core/math/amount.js";
import type { ReadContext } from "../../core/runtime/context.js";
import { BONDED_POOL, DISTRIBUTION_ACCOUNT, NOT_BONDED_POOL } from "../stake/types.js";
import type { Allocations } from "./allocations.js";
import type { Bank, Vesting } from "./expected.js";
import { allocations } from "./state.js";
import type { SupplyCounters } from "./supply.js";
import { supplySums } from "./supply.js";
import { ALLOCATIONS_ACCOUNT } from "./types.js";

/** Vesting accounts that a query looks at. */
const MAX_VESTING_ACCOUNTS = 10_000;

/** What people call what is in a module account; others go by the account's name. */
const PART_NAMES: Readonly<Record<string, string>> = {
  [BONDED_POOL]: "bonded",
  [NOT_BONDED_POOL]: "unbonding",
  [DISTRIBUTION_ACCOUNT]: "staking_rewards",
  fee_collector: "fees",
  // What waits for distribution until the next block begins.
  tokenomics: "stakers_fees",
  gov: "gov_deposits",
  marketplace_escrow: "escrow",
  marketplace_bonds: "market_bonds",
};

export interface OverviewOptions {
  readonly bank: Bank;
  readonly vesting: Vesting;
  readonly counters: SupplyCounters;
  readonly allocations: Allocations;
  /** All module accounts of the chain, by name. */
  readonly moduleAccounts: ReadonlyMap<string, { readonly address: AccAddress }>;
  /** What of distribution's coins is the community's. */
  readonly communityPool: (ctx: ReadContext, denom: string) => bigint;
}

/**
 * Where all coins of a denom are. It reads a balance for each module account and allocation, and looks at vesting accounts, of
 * which there are few; what users hold is the rest of the supply.
 */
export function supplyOverview(ctx: ReadContext, denom: string, options: OverviewOptions): QuerySupplyOverviewResponse {
  const { bank, vesting, counters } = options;
  const supply = bank.supplyOf(ctx, denom);
  const parts: { name: string; account: string; amount: bigint }[] = [];
  let ofModules = 0n;
  let bonded = 0n;
  for (const [account, { address }] of options.moduleAccounts) {
    const amount = bank.balance(ctx, address, denom);
    ofModules += amount;
    if (account === BONDED_POOL) bonded = amount;
    parts.push(...partsOf(ctx, { account, amount, denom }, options));
  }
  const locking = vesting.lockedTotal(ctx, denom, MAX_VESTING_ACCOUNTS);
  const liquid = supply - ofModules - locking.amount;
  parts.push({ name: "vesting", account: "", amount: locking.amount }, { name: "liquid", account: "", amount: liquid });
  let locked = locking.amount;
  for (const [, allocation] of allocations.entries(ctx)) locked += options.allocations.standing(ctx, allocation).locked;
  const counted = counters.read(ctx);
  const { initial, minted, burned } = supplySums(counted);
  return create(QuerySupplyOverviewResponseSchema, {
    denom,
    supply: supply.toString(),
    liquid: liquid.toString(),
    locked: locked.toString(),
    bonded: bonded.toString(),
    initial: initial.toString(),
    minted: minted.toString(),
    burned: burned.toString(),
    mintedBy: counted.minted,
    burnedBy: counted.burned,
    parts: parts
      .filter(({ amount }) => amount !== 0n)
      .map(({ name, account, amount }) => ({ name, account, amount: amount.toString() })),
    vestingComplete: locking.complete,
  });
}

/** What is in one module account, by what it is for. The parts add up to what is there. */
function partsOf(
  ctx: ReadContext,
  { account, amount, denom }: { readonly account: string; readonly amount: bigint; readonly denom: string },
  options: OverviewOptions,
): readonly { readonly name: string; readonly account: string; readonly amount: bigint }[] {
  const name = PART_NAMES[account] ?? account;
  if (account === DISTRIBUTION_ACCOUNT) {
    const community = options.communityPool(ctx, denom);
    return [
      { name: "community_pool", account, amount: community },
      { name, account, amount: amount - community },
    ];
  }
  if (account !== ALLOCATIONS_ACCOUNT) return [{ name, account, amount }];
  const shares = [...allocations.entries(ctx)].map(([of, allocation]) => {
    const { total, paid } = options.allocations.standing(ctx, allocation);
    return { name: `${name}/${of}`, account, amount: total - paid };
  });
  const rest = amount - shares.reduce((sum, share) => sum + share.amount, 0n);
  return [...shares, { name, account, amount: maxAmount(rest, 0n) }];
}
