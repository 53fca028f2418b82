import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { EventExecutionChangedSchema } from "@computronium/proto/computronium/dao/v1/events_pb.js";
import type { MsgUpdateParams } from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import { MsgUpdateParamsSchema } from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import type { Execution } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { ExecutionSchema, ExecutionState } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import type { Any } from "@bufbuild/protobuf/wkt";

import { create } from "../../../core/codec/protobuf.js";
import { unpackAny } from "../../../core/codec/registry.js";
import { ErrInvalidRequest, ErrNotFound, ErrUnauthorized } from "../../../core/errors.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";
import { typedEvent } from "../../../core/runtime/typed-events.js";
import { ErrNotPausable, ErrWrongState } from "../errors.js";
import { shareOf } from "../params.js";
import type { DaoState } from "../state.js";
import { isWaiting } from "../state.js";
import type { Failure } from "./execution.js";
import { carryOut } from "./execution.js";
import type { GovKeeper } from "./keeper.js";
import { changed } from "./changed.js";
import { nanosOf, secondsAndNanos } from "./times.js";

/** What becomes of the messages of proposals that passed: a timelock, the guardian's pause, the execution. */
export class Executions {
  readonly #gov: GovKeeper;
  readonly #state: DaoState;

  constructor(gov: GovKeeper) {
    this.#gov = gov;
    this.#state = gov.options.dao;
  }

  get(ctx: ReadContext, proposalId: bigint): Execution | undefined {
    return this.#state.executions.get(ctx, proposalId);
  }

  /**
   * Carries out a proposal that has passed and was written so, at once or after the timelock. Returns what failed, if it
   * was carried out and something did.
   */
  begin(ctx: Context, proposal: Proposal): Failure | undefined {
    const { id, messages, votingStartTime, votingEndTime } = proposal;
    if (messages.length === 0) return undefined;
    const period = nanosOf(votingEndTime) - nanosOf(votingStartTime);
    const wait = shareOf(period, this.#gov.options.settings.get(ctx).timelock);
    const execution = create(ExecutionSchema, {
      proposalId: id,
      state: ExecutionState.PENDING,
      dueTime: secondsAndNanos(ctx.block.timeNanos + wait),
    });
    if (wait <= 0n) return this.#carryOut(ctx, execution, proposal);
    this.#set(ctx, execution);
    return undefined;
  }

  /** Carries out what has waited long enough, the earliest first, at most `limit`. Returns how many. */
  carryOutDue(ctx: Context, limit: number): number {
    const due: bigint[] = [];
    for (const [time, id] of this.#state.dueExecutions.refs.keys(ctx)) {
      if (time > ctx.block.timeNanos || due.length >= limit) break;
      due.push(id);
    }
    for (const id of due) {
      const execution = this.get(ctx, id);
      // One that was carried out just now may have cancelled it.
      if (execution === undefined || !isWaiting(execution)) continue;
      this.#carryOut(ctx, execution, this.#gov.requireProposal(ctx, id));
    }
    return due.length;
  }

  /**
   * Lets an execution wait longer: `seconds` from now at most, and not less than it would have. Throws `sdk` 4 for another than
   * the guardian, `sdk` 18, 38, `dao` 7 and 9.
   */
  pause(
    ctx: Context,
    pause: {
      readonly guardian: string;
      readonly proposalId: bigint;
      readonly seconds: bigint;
      readonly reason: string;
    },
  ): void {
    const { maxPauseSeconds } = this.#gov.options.settings.get(ctx);
    this.#requireGuardian(ctx, pause.guardian);
    if (pause.seconds === 0n || pause.seconds > maxPauseSeconds) {
      throw ErrInvalidRequest.with(`a pause of ${pause.seconds} seconds: 1 to ${maxPauseSeconds} are allowed`);
    }
    const execution = this.#requireWaiting(ctx, pause.proposalId);
    const problem = this.#pauseProblem(ctx, execution);
    if (problem !== undefined) throw ErrNotPausable.with(problem);
    const until = ctx.block.timeNanos + pause.seconds * NANOS_PER_SECOND;
    const due = nanosOf(execution.dueTime);
    this.#set(
      ctx,
      create(ExecutionSchema, {
        proposalId: pause.proposalId,
        state: ExecutionState.PAUSED,
        dueTime: secondsAndNanos(until > due ? until : due),
        pauseUsed: true,
        pauseReason: pause.reason,
        unpausedDueTime: secondsAndNanos(due),
      }),
    );
  }

  /**
   * Ends a pause early: the execution comes when it would have without it, or with the next end of a block if that is past. It
   * stays the only pause of its proposal. Throws `sdk` 4 for another than the guardian, `sdk` 38, `dao` 7.
   */
  endPause(
    ctx: Context,
    { guardian: sender, proposalId }: { readonly guardian: string; readonly proposalId: bigint },
  ): void {
    this.#requireGuardian(ctx, sender);
    const execution = this.#requireWaiting(ctx, proposalId);
    const { state, pauseUsed, pauseReason, dueTime, unpausedDueTime = dueTime } = execution;
    if (state !== ExecutionState.PAUSED) throw ErrWrongState.with(`proposal ${proposalId} is not paused`);
    const [now, due] = [ctx.block.timeNanos, nanosOf(unpausedDueTime)];
    this.#set(
      ctx,
      create(ExecutionSchema, {
        proposalId,
        state: ExecutionState.PENDING,
        dueTime: secondsAndNanos(due > now ? due : now),
        pauseUsed,
        pauseReason,
      }),
    );
  }

  #requireGuardian(ctx: ReadContext, sender: string): void {
    const { guardian } = this.#gov.options.settings.get(ctx);
    if (guardian === "" || sender !== guardian) throw ErrUnauthorized.with(`${sender} is not the guardian`);
  }

  /** Whether the guardian may still pause it. */
  isPausable(ctx: ReadContext, execution: Execution): boolean {
    const { guardian } = this.#gov.options.settings.get(ctx);
    return guardian !== "" && isWaiting(execution) && this.#pauseProblem(ctx, execution) === undefined;
  }

  /** What waits is not carried out. Throws `sdk` 38, `dao` 7. */
  cancel(ctx: Context, proposalId: bigint): void {
    this.#finish(ctx, this.#requireWaiting(ctx, proposalId), ExecutionState.CANCELLED);
  }

  #requireWaiting(ctx: ReadContext, proposalId: bigint): Execution {
    const execution = this.get(ctx, proposalId);
    if (execution === undefined) throw ErrNotFound.with(`proposal ${proposalId} has not passed, or has no messages`);
    if (!isWaiting(execution)) throw ErrWrongState.with(`the execution of proposal ${proposalId} is over`);
    return execution;
  }

  #pauseProblem(ctx: ReadContext, { proposalId, pauseUsed }: Execution): string | undefined {
    if (pauseUsed) return `proposal ${proposalId} was paused once already`;
    const { guardian } = this.#gov.options.settings.get(ctx);
    const proposal = this.#gov.requireProposal(ctx, proposalId);
    if (changesGuardian(proposal.messages, guardian)) return `proposal ${proposalId} is about the guardian itself`;
    return undefined;
  }

  #carryOut(ctx: Context, execution: Execution, proposal: Proposal): Failure | undefined {
    // Written first: no message can carry it out again.
    this.#state.executions.set(ctx, proposal.id, this.#finished(ctx, execution, ExecutionState.EXECUTED));
    const failure = carryOut(ctx, this.#gov, proposal);
    if (failure !== undefined) {
      const failedReason = failure.reason;
      this.#gov.setProposal(ctx, changed(proposal, { status: ProposalStatus.FAILED, failedReason }));
    }
    this.#finish(
      ctx,
      execution,
      failure === undefined ? ExecutionState.EXECUTED : ExecutionState.FAILED,
      failure?.reason,
    );
    return failure;
  }

  #finished(
    ctx: ReadContext,
    { proposalId, dueTime, pauseUsed, pauseReason }: Execution,
    state: ExecutionState,
  ): Execution {
    return create(ExecutionSchema, {
      proposalId,
      state,
      pauseUsed,
      pauseReason,
      ...(dueTime !== undefined && { dueTime }),
      finishedTime: secondsAndNanos(ctx.block.timeNanos),
      finishedHeight: ctx.block.height,
    });
  }

  #finish(ctx: Context, execution: Execution, state: ExecutionState, reason = ""): void {
    this.#set(ctx, this.#finished(ctx, execution, state), reason);
  }

  #set(ctx: Context, execution: Execution, reason = ""): void {
    this.#state.executions.set(ctx, execution.proposalId, execution);
    ctx.events.emit(typedEvent(EventExecutionChangedSchema, { execution, reason }));
  }
}

/** Messages within messages within messages; a transaction cannot hold more. */
const MAX_DEPTH = 16;

/** Whether one of the messages, or one inside of them, makes somebody else the guardian. */
export function changesGuardian(messages: readonly Any[], guardian: string, depth = 0): boolean {
  return messages.some((any) => {
    const { schema, value } = unpackAny(any);
    if (schema.typeName === MsgUpdateParamsSchema.typeName) {
      return (value as MsgUpdateParams).params?.guardian !== guardian;
    }
    const { msgs = [], messages: more = [] } = value as { msgs?: readonly Any[]; messages?: readonly Any[] };
    return depth < MAX_DEPTH && changesGuardian([...msgs, ...more], guardian, depth + 1);
  });
}
