import type { WeightedVoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { Dec } from "../../../core/math/dec.js";
import {
  DEC_ONE,
  DEC_SMALLEST,
  DEC_ZERO,
  decAdd,
  decFromInteger,
  decFromRaw,
  decMul,
  decMulInt,
  decQuo,
  decSub,
  decTruncateInt,
  parseDec,
} from "../../../core/math/dec.js";

/** Something for each way of voting. */
export interface PerOption<T> {
  readonly yes: T;
  readonly abstain: T;
  readonly no: T;
  readonly noWithVeto: T;
}

/**
 * What is counted of one validator's delegators who voted themselves. Sums of products that were never rounded: what is
 * added can be taken away again, in any order.
 */
export interface DirectVotes extends PerOption<bigint> {
  /** Shares, raw with 18 places, that the validator's own vote does not count. */
  readonly deducted: bigint;
}

export const NO_DIRECT_VOTES: DirectVotes = { deducted: 0n, yes: 0n, abstain: 0n, no: 0n, noWithVeto: 0n };

/** Weights of a vote, which add up to 1. */
export type Weights = PerOption<Dec>;

const NO_WEIGHTS: Weights = { yes: DEC_ZERO, abstain: DEC_ZERO, no: DEC_ZERO, noWithVeto: DEC_ZERO };

const FIELDS: ReadonlyMap<VoteOption, keyof Weights> = new Map([
  [VoteOption.YES, "yes"],
  [VoteOption.ABSTAIN, "abstain"],
  [VoteOption.NO, "no"],
  [VoteOption.NO_WITH_VETO, "noWithVeto"],
]);

/** Weights of the options of a vote in state. */
export function weightsOf(options: readonly Pick<WeightedVoteOption, "option" | "weight">[]): Weights {
  const weights: { -readonly [K in keyof Weights]: Dec } = { ...NO_WEIGHTS };
  for (const { option, weight } of options) {
    const field = FIELDS.get(option);
    const value = parseDec(weight);
    if (field === undefined || value === undefined) throw new RangeError(`a vote in state for ${option} by ${weight}`);
    weights[field] = decAdd(weights[field], value);
  }
  return weights;
}

/** The same with `shares` (raw, 18 places; negative to take away) counted by these weights. */
export function addShares(votes: DirectVotes, shares: bigint, weights: Weights): DirectVotes {
  return {
    deducted: votes.deducted,
    yes: votes.yes + shares * weights.yes,
    abstain: votes.abstain + shares * weights.abstain,
    no: votes.no + shares * weights.no,
    noWithVeto: votes.noWithVeto + shares * weights.noWithVeto,
  };
}

/** One bonded validator as the tally sees it. */
export interface TallyEntry {
  /** Base units. */
  readonly tokens: bigint;
  readonly delegatorShares: Dec;
  readonly direct: DirectVotes;
  /** How the validator voted, for those of its delegators who did not; undefined when it did not. */
  readonly weights: Weights | undefined;
}

export interface Tally extends PerOption<Dec> {
  /** Base units that voted, whichever way. */
  readonly total: Dec;
}

/**
 * What the votes come to, in base units. The formulas and roundings of x/gov/keeper/tally.go, but that the delegations of
 * a validator which voted are summed up before their shares are converted, and not each by itself: so it comes to what the
 * SDK says where no share is worth a fraction of a unit, and is the more exact elsewhere.
 */
export function tally(validators: Iterable<TallyEntry>): Tally {
  let total = DEC_ZERO;
  const sums: { -readonly [K in keyof Weights]: Dec } = { ...NO_WEIGHTS };
  for (const { tokens, delegatorShares, direct, weights } of validators) {
    // A validator without shares has no power, whatever is on record.
    if (delegatorShares <= 0n) continue;
    const power = (shares: Dec): Dec => decQuo(decMulInt(shares, tokens), delegatorShares);
    for (const field of FIELDS.values()) {
      if (direct[field] !== 0n)
        sums[field] = decAdd(sums[field], weightedPower(direct[field], tokens, delegatorShares));
    }
    if (direct.deducted !== 0n) total = decAdd(total, power(decFromRaw(direct.deducted)));
    if (weights === undefined) continue;
    const left = decSub(delegatorShares, decFromRaw(direct.deducted));
    if (left <= 0n) continue;
    const inherited = power(left);
    for (const field of FIELDS.values()) {
      if (weights[field] !== 0n) sums[field] = decAdd(sums[field], decMul(inherited, weights[field]));
    }
    total = decAdd(total, inherited);
  }
  return { ...sums, total };
}

/** `weighted ÷ 10^36 × tokens ÷ shares`, rounded as LegacyDec.Quo does: cut at the 36th place, then to the nearest. */
function weightedPower(weighted: bigint, tokens: bigint, delegatorShares: Dec): Dec {
  return decMul(decFromRaw((weighted * tokens * DEC_ONE) / delegatorShares), DEC_SMALLEST);
}

export interface TallyRules {
  readonly quorum: Dec;
  readonly threshold: Dec;
  readonly vetoThreshold: Dec;
  readonly burnVoteQuorum: boolean;
  readonly burnVoteVeto: boolean;
}

export interface Verdict {
  readonly passes: boolean;
  readonly burnsDeposits: boolean;
}

/** Whether enough of the stake voted. */
export function hasQuorum({ total }: Pick<Tally, "total">, totalBonded: bigint, quorum: Dec): boolean {
  return totalBonded > 0n && decQuo(total, decFromInteger(totalBonded)) >= quorum;
}

/** What a tally means, in the order of x/gov/keeper/tally.go. */
export function verdict(votes: Tally, totalBonded: bigint, rules: TallyRules): Verdict {
  const fails = (burnsDeposits: boolean): Verdict => ({ passes: false, burnsDeposits });
  if (totalBonded === 0n) return fails(false);
  if (!hasQuorum(votes, totalBonded, rules.quorum)) return fails(rules.burnVoteQuorum);
  const decided = decSub(votes.total, votes.abstain);
  // All abstain, or nobody voted and none had to.
  if (decided <= 0n) return fails(false);
  if (decQuo(votes.noWithVeto, votes.total) > rules.vetoThreshold) return fails(rules.burnVoteVeto);
  return { passes: decQuo(votes.yes, decided) > rules.threshold, burnsDeposits: false };
}

/** The counts of cosmos.gov.v1.TallyResult. */
export function tallyResult(votes: PerOption<Dec>) {
  return {
    yesCount: decTruncateInt(votes.yes).toString(),
    abstainCount: decTruncateInt(votes.abstain).toString(),
    noCount: decTruncateInt(votes.no).toString(),
    noWithVetoCount: decTruncateInt(votes.noWithVeto).toString(),
  };
}

export const EMPTY_TALLY_RESULT = tallyResult(NO_WEIGHTS);
