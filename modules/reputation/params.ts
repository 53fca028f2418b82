import type { Params } from "@computronium/proto/computronium/reputation/v1/types_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/reputation/v1/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { parseAmount } from "../../core/math/amount.js";
import type { Dec } from "../../core/math/dec.js";
import { decFromInteger, parseDec } from "../../core/math/dec.js";

const DAY = 86_400n;

/** Inclusive bounds of the parameters. */
export const PARAM_BOUNDS = {
  halfLifeSeconds: [3_600n, 3_650n * DAY],
  epochSeconds: [60n, 365n * DAY],
  maxPrunesPerBlock: [1, 10_000],
} as const;
/** Inclusive bounds of the weights, in whole units. */
export const WEIGHT_BOUNDS = { maxPairWeight: [1n, 128n], priorWeight: [1n, 10_000n] } as const;

/** What a fresh chain starts with: costs are counted in `denom`, whose whole coin has `unit` base units. */
export function defaultParams(denom: string, unit = 1_000n): Params {
  return create(ParamsSchema, {
    halfLifeSeconds: 90n * DAY,
    epochSeconds: 7n * DAY,
    maxPairWeight: "8.000000000000000000",
    costUnit: { denom, amount: unit.toString() },
    priorWeight: "10.000000000000000000",
    maxPrunesPerBlock: 200,
  });
}

/** What is wrong with parameters, each with the field; empty when they are sound. */
export function paramProblems(params: Params): readonly string[] {
  const problems: string[] = [];
  for (const [name, [low, high]] of Object.entries(PARAM_BOUNDS)) {
    const value = params[name as keyof typeof PARAM_BOUNDS];
    if (value < low || value > high) problems.push(`${name}: ${value} is not within ${low} and ${high}`);
  }
  for (const [name, [low, high]] of Object.entries(WEIGHT_BOUNDS)) {
    const text = params[name as keyof typeof WEIGHT_BOUNDS];
    const value = parseDec(text);
    if (value === undefined || value < decFromInteger(low) || value > decFromInteger(high)) {
      problems.push(`${name}: "${text}" is not within ${low} and ${high}`);
    }
  }
  if ((params.costUnit?.denom ?? "") === "") problems.push("costUnit.denom: missing");
  if ((parseAmount(params.costUnit?.amount ?? "") ?? 0n) === 0n) problems.push("costUnit.amount: no positive amount");
  return problems;
}

/** A decimal of something in state. */
export function decInState(text: string): Dec {
  const value = parseDec(text);
  if (value === undefined || value < 0n) throw new RangeError(`"${text}" in state is no weight`);
  return value;
}
