import type { Params } from "@computronium/proto/cosmos/mint/v1beta1/mint_pb.js";
import { ParamsSchema } from "@computronium/proto/cosmos/mint/v1beta1/mint_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { isDenom } from "../../../core/math/coins.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ONE, formatDec, parseDec, parseRawDec } from "../../../core/math/dec.js";
import type { InflationCurve } from "./minter.js";

/** x/mint allows up to 2^63-1. */
const MAX_BLOCKS_PER_YEAR = (1n << 63n) - 1n;

/** A decimal as the messages of cosmos.mint carry it: the raw count of 10^-18. */
function raw(text: string): string {
  const value = parseDec(text);
  if (value === undefined) throw new RangeError(`"${text}" is no decimal`);
  return value.toString();
}

/** Inflation of a fresh chain, and what it starts with. */
export const INITIAL_INFLATION = raw("0.05");

/**
 * A chain with a large first supply: inflation pays for security and no more. It has the curve of x/mint with lower bounds, and
 * blocks of a second.
 */
export function defaultMintParams(denom: string): Params {
  return create(ParamsSchema, {
    mintDenom: denom,
    inflationRateChange: raw("0.05"),
    inflationMax: raw("0.08"),
    inflationMin: raw("0.01"),
    goalBonded: raw("0.67"),
    blocksPerYear: 31_557_600n,
  });
}

/** What is wrong with parameters, with the field; texts of x/mint/types/params.go. Undefined when nothing is. */
export function mintParamProblem(params: Params): string | undefined {
  if (params.mintDenom.trim() === "") return "mint_denom: mint denom cannot be blank";
  if (!isDenom(params.mintDenom)) return `mint_denom: invalid denom: ${params.mintDenom.slice(0, 128)}`;
  const decs = {
    inflation_rate_change: ["inflation rate change", params.inflationRateChange],
    inflation_max: ["max inflation", params.inflationMax],
    inflation_min: ["min inflation", params.inflationMin],
    goal_bonded: ["goal bonded", params.goalBonded],
  } as const;
  for (const [field, [name, text]] of Object.entries(decs)) {
    const value = parseRawDec(text);
    if (value === undefined) return `${field}: ${name} cannot be nil`;
    if (value < 0n) return `${field}: ${name} cannot be negative: ${formatDec(value)}`;
    if (value > DEC_ONE) return `${field}: ${name} too large: ${formatDec(value)}`;
  }
  if (BigInt(params.goalBonded) === 0n) return "goal_bonded: goal bonded must be positive: 0.000000000000000000";
  if (params.blocksPerYear === 0n) return "blocks_per_year: blocks per year must be positive: 0";
  if (params.blocksPerYear > MAX_BLOCKS_PER_YEAR) {
    return `blocks_per_year: blocks per year too large: ${params.blocksPerYear}, maximum value is: ${MAX_BLOCKS_PER_YEAR}`;
  }
  const [max, min] = [BigInt(params.inflationMax) as Dec, BigInt(params.inflationMin) as Dec];
  if (max >= min) return undefined;
  return `inflation_max: max inflation (${formatDec(max)}) must be greater than or equal to min inflation (${formatDec(min)})`;
}

/** Parameters that were checked, in calculable form. */
export function inflationCurve(params: Params): InflationCurve {
  return {
    inflationRateChange: BigInt(params.inflationRateChange) as Dec,
    inflationMax: BigInt(params.inflationMax) as Dec,
    inflationMin: BigInt(params.inflationMin) as Dec,
    goalBonded: BigInt(params.goalBonded) as Dec,
    blocksPerYear: params.blocksPerYear,
  };
}
