import type { Params } from "@computronium/proto/cosmos/distribution/v1beta1/distribution_pb.js";
import { ParamsSchema } from "@computronium/proto/cosmos/distribution/v1beta1/distribution_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ONE, decQuoInt, formatDec, parseRawDec } from "../../../core/math/dec.js";

/** x/distribution/types/params.go: 2 % of all rewards go to the community pool. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    communityTax: decQuoInt(DEC_ONE, 50n).toString(),
    baseProposerReward: "0",
    bonusProposerReward: "0",
    withdrawAddrEnabled: true,
  });
}

/** What is wrong with parameters; undefined when nothing is. */
export function paramsProblem(params: Params): string | undefined {
  if (params.communityTax === "") return "community tax must be not nil";
  const tax = parseRawDec(params.communityTax);
  if (tax === undefined) return `community tax is no decimal: ${params.communityTax.slice(0, 100)}`;
  if (tax < 0n) return `community tax must be positive: ${formatDec(tax)}`;
  if (tax > DEC_ONE) return `community tax too large: ${formatDec(tax)}`;
  return undefined;
}

/** Whether one of the rewards for proposers is set, which nobody pays any more. */
export function hasProposerRewards({ baseProposerReward, bonusProposerReward }: Params): boolean {
  return [baseProposerReward, bonusProposerReward].some((raw) => raw !== "" && parseRawDec(raw) !== 0n);
}

/** The share of the community pool, of parameters that were checked. */
export function communityTax(params: Params): Dec {
  return parseRawDec(params.communityTax)!;
}
