import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { EventVotingExtendedSchema } from "@computronium/proto/computronium/dao/v1/events_pb.js";
import { QuorumWatch } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { typedEvent } from "../../../core/runtime/typed-events.js";
import { shareOf } from "../params.js";
import type { DaoState } from "../state.js";
import type { GovKeeper } from "./keeper.js";
import { changed } from "./changed.js";
import { decOfParams } from "./params.js";
import type { Tally } from "./tally.js";
import { hasQuorum } from "./tally.js";
import { nanosOf, secondsAndNanos } from "./times.js";

/**
 * Extends a vote once when its quorum came late, so that nobody decides in the last minutes what others had no time to
 * answer: quorum is looked at when the last part of the period begins, and again at its end.
 */
export class LateQuorum {
  readonly #gov: GovKeeper;
  readonly #state: DaoState;

  constructor(gov: GovKeeper) {
    this.#gov = gov;
    this.#state = gov.options.dao;
  }

  /** A voting period has begun. */
  watch(ctx: Context, proposal: Proposal): void {
    const { lateQuorumExtension } = this.#gov.options.settings.get(ctx);
    const [start, end] = [nanosOf(proposal.votingStartTime), nanosOf(proposal.votingEndTime)];
    this.#state.watches.remove(ctx, proposal.id);
    if (shareOf(end - start, lateQuorumExtension) <= 0n) return;
    this.#state.lateChecks.add(ctx, this.#checkOf(ctx, proposal));
  }

  /** When the last part of a vote begins, by the parameters of now. */
  #checkOf(ctx: ReadContext, { id, votingStartTime, votingEndTime }: Proposal): [bigint, bigint] {
    const [start, end] = [nanosOf(votingStartTime), nanosOf(votingEndTime)];
    return [end - shareOf(end - start, this.#gov.options.settings.get(ctx).lateQuorumWindow), id];
  }

  /** Notes, for votes whose last part begins, whether quorum is there. At most `limit`; returns how many. */
  look(ctx: Context, limit: number): number {
    const due: (readonly [bigint, bigint])[] = [];
    for (const key of this.#state.lateChecks.keys(ctx)) {
      if (key[0] > ctx.block.timeNanos || due.length >= limit) break;
      due.push(key);
    }
    for (const key of due) {
      this.#state.lateChecks.remove(ctx, key);
      const [, id] = key;
      // It may have been cancelled, or been converted and be watched anew.
      if (this.#gov.ballots.openBallot(ctx, id) === undefined || this.get(ctx, id) !== QuorumWatch.UNSPECIFIED)
        continue;
      const isThere = this.#hasQuorum(ctx, this.#gov.ballots.count(ctx, id));
      this.restore(ctx, id, isThere ? QuorumWatch.EARLY : QuorumWatch.MISSING);
    }
    return due.length;
  }

  /** At the end of a voting period: the proposal with a later one, if quorum came late; undefined if the vote is over. */
  extended(ctx: Context, proposal: Proposal, votes: Tally): Proposal | undefined {
    if (this.get(ctx, proposal.id) !== QuorumWatch.MISSING || !this.#hasQuorum(ctx, votes)) return undefined;
    const { lateQuorumExtension } = this.#gov.options.settings.get(ctx);
    const [start, end] = [nanosOf(proposal.votingStartTime), nanosOf(proposal.votingEndTime)];
    const extension = shareOf(end - start, lateQuorumExtension);
    if (extension <= 0n) return undefined;
    // From now, since the end may have had to wait for its block.
    const votingEndTime = secondsAndNanos(ctx.block.timeNanos + extension);
    this.restore(ctx, proposal.id, QuorumWatch.EXTENDED);
    ctx.events.emit(typedEvent(EventVotingExtendedSchema, { proposalId: proposal.id, votingEndTime }));
    return changed(proposal, { votingEndTime });
  }

  /** The vote is over. A look that is still to come would take the place of another proposal's end. */
  forget(ctx: Context, proposal: Proposal): void {
    this.#state.watches.remove(ctx, proposal.id);
    if (proposal.votingEndTime === undefined) return;
    const check = this.#checkOf(ctx, proposal);
    if (this.#state.lateChecks.has(ctx, check)) this.#state.lateChecks.remove(ctx, check);
  }

  get(ctx: ReadContext, id: bigint): QuorumWatch {
    return Number(this.#state.watches.get(ctx, id) ?? 0n);
  }

  restore(ctx: Context, id: bigint, watch: QuorumWatch): void {
    this.#state.watches.set(ctx, id, BigInt(watch));
  }

  #hasQuorum(ctx: ReadContext, votes: Tally): boolean {
    const quorum = decOfParams(this.#gov.params(ctx).quorum);
    return hasQuorum(votes, this.#gov.options.staking.totalBonded(ctx), quorum);
  }
}
