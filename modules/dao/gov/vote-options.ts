import type { WeightedVoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import { ErrInvalidRequest } from "../../../core/errors.js";
import { DEC_ONE, parseDec } from "../../../core/math/dec.js";
import { ErrInvalidVote } from "./errors.js";

/** An option and its weight, as decimal text. */
export type Weighted = Pick<WeightedVoteOption, "option" | "weight">;

const NAMES: ReadonlyMap<number, string> = new Map([
  [VoteOption.UNSPECIFIED, "VOTE_OPTION_UNSPECIFIED"],
  [VoteOption.YES, "VOTE_OPTION_YES"],
  [VoteOption.ABSTAIN, "VOTE_OPTION_ABSTAIN"],
  [VoteOption.NO, "VOTE_OPTION_NO"],
  [VoteOption.NO_WITH_VETO, "VOTE_OPTION_NO_WITH_VETO"],
]);

const nameOf = (option: VoteOption): string => NAMES.get(option) ?? String(option);

function isOption(option: VoteOption): boolean {
  return option !== VoteOption.UNSPECIFIED && NAMES.has(option);
}

/** One option with all of the weight. Throws `gov` 7 for one that does not exist. */
export function wholeVote(option: VoteOption): readonly Weighted[] {
  if (!isOption(option)) throw ErrInvalidVote.with(nameOf(option));
  return [{ option, weight: "1.000000000000000000" }];
}

/** A split vote: each option once, with a positive weight, 1 in all. Throws `gov` 7, or `sdk` 18 for none. */
export function splitVote(options: readonly Weighted[]): readonly Weighted[] {
  if (options.length === 0) throw ErrInvalidRequest.with("null");
  const used = new Set<VoteOption>();
  let total = 0n;
  for (const { option, weight } of options) {
    const value = parseDec(weight);
    if (value === undefined || value <= 0n || value > DEC_ONE || !isOption(option)) {
      // As gogoproto's CompactTextString writes the option.
      throw ErrInvalidVote.with(`option:${nameOf(option)} weight:"${weight.slice(0, 40)}" `);
    }
    if (used.has(option)) throw ErrInvalidVote.with("duplicated vote option");
    used.add(option);
    total += value;
  }
  if (total > DEC_ONE) throw ErrInvalidVote.with("total weight overflow 1.00");
  if (total < DEC_ONE) throw ErrInvalidVote.with("total weight lower than 1.00");
  return options.map(({ option, weight }) => ({ option, weight }));
}
