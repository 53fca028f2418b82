import type { Params } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { ParamsSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { durationOf, nanosOfDuration } from "../../../core/codec/timestamps.js";
import { isDenom } from "../../../core/math/coins.js";
import { DEC_ONE, formatDec, parseRawDec } from "../../../core/math/dec.js";
import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";

const DAY_NANOS = 86_400n * NANOS_PER_SECOND;

/** x/staking/types/params.go, with the chain's own denom. */
export function defaultParams(bondDenom: string): Params {
  return create(ParamsSchema, {
    unbondingTime: durationOf(21n * DAY_NANOS),
    maxValidators: 100,
    maxEntries: 7,
    historicalEntries: 10_000,
    bondDenom,
    minCommissionRate: "0",
  });
}

/**
 * Bounds within which a vote can change parameters without stopping the chain: the work of a block grows with
 * `max_validators`, that of one message with `max_entries`, the state with `historical_entries`. Queues count time in 64
 * bits of nanoseconds.
 */
export const PARAM_BOUNDS = {
  unbondingTimeNanos: [1n, 10n * 365n * DAY_NANOS],
  maxValidators: [1, 1_000],
  maxEntries: [1, 100],
  historicalEntries: [0, 100_000],
} as const;

/** What is wrong with parameters, each with its field; empty when nothing is. Texts of the SDK where it has one. */
export function paramProblems(params: Params): readonly string[] {
  const problems: string[] = [];
  const { maxValidators, maxEntries, historicalEntries, bondDenom } = params;
  const unbondingTime = nanosOfDuration(params.unbondingTime);
  if (unbondingTime <= 0n) problems.push(`unbonding_time: unbonding time must be positive: ${unbondingTime}`);
  if (unbondingTime > PARAM_BOUNDS.unbondingTimeNanos[1]) problems.push(`unbonding_time: more than ten years`);
  for (const [field, value, [low, high]] of [
    ["max_validators", maxValidators, PARAM_BOUNDS.maxValidators],
    ["max_entries", maxEntries, PARAM_BOUNDS.maxEntries],
    ["historical_entries", historicalEntries, PARAM_BOUNDS.historicalEntries],
  ] as const) {
    if (value < low || value > high) problems.push(`${field}: ${value} is not within ${low} and ${high}`);
  }
  if (!isDenom(bondDenom)) problems.push(`bond_denom: invalid denom: ${bondDenom}`);
  const rate = parseRawDec(params.minCommissionRate);
  if (rate === undefined) problems.push("min_commission_rate: no decimal");
  else if (rate < 0n)
    problems.push(`min_commission_rate: minimum commission rate cannot be negative: ${formatDec(rate)}`);
  else if (rate > DEC_ONE) {
    problems.push(`min_commission_rate: minimum commission rate cannot be greater than 100%: ${formatDec(rate)}`);
  }
  return problems;
}
