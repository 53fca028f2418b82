import type { Bounty } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { BountySchema, BountyState } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import {
  EventBountyCancelledSchema,
  EventBountyClaimedSchema,
  EventBountyClaimRejectedSchema,
  EventBountyCreatedSchema,
  EventBountySettledSchema,
} from "@computronium/proto/computronium/dao/v1/events_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { ErrInvalidRequest, ErrNotFound, ErrUnauthorized } from "../../core/errors.js";
import type { Coins } from "../../core/math/coins.js";
import { coinMessages, parseCoins } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { ErrTooLate, ErrWrongState } from "./errors.js";
import type { Bank } from "./expected.js";
import type { DaoState } from "./state.js";
import { bountyDeadline } from "./state.js";
import type { Settings } from "./settings.js";
import type { Treasury } from "./treasury.js";

/** Claims on one bounty, rejected ones included. */
export const MAX_CLAIMS = 32;

export interface BountiesOptions {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
  readonly state: DaoState;
  readonly settings: Settings;
  readonly bank: Bank;
  readonly treasury: Treasury;
}

export interface BountyTerms {
  readonly funder: AccAddress;
  /** The budget that pays; empty for the funder. */
  readonly category: string;
  readonly judge: AccAddress;
  readonly title: string;
  readonly reward: Coins;
  readonly expiryTime: bigint;
}

/** Bounties: a reward that is set aside, claims, a judge who pays one of them; what nobody earned goes back on expiry. */
export class Bounties {
  readonly #options: BountiesOptions;

  constructor(options: BountiesOptions) {
    this.#options = options;
  }

  /** Throws `sdk` 38 where there is no such bounty. */
  require(ctx: ReadContext, id: bigint): Bounty {
    const bounty = this.#options.state.bounties.get(ctx, id);
    if (bounty === undefined) throw ErrNotFound.with(`there is no bounty ${id}`);
    return bounty;
  }

  /** Throws what a spending throws from a budget, `sdk` 5 and 18. */
  create(ctx: Context, terms: BountyTerms): bigint {
    const { state, settings, treasury } = this.#options;
    const { category, title, reward, expiryTime } = terms;
    const [funder, judge] = [this.#text(terms.funder), this.#text(terms.judge)];
    if (expiryTime <= ctx.timeSeconds) throw ErrInvalidRequest.with("expiry_time: is in the past");
    if (category === "") treasury.collect(ctx, terms.funder, reward);
    else treasury.setAside(ctx, { sender: funder, category, coins: reward, purpose: `bounty: ${title}` });
    const id = state.nextBounty.next(ctx);
    const bounty = create(BountySchema, {
      id,
      funder,
      category,
      judge,
      title,
      reward: coinMessages(reward),
      expiryTime,
      judgingEndTime: expiryTime + settings.get(ctx).judgingSeconds,
      state: BountyState.OPEN,
      createdTime: ctx.timeSeconds,
    });
    state.bounties.set(ctx, id, bounty);
    ctx.events.emit(
      typedEvent(EventBountyCreatedSchema, { bountyId: id, funder, judge, reward: coinMessages(reward) }),
    );
    return id;
  }

  /** Throws `sdk` 4, 18, 38, `dao` 7, 8. */
  claim(ctx: Context, id: bigint, claim: { readonly claimant: AccAddress; readonly evidence: string }): void {
    const bounty = this.#requireOpen(ctx, id);
    const claimant = this.#text(claim.claimant);
    if (bounty.expiryTime < ctx.timeSeconds) throw ErrTooLate.with(`bounty ${id} expired at ${bounty.expiryTime}`);
    if (claimant === bounty.judge) throw ErrUnauthorized.with("the judge of a bounty cannot claim it");
    if (this.#options.bank.isBlocked(claim.claimant))
      throw ErrUnauthorized.with(`${claimant} is not allowed to receive funds`);
    if (bounty.claims.some((other) => other.claimant === claimant)) {
      throw ErrWrongState.with(`${claimant} has claimed bounty ${id} already`);
    }
    if (bounty.claims.length >= MAX_CLAIMS)
      throw ErrWrongState.with(`bounty ${id} has ${MAX_CLAIMS} claims, the most it may`);
    const claims = [
      ...bounty.claims,
      { claimant, evidence: claim.evidence, claimedTime: ctx.timeSeconds, rejected: false },
    ];
    this.#change(ctx, bounty, { claims });
    ctx.events.emit(typedEvent(EventBountyClaimedSchema, { bountyId: id, claimant, evidence: claim.evidence }));
  }

  /** Pays a claim or rejects it. Throws `sdk` 4, 38, `dao` 7, 8. */
  judge(
    ctx: Context,
    id: bigint,
    judgement: { readonly judge: string; readonly claimant: string; readonly accept: boolean },
  ): void {
    const bounty = this.#requireOpen(ctx, id);
    const { judge, claimant, accept } = judgement;
    if (bounty.judge !== judge) throw ErrUnauthorized.with(`${judge} is not the judge of bounty ${id}`);
    if (bounty.judgingEndTime < ctx.timeSeconds)
      throw ErrTooLate.with(`bounty ${id} was to be judged until ${bounty.judgingEndTime}`);
    if (!bounty.claims.some((claim) => claim.claimant === claimant && !claim.rejected)) {
      throw ErrNotFound.with(`${claimant} has no open claim on bounty ${id}`);
    }
    if (accept) {
      this.#settle(ctx, bounty, { state: BountyState.PAID, winner: claimant });
      this.#options.treasury.release(ctx, this.#options.addresses.account.decode(claimant), parseCoins(bounty.reward));
      return;
    }
    const claims = bounty.claims.map((claim) => ({
      ...claim,
      rejected: claim.rejected || claim.claimant === claimant,
    }));
    this.#change(ctx, bounty, { claims });
    ctx.events.emit(typedEvent(EventBountyClaimRejectedSchema, { bountyId: id, claimant }));
  }

  /**
   * Takes a bounty back while no claim waits for the judge: who has said that it is done is paid or rejected first. The
   * reward goes where it came from. Throws `sdk` 4, 38, `dao` 7, 8.
   */
  cancel(ctx: Context, id: bigint, by: { readonly sender: string; readonly reason: string }): void {
    const bounty = this.#requireOpen(ctx, id);
    const isGovernance = bounty.category !== "" && by.sender === this.#text(this.#options.authority);
    if (by.sender !== bounty.funder && !isGovernance) {
      throw ErrUnauthorized.with(`${by.sender} cannot cancel bounty ${id}`);
    }
    if (bounty.claims.some(({ rejected }) => !rejected)) {
      throw ErrWrongState.with(`bounty ${id} has a claim that waits for its judge`);
    }
    this.#goBack(ctx, bounty, BountyState.CANCELLED);
    ctx.events.emit(typedEvent(EventBountyCancelledSchema, { bountyId: id, sender: by.sender, reason: by.reason }));
  }

  /** Gives back what nobody earned in time, of at most `limit` bounties. Returns how many. */
  expire(ctx: Context, limit: number): number {
    const due: bigint[] = [];
    for (const [time, id] of this.#options.state.bountyDeadlines.refs.keys(ctx)) {
      if (time >= ctx.timeSeconds || due.length >= limit) break;
      due.push(id);
    }
    for (const id of due) this.#goBack(ctx, this.require(ctx, id), BountyState.REFUNDED);
    return due.length;
  }

  /** The end of a bounty that nobody earned: its reward goes to its funder, or to the treasury if a budget paid. */
  #goBack(ctx: Context, bounty: Bounty, state: BountyState): void {
    const { treasury, addresses } = this.#options;
    this.#settle(ctx, bounty, { state });
    if (bounty.category === "")
      treasury.release(ctx, addresses.account.decode(bounty.funder), parseCoins(bounty.reward));
    else treasury.giveBack(ctx, parseCoins(bounty.reward));
  }

  #requireOpen(ctx: ReadContext, id: bigint): Bounty {
    const bounty = this.require(ctx, id);
    if (bounty.state !== BountyState.OPEN) throw ErrWrongState.with(`bounty ${id} is over`);
    // What is late is late, though its block has not come to it yet.
    const deadline = bountyDeadline(bounty);
    if (deadline !== undefined && deadline < ctx.timeSeconds) throw ErrTooLate.with(`bounty ${id} goes back`);
    return bounty;
  }

  #settle(ctx: Context, bounty: Bounty, end: { readonly state: BountyState; readonly winner?: string }): void {
    this.#change(ctx, bounty, { ...end, settledTime: ctx.timeSeconds });
    const recipient = end.winner ?? (bounty.category === "" ? bounty.funder : "");
    const { id: bountyId, reward } = bounty;
    ctx.events.emit(typedEvent(EventBountySettledSchema, { bountyId, state: end.state, recipient, reward }));
  }

  #change(
    ctx: Context,
    { $typeName: _type, ...bounty }: Bounty,
    fields: Omit<MessageInitShape<typeof BountySchema>, "$typeName">,
  ): void {
    this.#options.state.bounties.set(ctx, bounty.id, create(BountySchema, { ...bounty, ...fields }));
  }

  #text(address: AccAddress): string {
    return this.#options.addresses.account.encode(address);
  }
}
