import type { Vote } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import type { ValidatorTally } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { ValidatorTallySchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { Staking } from "../expected.js";
import type { BallotId, GovState } from "./state.js";
import { ballotOf } from "./state.js";
import type { DirectVotes, Tally, Weights } from "./tally.js";
import { addShares, NO_DIRECT_VOTES, tally, weightsOf } from "./tally.js";

/**
 * Votes, and what they come to. For each ballot and validator the shares that voted themselves are kept, by option, and follow
 * every vote and every change of a delegation whose delegator voted. So a vote costs what the voter's own delegations and
 * votes are, and a tally costs one read for each bonded validator, whatever the number of voters.
 *
 * What the tallies count of a delegation is its checkpoint: there is one for each delegation of an account that has votes
 * on record, and it is what is taken away again when the delegation changes.
 */
export class Ballots {
  readonly #state: GovState;
  readonly #staking: Staking;

  constructor({ state, staking }: { readonly state: GovState; readonly staking: Staking }) {
    this.#state = state;
    this.#staking = staking;
  }

  /** The ballot on which a proposal is voted; undefined when it is not in its voting period. */
  openBallot(ctx: ReadContext, proposalId: bigint): BallotId | undefined {
    const { openBallots } = this.#state;
    const [first, second] = [ballotOf(proposalId, false), ballotOf(proposalId, true)];
    if (openBallots.has(ctx, first)) return first;
    return openBallots.has(ctx, second) ? second : undefined;
  }

  /** Voting begins: for the first time, or anew on an expedited proposal that became a regular one. */
  open(ctx: Context, proposalId: bigint, isSecond: boolean): void {
    this.#state.openBallots.add(ctx, ballotOf(proposalId, isSecond));
  }

  /** In a genesis, which names the votes on a proposal but not their ballot: they are those of the second one. */
  restoreAsSecond(ctx: Context, proposalId: bigint): void {
    const { openBallots, votes, voteKey } = this.#state;
    const [first, second] = [ballotOf(proposalId, false), ballotOf(proposalId, true)];
    openBallots.remove(ctx, first);
    openBallots.add(ctx, second);
    for (const [key, vote] of [...votes.entries(ctx, { prefix: voteKey.prefix(first) })]) {
      votes.remove(ctx, key);
      votes.set(ctx, [second, key[1]], vote);
    }
  }

  /** Whether the open ballot of a proposal is its second one. */
  isSecond(ctx: ReadContext, proposalId: bigint): boolean {
    return this.#state.openBallots.has(ctx, ballotOf(proposalId, true));
  }

  /** Votes that were cast on a proposal count no more, and are cleared away in time. */
  close(ctx: Context, proposalId: bigint): void {
    const ballot = this.openBallot(ctx, proposalId);
    if (ballot === undefined) return;
    this.#state.openBallots.remove(ctx, ballot);
    this.#state.overBallots.add(ctx, ballot);
  }

  /** Writes a vote in place of any that the account has on the ballot, with its power by its delegations of now. */
  cast(ctx: Context, ballot: BallotId, voter: AccAddress, vote: Vote): void {
    // Slashes of redelegated stake that are on record count before the vote does; so all that follows are real changes.
    const validators = [...this.#staking.delegationsOf(ctx, voter)].map(({ validator }) => validator);
    for (const validator of validators) {
      this.#staking.settle(ctx, voter, validator);
      this.#follow(ctx, voter, validator, this.#staking.delegation(ctx, voter, validator)?.shares ?? 0n);
    }
    const before = this.#state.votes.get(ctx, [ballot, voter]);
    const [weights, former] = [weightsOf(vote.options), before === undefined ? undefined : weightsOf(before.options)];
    for (const [[, validator], shares] of this.#checkpointsOf(ctx, voter)) {
      this.#change(ctx, ballot, validator, (votes) => {
        if (former !== undefined) return addShares(addShares(votes, -shares, former), shares, weights);
        return counted(votes, shares, weights);
      });
    }
    this.#state.votes.set(ctx, [ballot, voter], vote);
  }

  /** On how many open ballots the account has voted. */
  openVotesOf(ctx: ReadContext, voter: AccAddress): number {
    return this.#openBallotsOf(ctx, voter).length;
  }

  /** A delegation is what it now is; staking says so after every change of one. */
  delegationChanged(ctx: Context, voter: AccAddress, validator: ValAddress): void {
    if (!this.#hasVotes(ctx, voter)) return;
    this.#follow(ctx, voter, validator, this.#staking.delegation(ctx, voter, validator)?.shares ?? 0n);
  }

  /** A delegation is about to be gone. */
  delegationRemoved(ctx: Context, voter: AccAddress, validator: ValAddress): void {
    if (this.#hasVotes(ctx, voter)) this.#follow(ctx, voter, validator, 0n);
  }

  /** What the votes on a proposal come to, with the validators and their tokens of now; nothing when it is not voted on. */
  count(ctx: ReadContext, proposalId: bigint): Tally {
    const { tallies, votes } = this.#state;
    const ballot = this.openBallot(ctx, proposalId);
    if (ballot === undefined) return tally([]);
    return tally(
      this.#staking.bondedValidators(ctx).map(({ operator, tokens, delegatorShares }) => {
        const own: Vote | undefined = votes.get(ctx, [ballot, operator as string as AccAddress]);
        return {
          tokens,
          delegatorShares,
          direct: directVotes(tallies.get(ctx, [ballot, operator])),
          weights: own === undefined ? undefined : weightsOf(own.options),
        };
      }),
    );
  }

  /** Clears away at most `limit` records of a ballot that is over. Returns how many; below the limit when nothing is left. */
  clear(ctx: Context, ballot: BallotId, limit: number): number {
    const { votes, tallies, voteKey, tallyKey } = this.#state;
    let removed = 0;
    const doomed = take(votes.map.keys(ctx, { prefix: voteKey.prefix(ballot) }), limit);
    for (const key of doomed) {
      votes.remove(ctx, key);
      removed += 1;
      if (!this.#hasVotes(ctx, key[1])) removed += this.#forget(ctx, key[1]);
    }
    if (removed >= limit) return removed;
    for (const key of take(tallies.keys(ctx, { prefix: tallyKey.prefix(ballot) }), limit - removed)) {
      tallies.remove(ctx, key);
      removed += 1;
    }
    return removed;
  }

  /** Makes checkpoints and tallies from votes and delegations: for a genesis, which holds neither. */
  rebuild(ctx: Context): void {
    const { tallies, checkpoints } = this.#state;
    for (const key of [...tallies.keys(ctx)]) tallies.remove(ctx, key);
    for (const key of [...checkpoints.keys(ctx)]) checkpoints.remove(ctx, key);
    for (const [[ballot, voter], { options }] of [...this.#state.votes.entries(ctx)]) {
      const weights = weightsOf(options);
      for (const { validator, shares } of this.#staking.delegationsOf(ctx, voter)) {
        this.#state.checkpoints.set(ctx, [voter, validator], shares);
        this.#change(ctx, ballot, validator, (votes) => counted(votes, shares, weights));
      }
    }
  }

  /** The tallies as a loop over all votes and the checkpoints of their voters makes them; for invariants. */
  recount(ctx: ReadContext, ballot: BallotId): ReadonlyMap<ValAddress, DirectVotes> {
    const { votes, voteKey } = this.#state;
    const sums = new Map<ValAddress, DirectVotes>();
    for (const [[, voter], { options }] of votes.entries(ctx, { prefix: voteKey.prefix(ballot) })) {
      const weights = weightsOf(options);
      for (const [[, validator], shares] of this.#checkpointsOf(ctx, voter)) {
        sums.set(validator, counted(sums.get(validator) ?? NO_DIRECT_VOTES, shares, weights));
      }
    }
    return sums;
  }

  /** A checkpoint that is not what its delegation is, but for slashes that wait for their turn; undefined when all are. For invariants. */
  wrongCheckpoint(ctx: ReadContext): string | undefined {
    const { votes, checkpoints } = this.#state;
    for (const voter of new Set([...votes.map.keys(ctx)].map(([, address]) => address))) {
      const delegations = new Map<ValAddress, bigint>();
      for (const { validator, shares } of this.#staking.delegationsOf(ctx, voter)) delegations.set(validator, shares);
      const kept = this.#checkpointsOf(ctx, voter).map(([[, validator]]) => validator);
      for (const validator of new Set([...delegations.keys(), ...kept])) {
        const [shares, checkpoint] = [delegations.get(validator) ?? 0n, checkpoints.get(ctx, [voter, validator]) ?? 0n];
        const isPending = this.#staking.asSettled(ctx, voter, validator) !== ctx;
        if (isPending ? checkpoint < shares : checkpoint !== shares) {
          return `tallies count ${checkpoint} shares of a delegation of ${shares}`;
        }
      }
    }
    return undefined;
  }

  /** The tallies as they are kept. */
  *kept(ctx: ReadContext, ballot: BallotId): IterableIterator<readonly [ValAddress, DirectVotes]> {
    const { tallies, tallyKey } = this.#state;
    for (const [[, validator], record] of tallies.entries(ctx, { prefix: tallyKey.prefix(ballot) })) {
      yield [validator, directVotes(record)];
    }
  }

  #hasVotes(ctx: ReadContext, voter: AccAddress): boolean {
    const { votesByVoter } = this.#state;
    for (const _key of votesByVoter.refs.keys(ctx, { prefix: votesByVoter.prefix(voter) })) return true;
    return false;
  }

  /** Takes a delegation's checkpoint to `shares`, and with it all tallies in which it counts. */
  #follow(ctx: Context, voter: AccAddress, validator: ValAddress, shares: bigint): void {
    const { checkpoints, votes } = this.#state;
    const difference = shares - (checkpoints.get(ctx, [voter, validator]) ?? 0n);
    if (difference === 0n) return;
    for (const ballot of this.#openBallotsOf(ctx, voter)) {
      const weights = weightsOf(votes.get(ctx, [ballot, voter])?.options ?? []);
      this.#change(ctx, ballot, validator, (counts) => counted(counts, difference, weights));
    }
    if (shares === 0n) checkpoints.remove(ctx, [voter, validator]);
    else checkpoints.set(ctx, [voter, validator], shares);
  }

  #forget(ctx: Context, voter: AccAddress): number {
    const keys = this.#checkpointsOf(ctx, voter).map(([key]) => key);
    for (const key of keys) this.#state.checkpoints.remove(ctx, key);
    return keys.length;
  }

  #openBallotsOf(ctx: ReadContext, voter: AccAddress): readonly BallotId[] {
    const { votesByVoter } = this.#state;
    const ballots = [...votesByVoter.keysOf(ctx, voter)].map(([ballot]) => ballot);
    return ballots.filter((ballot) => this.#state.openBallots.has(ctx, ballot));
  }

  #checkpointsOf(ctx: ReadContext, voter: AccAddress) {
    const { checkpoints, checkpointKey } = this.#state;
    return [...checkpoints.entries(ctx, { prefix: checkpointKey.prefix(voter) })];
  }

  #change(ctx: Context, ballot: BallotId, validator: ValAddress, change: (votes: DirectVotes) => DirectVotes): void {
    const { tallies } = this.#state;
    const after = change(directVotes(tallies.get(ctx, [ballot, validator])));
    if (after.deducted === 0n) tallies.remove(ctx, [ballot, validator]);
    else tallies.set(ctx, [ballot, validator], tallyRecord(after));
  }
}

function counted(votes: DirectVotes, shares: bigint, weights: Weights): DirectVotes {
  return addShares({ ...votes, deducted: votes.deducted + shares }, shares, weights);
}

function take<T>(items: Iterable<T>, limit: number): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length >= limit) break;
    taken.push(item);
  }
  return taken;
}

const number = (text: string): bigint => (text === "" ? 0n : BigInt(text));
const text = (value: bigint): string => (value === 0n ? "" : value.toString());

function directVotes(record: ValidatorTally | undefined): DirectVotes {
  if (record === undefined) return NO_DIRECT_VOTES;
  const { deducted, yes, abstain, no, noWithVeto } = record;
  return {
    deducted: number(deducted),
    yes: number(yes),
    abstain: number(abstain),
    no: number(no),
    noWithVeto: number(noWithVeto),
  };
}

function tallyRecord({ deducted, yes, abstain, no, noWithVeto }: DirectVotes): ValidatorTally {
  return create(ValidatorTallySchema, {
    deducted: text(deducted),
    yes: text(yes),
    abstain: text(abstain),
    no: text(no),
    noWithVeto: text(noWithVeto),
  });
}
