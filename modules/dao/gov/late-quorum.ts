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
    const { lateQuorumExtension, lateQuorumWindow } = this.#gov.options.settings.get(ctx);
    const [start, end] = [nanosOf(proposal.votingStartTime), nanosOf(proposal.votingEndTime)];
    this.forget(ctx, proposal.id);
    if (shareOf(end - start, lateQuorumExtension) <= 0n) return;
    this.#state.lateChecks.set(ctx, proposal.id, end - shareOf(end - start, lateQuorumWindow));
  }

  /** Notes, for votes whose last part begins, whether quorum is there. At most `limit`; returns how many. */
  look(ctx: Context, limit: number): number {
    const due: bigint[] = [];
    for (const [time, id] of this.#state.lateCheckTimes.refs.keys(ctx)) {
      if (time > ctx.block.timeNanos || due.length >= limit) break;
      due.push(id);
    }
    for (const id of due) {
      const isThere = this.#hasQuorum(ctx, this.#gov.ballots.count(ctx, id));
      this.restore(ctx, id, { watch: isThere ? QuorumWatch.EARLY : QuorumWatch.MISSING });
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
    this.restore(ctx, proposal.id, { watch: QuorumWatch.EXTENDED });
    ctx.events.emit(typedEvent(EventVotingExtendedSchema, { proposalId: proposal.id, votingEndTime }));
    return changed(proposal, { votingEndTime });
  }

  /** The vote is over. A look that is still to come would take the place of another proposal's end. */
  forget(ctx: Context, id: bigint): void {
    this.#state.watches.remove(ctx, id);
    this.#state.lateChecks.remove(ctx, id);
  }

  get(ctx: ReadContext, id: bigint): QuorumWatch {
    return Number(this.#state.watches.get(ctx, id) ?? 0n);
  }

  /** In Unix nanoseconds; undefined when nobody is going to look at the quorum (again). */
  checkTime(ctx: ReadContext, id: bigint): bigint | undefined {
    return this.#state.lateChecks.get(ctx, id);
  }

  /** Sets what is known of a vote, and when it is to be looked at, if it is. */
  restore(ctx: Context, id: bigint, known: { readonly watch: QuorumWatch; readonly checkTime?: bigint }): void {
    this.forget(ctx, id);
    if (known.watch !== QuorumWatch.UNSPECIFIED) this.#state.watches.set(ctx, id, BigInt(known.watch));
    if (known.checkTime !== undefined) this.#state.lateChecks.set(ctx, id, known.checkTime);
  }

  #hasQuorum(ctx: ReadContext, votes: Tally): boolean {
    const quorum = decOfParams(this.#gov.params(ctx).quorum);
    return hasQuorum(votes, this.#gov.options.staking.totalBonded(ctx), quorum);
  }
}
