import { VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ZERO, decAdd, decMul, decMulInt, decQuo, decSub } from "../../../core/math/dec.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import type { Staking } from "../expected.js";
import type { Tally } from "./tally.js";

/** One account's vote. */
export type Ballot = readonly (readonly [option: VoteOption, weight: Dec])[];

/** x/gov/keeper/tally.go, line by line: a loop over all votes and the delegations of each voter. */
export function sdkTally(
  ctx: ReadContext,
  staking: Pick<Staking, "bondedValidators" | "delegationsOf">,
  votes: ReadonlyMap<AccAddress, Ballot>,
): Tally {
  const results = new Map<VoteOption, Dec>();
  let total = DEC_ZERO;
  const count = (power: Dec, options: Ballot) => {
    for (const [option, weight] of options) {
      results.set(option, decAdd(results.get(option) ?? DEC_ZERO, decMul(power, weight)));
    }
    total = decAdd(total, power);
  };
  const deductions = new Map<ValAddress, Dec>();
  const bonded = new Map(staking.bondedValidators(ctx).map((validator) => [validator.operator, validator]));
  for (const [voter, options] of votes) {
    for (const { validator, shares } of staking.delegationsOf(ctx, voter)) {
      const view = bonded.get(validator);
      if (view === undefined) continue;
      deductions.set(validator, decAdd(deductions.get(validator) ?? DEC_ZERO, shares));
      count(decQuo(decMulInt(shares, view.tokens), view.delegatorShares), options);
    }
  }
  for (const [operator, { tokens, delegatorShares }] of bonded) {
    const own = votes.get(operator as string as AccAddress);
    if (own === undefined || delegatorShares === 0n) continue;
    const left = decSub(delegatorShares, deductions.get(operator) ?? DEC_ZERO);
    count(decQuo(decMulInt(left, tokens), delegatorShares), own);
  }
  const of = (option: VoteOption) => results.get(option) ?? DEC_ZERO;
  return {
    total,
    yes: of(VoteOption.YES),
    abstain: of(VoteOption.ABSTAIN),
    no: of(VoteOption.NO),
    noWithVeto: of(VoteOption.NO_WITH_VETO),
  };
}
