import type { Grant, Milestone } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { GrantSchema, MilestoneSchema, MilestoneState } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import {
  EventGrantCancelledSchema,
  EventGrantCreatedSchema,
  EventMilestoneReportedSchema,
  EventMilestoneSettledSchema,
} from "@computronium/proto/computronium/dao/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { ErrInvalidRequest, ErrNotFound, ErrUnauthorized } from "../../core/errors.js";
import type { Coins } from "../../core/math/coins.js";
import { coinMessages, parseCoins, sumCoins } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { ErrTooLate, ErrWrongState } from "./errors.js";
import type { Bank } from "./expected.js";
import type { DaoState } from "./state.js";
import type { Treasury } from "./treasury.js";

/** Milestones of one grant. */
export const MAX_MILESTONES = 32;

export interface GrantsOptions {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
  readonly state: DaoState;
  readonly bank: Bank;
  readonly treasury: Treasury;
}

export interface GrantTerms {
  readonly sender: string;
  readonly category: string;
  readonly payee: AccAddress;
  readonly reviewer: AccAddress;
  readonly title: string;
  readonly milestones: readonly { readonly title: string; readonly amount: Coins; readonly deadlineTime: bigint }[];
}

/** Grants: set aside from a budget, paid by milestones as their reviewer approves, what is not paid goes back. */
export class Grants {
  readonly #options: GrantsOptions;

  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  /** Throws `sdk` 38 where there is no such grant. */
  require(ctx: ReadContext, id: bigint): Grant {
    const grant = this.#options.state.grants.get(ctx, id);
    if (grant === undefined) throw ErrNotFound.with(`there is no grant ${id}`);
    return grant;
  }

  /** Throws what a spending throws, `sdk` 4 and 18. */
  create(ctx: Context, terms: GrantTerms): bigint {
    const { state, bank, treasury, addresses } = this.#options;
    const { sender, category, payee, reviewer, title } = terms;
    if (payee === reviewer) throw ErrInvalidRequest.with("reviewer: is the payee");
    if (bank.isBlocked(payee))
      throw ErrUnauthorized.with(`${addresses.account.encode(payee)} is not allowed to receive funds`);
    for (const [i, { deadlineTime }] of terms.milestones.entries()) {
      if (deadlineTime <= ctx.timeSeconds)
        throw ErrInvalidRequest.with(`milestones[${i}].deadline_time: is in the past`);
    }
    const amount = sumCoins(terms.milestones.map((milestone) => milestone.amount));
    treasury.setAside(ctx, { sender, category, coins: amount, purpose: `grant: ${title}` });
    const id = state.nextGrant.next(ctx);
    const [payeeText, reviewerText] = [addresses.account.encode(payee), addresses.account.encode(reviewer)];
    const grant = create(GrantSchema, {
      id,
      category,
      payee: payeeText,
      reviewer: reviewerText,
      title,
      milestones: terms.milestones.map((milestone) => ({
        title: milestone.title,
        amount: coinMessages(milestone.amount),
        deadlineTime: milestone.deadlineTime,
        state: MilestoneState.OPEN,
      })),
      open: true,
      createdTime: ctx.timeSeconds,
    });
    state.grants.set(ctx, id, grant);
    const fields = { grantId: id, payee: payeeText, reviewer: reviewerText, amount: coinMessages(amount) };
    ctx.events.emit(typedEvent(EventGrantCreatedSchema, fields));
    return id;
  }

  /** Throws `sdk` 4, 18, 38, `dao` 7, 8. */
  report(
    ctx: Context,
    id: bigint,
    report: { readonly payee: string; readonly milestone: number; readonly text: string },
  ): void {
    const grant = this.require(ctx, id);
    if (grant.payee !== report.payee) throw ErrUnauthorized.with(`${report.payee} is not the payee of grant ${id}`);
    this.#requireOpen(ctx, grant, report.milestone);
    this.#change(ctx, grant, (_milestone, i) => (i === report.milestone ? { report: report.text } : undefined));
    const fields = { grantId: id, milestone: report.milestone, report: report.text };
    ctx.events.emit(typedEvent(EventMilestoneReportedSchema, fields));
  }

  /** Pays a milestone. Throws `sdk` 4, 18, 38, `dao` 7, 8. */
  approve(ctx: Context, id: bigint, approval: { readonly reviewer: string; readonly milestone: number }): void {
    const { treasury, addresses } = this.#options;
    const grant = this.require(ctx, id);
    if (grant.reviewer !== approval.reviewer)
      throw ErrUnauthorized.with(`${approval.reviewer} does not review grant ${id}`);
    const { amount } = this.#requireOpen(ctx, grant, approval.milestone);
    this.#settle(ctx, grant, { [approval.milestone]: MilestoneState.PAID });
    treasury.release(ctx, addresses.account.decode(grant.payee), parseCoins(amount));
  }

  /** Ends a grant; what is not paid goes back. Throws `sdk` 4, 38, `dao` 7. */
  cancel(ctx: Context, id: bigint, by: { readonly sender: string; readonly reason: string }): void {
    const { authority, addresses } = this.#options;
    const grant = this.require(ctx, id);
    const allowed = [grant.payee, grant.reviewer, addresses.account.encode(authority)];
    if (!allowed.includes(by.sender)) throw ErrUnauthorized.with(`${by.sender} cannot cancel grant ${id}`);
    if (!grant.open) throw ErrWrongState.with(`grant ${id} is over`);
    this.#return(ctx, grant, MilestoneState.CANCELLED, () => true);
    ctx.events.emit(typedEvent(EventGrantCancelledSchema, { grantId: id, sender: by.sender, reason: by.reason }));
  }

  /** Lets milestones expire whose deadline has passed, of at most `limit` grants. Returns how many. */
  expire(ctx: Context, limit: number): number {
    const due: bigint[] = [];
    for (const [time, id] of this.#options.state.grantDeadlines.refs.keys(ctx)) {
      if (time >= ctx.timeSeconds || due.length >= limit) break;
      due.push(id);
    }
    for (const id of due) {
      const isLate = ({ deadlineTime }: Milestone) => deadlineTime < ctx.timeSeconds;
      this.#return(ctx, this.require(ctx, id), MilestoneState.EXPIRED, isLate);
    }
    return due.length;
  }

  #requireOpen(ctx: ReadContext, { id, milestones }: Grant, index: number): Milestone {
    const milestone = milestones[index];
    if (milestone === undefined)
      throw ErrInvalidRequest.with(`milestone: grant ${id} has ${milestones.length} of them`);
    if (milestone.state !== MilestoneState.OPEN) throw ErrWrongState.with(`milestone ${index} of grant ${id} is over`);
    if (milestone.deadlineTime < ctx.timeSeconds) throw ErrTooLate.with(`milestone ${index} of grant ${id}`);
    return milestone;
  }

  #return(ctx: Context, grant: Grant, to: MilestoneState, which: (milestone: Milestone) => boolean): void {
    const states: Record<number, MilestoneState> = {};
    const back: Coins[] = [];
    for (const [i, milestone] of grant.milestones.entries()) {
      if (milestone.state !== MilestoneState.OPEN || !which(milestone)) continue;
      states[i] = to;
      back.push(parseCoins(milestone.amount));
    }
    this.#settle(ctx, grant, states);
    this.#options.treasury.giveBack(ctx, sumCoins(back));
  }

  #settle(ctx: Context, grant: Grant, states: Readonly<Record<number, MilestoneState>>): void {
    this.#change(ctx, grant, (_milestone, i) => {
      const state = states[i];
      return state === undefined ? undefined : { state, settledTime: ctx.timeSeconds };
    });
    for (const [milestone, { amount }] of grant.milestones.entries()) {
      const state = states[milestone];
      if (state === undefined) continue;
      ctx.events.emit(typedEvent(EventMilestoneSettledSchema, { grantId: grant.id, milestone, state, amount }));
    }
  }

  #change(
    ctx: Context,
    { $typeName: _type, ...grant }: Grant,
    change: (milestone: Milestone, index: number) => Partial<Omit<Milestone, "$typeName" | "$unknown">> | undefined,
  ): void {
    const milestones = grant.milestones.map((milestone, i) => {
      const { title, amount, deadlineTime, state, report, settledTime } = milestone;
      const changes = change(milestone, i);
      if (changes === undefined) return milestone;
      return create(MilestoneSchema, { title, amount, deadlineTime, state, report, settledTime, ...changes });
    });
    const open = milestones.some(({ state }) => state === MilestoneState.OPEN);
    this.#options.state.grants.set(ctx, grant.id, create(GrantSchema, { ...grant, milestones, open }));
  }
}
