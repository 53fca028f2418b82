import type { Params } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import type { Dec } from "../../core/math/dec.js";
import { defaultParams as marketParams } from "../../modules/marketplace/params.js";
import { defaultAllocations } from "../../modules/tokenomics/default-allocations.js";
import { defaultMintParams, INITIAL_INFLATION, inflationCurve } from "../../modules/tokenomics/mint/params.js";
import { defaultParams } from "../../modules/tokenomics/params.js";
import type { ReleaseSchedule } from "../../modules/tokenomics/schedule.js";
import type { ChainParams } from "./model.js";

/** Base units of a coin. */
export const COIN = 1_000_000n;
export const INITIAL_SUPPLY = 1_000_000_000n * COIN;
export const START_BONDED = 20_000_000n * COIN;
export const DAYS_PER_YEAR = 365;
/** A block takes about a second. */
export const BLOCKS_PER_DAY = 86_400;
/** Per cent. */
export const TREASURY_SPENT_PER_YEAR = 25n;
export const MAX_BLOCK_GAS = 100_000_000;

export interface Allocation {
  readonly name: string;
  readonly total: bigint;
  readonly schedule: ReleaseSchedule;
}

/** As `computroniumd genesis` lays a first supply out. */
export const ALLOCATIONS: readonly Allocation[] = defaultAllocations(INITIAL_SUPPLY).map(
  ({ name, total, schedule }) => ({
    name: name.replaceAll("_", " "),
    total: BigInt(total),
    schedule: {
      startTime: 0n,
      cliffSeconds: BigInt(schedule.cliff_seconds),
      durationSeconds: BigInt(schedule.duration_seconds),
      periodSeconds: BigInt(schedule.period_seconds),
      atStart: BigInt(schedule.at_start),
    },
  }),
);

/** The parameters of a fresh chain, with the base fee on, a part of the market's take burned and, in a story, the buyback on. */
export function chainParams(): ChainParams & { readonly startInflation: Dec } {
  const { baseFee, ...others } = defaultParams();
  const tokenomics: Params = { ...others, baseFee: { ...baseFee!, enabled: true, floor: "0.001000000000000000" } };
  return {
    tokenomics,
    inflation: inflationCurve(defaultMintParams("ucptm")),
    takeRateBps: marketParams("ucptm").takeRateBps,
    takeBurnBps: 2_000,
    startInflation: BigInt(INITIAL_INFLATION) as Dec,
  };
}
