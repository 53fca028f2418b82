import type { Params } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import { create } from "../../core/codec/protobuf.js";

/** Inclusive bounds of the parameters. No vote can go beyond them, so that governance can always decide again. */
export const PARAM_BOUNDS = {
  maxActiveProposals: [5, 1_000],
  maxVotesPerVoter: [5, 1_000],
  maxEndingsPerBlock: [1, 1_000],
  maxSettlementsPerBlock: [10, 10_000],
  executionGasLimit: [1_000_000n, 1_000_000_000n],
} as const;

/** What a fresh chain starts with. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    maxActiveProposals: 100,
    maxVotesPerVoter: 125,
    maxEndingsPerBlock: 20,
    maxSettlementsPerBlock: 200,
    executionGasLimit: 50_000_000n,
  });
}

/** What is wrong with parameters, each with the field; empty when they are sound. */
export function paramProblems(params: Params): readonly string[] {
  const problems: string[] = [];
  for (const [name, [low, high]] of Object.entries(PARAM_BOUNDS)) {
    const value = params[name as keyof typeof PARAM_BOUNDS];
    if (value < low || value > high) problems.push(`${name}: ${value} is not within ${low} and ${high}`);
  }
  return problems;
}
