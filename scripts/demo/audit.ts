import { fromBinary } from "@bufbuild/protobuf";
import type { ChainBlock, ComputroniumClient } from "@computronium/client";
import { costOf, eventsIn } from "@computronium/client";
import {
  EventLeaseClosingSchema,
  EventLeaseStartedSchema,
  EventUsageSubmittedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";
import { LeaseState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { ModuleAccountSchema } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import { Query as AuthQuery } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import type { DecCoin } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { Query as DistributionQuery } from "@computronium/proto/cosmos/distribution/v1beta1/query_pb.js";

import type { Deal } from "./agent.js";
import { DENOM, TAKE_BURN_BPS, TAKE_RATE_BPS } from "./cast.js";
import type { Check, Ledger } from "./ledger.js";

const BPS = 10_000n;
/** The check of the supply, by name. */
export const SUPPLY_AFTER_BURNS = "supply = supply at genesis − burned";

/** When a lease ran and what was claimed, as the blocks show it. */
interface LeaseTimes {
  startedSeconds: bigint;
  closedSeconds: bigint;
  claimedSeconds: bigint;
}

/** Takes down, block by block, how long each lease ran by the clock of the blocks. */
export class LeaseClock {
  readonly #leases = new Map<bigint, LeaseTimes>();

  addBlock(block: ChainBlock): void {
    const now = BigInt(Math.floor(block.time.getTime() / 1000));
    for (const { event } of eventsIn(EventLeaseStartedSchema, block))
      this.#leases.set(event.leaseId, { startedSeconds: now, closedSeconds: 0n, claimedSeconds: 0n });
    for (const { event } of eventsIn(EventUsageSubmittedSchema, block))
      this.#of(event.leaseId).claimedSeconds = event.seconds;
    for (const { event } of eventsIn(EventLeaseClosingSchema, block)) this.#of(event.leaseId).closedSeconds = now;
  }

  of(leaseId: bigint): Readonly<LeaseTimes> {
    return this.#of(leaseId);
  }

  #of(leaseId: bigint): LeaseTimes {
    const times = this.#leases.get(leaseId);
    if (times === undefined) throw new Error(`no block started lease ${leaseId}`);
    return times;
  }
}

/** What one deal must have come to, from its terms: price × time, rounded down, and the parts of it. */
export interface Settlement {
  readonly seconds: bigint;
  readonly cost: bigint;
  readonly take: bigint;
  readonly burn: bigint;
  readonly refund: bigint;
}

export function settlementOf({ agent, bid, lease }: Deal, clock: LeaseClock): Settlement {
  if (bid.price === undefined) throw new Error("a bid has a price");
  const { startedSeconds, closedSeconds, claimedSeconds } = clock.of(lease.id);
  const ran = closedSeconds - startedSeconds;
  const seconds = claimedSeconds < ran ? claimedSeconds : ran;
  const cost = costOf(bid.price, seconds);
  const take = (cost * TAKE_RATE_BPS) / BPS;
  const burn = (take * TAKE_BURN_BPS) / BPS;
  return { seconds, cost, take, burn, refund: BigInt(parseInt(agent.budget, 10)) - cost };
}

/** The lease on the chain against what its terms say. */
export async function leaseChecks(client: ComputroniumClient, deal: Deal, expected: Settlement): Promise<Check[]> {
  const { lease, agent } = deal;
  const { escrow } = await client.market.query.escrow({ escrowId: lease.escrowId });
  const of = `lease ${lease.id} (${agent.name})`;
  return [
    { what: `${of}: settled`, expected: BigInt(LeaseState.SETTLED), actual: BigInt(lease.state) },
    { what: `${of}: seconds`, expected: expected.seconds, actual: lease.acceptedSeconds },
    { what: `${of}: paid = floor(rate × seconds)`, expected: expected.cost, actual: BigInt(lease.paid) },
    { what: `${of}: taken by the chain`, expected: expected.take, actual: BigInt(lease.taken) },
    { what: `${of}: burned`, expected: expected.burn, actual: BigInt(lease.burned) },
    { what: `${of}: refunded`, expected: expected.refund, actual: BigInt(escrow?.refunded ?? "-1") },
    { what: `${of}: left in escrow`, expected: 0n, actual: BigInt(escrow?.balance?.amount ?? "-1") },
  ];
}

/** Accounts that belong to modules, by name. */
export async function moduleAddresses(client: ComputroniumClient): Promise<Map<string, string>> {
  const { accounts } = await client.query(AuthQuery).moduleAccounts({});
  return new Map(
    accounts.map((any) => {
      const { name, baseAccount } = fromBinary(ModuleAccountSchema, any.value);
      return [name, baseAccount?.address ?? ""];
    }),
  );
}

/**
 * What distribution owes at one height against the books: to the validators, commission included, and to the community
 * pool. All validators have the same stake, so that each one's part is whole in the decimals of the chain.
 */
export async function rewardChecks(
  client: ComputroniumClient,
  ledger: Ledger,
  validators: readonly string[],
): Promise<Check[]> {
  const { height } = ledger;
  const distribution = client.query(DistributionQuery);
  const owed = await Promise.all(
    validators.map(async (validatorAddress) => {
      const { rewards } = await distribution.validatorOutstandingRewards({ validatorAddress }, { height });
      return decimalsOf(rewards?.rewards ?? []);
    }),
  );
  const { pool } = await distribution.communityPool({}, { height });
  return [
    {
      what: "earned by validators, in 10⁻¹⁸",
      expected: ledger.earned,
      actual: owed.reduce((sum, each) => sum + each, 0n),
    },
    { what: "community pool, in 10⁻¹⁸", expected: ledger.communityPool, actual: decimalsOf(pool) },
  ];
}

/** The demo's coin among them, in 10⁻¹⁸ units as it is on the wire. */
function decimalsOf(coins: readonly DecCoin[]): bigint {
  return BigInt(coins.find(({ denom }) => denom === DENOM)?.amount ?? "0");
}

export interface Balance {
  readonly name: string;
  readonly address: string;
  readonly start: bigint;
}

/** Every balance at one height against the books, and all of them together against the supply. */
export async function balanceChecks(
  client: ComputroniumClient,
  ledger: Ledger,
  balances: readonly Balance[],
): Promise<Check[]> {
  const { height } = ledger;
  const checks: Check[] = [];
  for (const { name, address, start } of balances) {
    const actual = await client.bank.balance(address, DENOM, { height });
    checks.push({ what: `balance of ${name}`, expected: start + ledger.change(address), actual });
  }
  const supply = await client.bank.supply(DENOM, { height });
  const start = balances.reduce((sum, balance) => sum + balance.start, 0n);
  const held = checks.reduce((sum, check) => sum + check.actual, 0n);
  return [
    ...checks,
    { what: "fees = gas × price", expected: ledger.feesByGas, actual: ledger.fees() },
    { what: SUPPLY_AFTER_BURNS, expected: start - ledger.burned, actual: supply },
    { what: "supply = sum of all balances", expected: held, actual: supply },
  ];
}
