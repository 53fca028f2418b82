import type { Params } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { RegisteredError } from "../../core/errors.js";
import type { Dec } from "../../core/math/dec.js";
import { DEC_ONE, DEC_ZERO, formatDec, parseDec } from "../../core/math/dec.js";

const HOUR = 3_600n;
const DAY = 24n * HOUR;

/** Inclusive bounds of the parameters. No vote can go beyond them, so that governance can always decide again. */
export const PARAM_BOUNDS = {
  maxActiveProposals: [5, 1_000],
  maxVotesPerVoter: [5, 1_250],
  maxEndingsPerBlock: [1, 1_000],
  maxSettlementsPerBlock: [10, 10_000],
  executionGasLimit: [1_000_000n, 1_000_000_000n],
  maxPauseSeconds: [1n, 14n * DAY],
  judgingSeconds: [1n, 90n * DAY],
} as const;

/** Inclusive bounds of the shares of a voting period. */
export const RATIO_BOUNDS = {
  lateQuorumWindow: ["0", "0.5"],
  lateQuorumExtension: ["0", "1"],
  timelock: ["0", "2"],
} as const;

const text = (value: string): string => formatDec(parseDec(value) ?? DEC_ZERO);

/** What a fresh chain starts with. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    maxActiveProposals: 100,
    maxVotesPerVoter: 125,
    maxEndingsPerBlock: 20,
    maxSettlementsPerBlock: 200,
    executionGasLimit: 50_000_000n,
    lateQuorumWindow: text("0.1"),
    lateQuorumExtension: text("0.25"),
    timelock: text("0.5"),
    guardian: "",
    maxPauseSeconds: 3n * DAY,
    judgingSeconds: 14n * DAY,
  });
}

/** What is wrong with parameters, each with the field; empty when they are sound. */
export function paramProblems(
  params: Params,
  { addresses, authority }: { readonly addresses: Addresses; readonly authority: AccAddress },
): readonly string[] {
  const problems: string[] = [];
  for (const [name, [low, high]] of Object.entries(PARAM_BOUNDS)) {
    const value = params[name as keyof typeof PARAM_BOUNDS];
    if (value < low || value > high) problems.push(`${name}: ${value} is not within ${low} and ${high}`);
  }
  for (const [name, [low, high]] of Object.entries(RATIO_BOUNDS)) {
    const given = params[name as keyof typeof RATIO_BOUNDS];
    const value = parseDec(given);
    if (value === undefined || value < parseDec(low)! || value > parseDec(high)!) {
      problems.push(`${name}: "${given}" is not within ${low} and ${high}`);
    }
  }
  if (params.guardian !== "") problems.push(...guardianProblems(params.guardian, addresses, authority));
  return problems;
}

function guardianProblems(guardian: string, addresses: Addresses, authority: AccAddress): readonly string[] {
  try {
    const address = addresses.account.decode(guardian);
    return address === authority ? ["guardian: governance cannot be its own guardian"] : [];
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    return [`guardian: ${error.message}`];
  }
}

/** A share of a duration, down to whole nanoseconds. */
export function shareOf(nanos: bigint, ratio: string): bigint {
  const value: Dec = parseDec(ratio) ?? DEC_ZERO;
  return (nanos * value) / DEC_ONE;
}
