import { mulDivFloor } from "../../core/math/amount.js";
import { ALL_BPS } from "./split.js";

const DAY = 86_400n;
const YEAR = 365n * DAY;

/** Who may claim an allocation; without it governance disposes of it. */
export type AllocationBeneficiaries = Readonly<Partial<Record<string, string>>>;

interface AllocationPlan {
  readonly name: string;
  /** Share of the first supply, in 1/10,000. */
  readonly shareBps: number;
  readonly cliffSeconds: bigint;
  readonly durationSeconds: bigint;
  readonly periodSeconds: bigint;
  /** What of it is free at once, in 1/10,000. */
  readonly atStartBps: number;
}

/** How the first supply of a new chain is laid out; the README has it as a table. */
const PLAN: readonly AllocationPlan[] = [
  plan("community", 2_500, { durationSeconds: 8n * YEAR }),
  plan("ecosystem_reserve", 2_000, { cliffSeconds: YEAR / 2n, durationSeconds: 6n * YEAR }),
  plan("partnership_fund", 1_200, { cliffSeconds: YEAR / 2n, durationSeconds: 4n * YEAR, periodSeconds: YEAR / 4n }),
  plan("liquidity_reserve", 800, { durationSeconds: 2n * YEAR, atStartBps: 2_500 }),
  plan("team", 1_500, { cliffSeconds: YEAR, durationSeconds: 4n * YEAR }),
  plan("public", 2_000, { durationSeconds: YEAR, periodSeconds: YEAR / 12n, atStartBps: 2_000 }),
];

function plan(
  name: string,
  shareBps: number,
  schedule: Partial<Omit<AllocationPlan, "name" | "shareBps">>,
): AllocationPlan {
  return { name, shareBps, cliffSeconds: 0n, durationSeconds: 0n, periodSeconds: 0n, atStartBps: 0, ...schedule };
}

/** Names that may have a beneficiary. */
export const ALLOCATION_NAMES: readonly string[] = PLAN.map(({ name }) => name);

/** Allocations for a first supply, as a genesis file has them; they start with the chain. What rounding leaves is the community's. */
export function defaultAllocations(supply: bigint, beneficiaries: AllocationBeneficiaries = {}) {
  const totals = PLAN.map(({ shareBps }) => bpsOf(supply, shareBps));
  const rest = supply - totals.reduce((sum, total) => sum + total, 0n);
  return PLAN.map(({ name, atStartBps, cliffSeconds, durationSeconds, periodSeconds }, i) => {
    const total = totals[i]! + (i === 0 ? rest : 0n);
    return {
      name,
      total: total.toString(),
      paid: "0",
      schedule: {
        start_time: "0",
        cliff_seconds: cliffSeconds.toString(),
        duration_seconds: durationSeconds.toString(),
        period_seconds: periodSeconds.toString(),
        at_start: bpsOf(total, atStartBps).toString(),
      },
      beneficiary: beneficiaries[name] ?? "",
    };
  });
}

function bpsOf(amount: bigint, bps: number): bigint {
  return mulDivFloor(amount, BigInt(bps), BigInt(ALL_BPS));
}
