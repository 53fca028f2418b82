import type { Params } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { parseAmount } from "../../core/math/amount.js";
import { isDenom } from "../../core/math/coins.js";

const DAY = 86_400n;

/** Inclusive bounds of the parameters that are numbers. */
export const PARAM_BOUNDS = {
  takeRateBps: [0, 2_000],
  takeBurnBps: [0, 10_000],
  maxOrderLifetimeSeconds: [60n, 365n * DAY],
  maxLeaseSeconds: [60n, 365n * DAY],
  startWindowSeconds: [5n, DAY],
  ackWindowSeconds: [5n, 7n * DAY],
  pauseGraceSeconds: [0n, 7n * DAY],
  unbondingSeconds: [0n, 365n * DAY],
  lateCancelSeconds: [0n, DAY],
  minTtlSeconds: [5n, DAY],
  maxTtlSeconds: [60n, 30n * DAY],
  retentionSeconds: [0n, 3650n * DAY],
  maxBidsPerOrder: [1, 256],
  maxOpenLeasesPerProvider: [1, 1024],
  maxOpenOrdersPerOwner: [1, 10_000],
  maxTimersPerBlock: [1, 10_000],
} as const satisfies Partial<Record<keyof Params, readonly [number, number] | readonly [bigint, bigint]>>;

export const MAX_ACCEPTED_DENOMS = 32;

/** What a fresh chain starts with, paid and bonded in `denom`. */
export function defaultParams(denom: string): Params {
  return create(ParamsSchema, {
    acceptedDenoms: [{ denom, minOrderBudget: "1000" }],
    minBond: { denom, amount: "10000000" },
    noShowPenalty: "1000000",
    takeRateBps: 500,
    takeBurnBps: 0,
    maxOrderLifetimeSeconds: 30n * DAY,
    maxLeaseSeconds: 90n * DAY,
    startWindowSeconds: 300n,
    ackWindowSeconds: 600n,
    pauseGraceSeconds: 600n,
    unbondingSeconds: 7n * DAY,
    lateCancelSeconds: 60n,
    minTtlSeconds: 30n,
    maxTtlSeconds: 7n * DAY,
    retentionSeconds: 90n * DAY,
    maxBidsPerOrder: 64,
    maxOpenLeasesPerProvider: 64,
    maxOpenOrdersPerOwner: 1_000,
    maxTimersPerBlock: 500,
  });
}

/** What is wrong with parameters, each with the field; empty when they are sound. */
export function paramProblems(params: Params): readonly string[] {
  const problems: string[] = [];
  for (const [name, [low, high]] of Object.entries(PARAM_BOUNDS)) {
    const value = params[name as keyof typeof PARAM_BOUNDS];
    if (value < low || value > high) problems.push(`${name}: ${value} is not within ${low} and ${high}`);
  }
  if (params.minTtlSeconds > params.maxTtlSeconds) problems.push("minTtlSeconds: above maxTtlSeconds");
  if (params.acceptedDenoms.length < 1 || params.acceptedDenoms.length > MAX_ACCEPTED_DENOMS) {
    problems.push(`acceptedDenoms: ${params.acceptedDenoms.length} entries, expected 1 to ${MAX_ACCEPTED_DENOMS}`);
  }
  const seen = new Set<string>();
  params.acceptedDenoms.forEach(({ denom, minOrderBudget }, i) => {
    if (!isDenom(denom)) problems.push(`acceptedDenoms[${i}].denom: "${denom}" is no denom`);
    if (seen.has(denom)) problems.push(`acceptedDenoms[${i}].denom: "${denom}" is there twice`);
    seen.add(denom);
    if ((parseAmount(minOrderBudget) ?? 0n) === 0n) {
      problems.push(`acceptedDenoms[${i}].minOrderBudget: "${minOrderBudget}" is no positive amount`);
    }
  });
  const minBond = parseAmount(params.minBond?.amount ?? "");
  const penalty = parseAmount(params.noShowPenalty);
  if (!isDenom(params.minBond?.denom ?? "")) problems.push(`minBond.denom: "${params.minBond?.denom}" is no denom`);
  if (minBond === undefined || minBond === 0n) problems.push("minBond.amount: no positive amount");
  if (penalty === undefined) problems.push(`noShowPenalty: "${params.noShowPenalty}" is no amount`);
  else if (minBond !== undefined && penalty > minBond) problems.push("noShowPenalty: above minBond");
  return problems;
}
