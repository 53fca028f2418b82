import type { PairEpoch, Params, Reputation } from "@computronium/proto/computronium/reputation/v1/types_pb.js";
import { Outcome, PairEpochSchema, ReputationSchema } from "@computronium/proto/computronium/reputation/v1/types_pb.js";
import { EventReceiptCountedSchema } from "@computronium/proto/computronium/reputation/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { minAmount } from "../../core/math/amount.js";
import type { Dec } from "../../core/math/dec.js";
import { DEC_ZERO, decMulTruncate, decQuoTruncate, formatDec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { decayFactor, logWeight } from "./curve.js";
import { decInState } from "./params.js";
import type { ReputationState } from "./state.js";
import { reputationState } from "./state.js";
import type { Receipt } from "./types.js";

const BPS_OF_DEC = 10n ** 14n;
const MAX_KIND_LENGTH = 64;

export interface ReputationDeps {
  readonly addresses: Addresses;
  /** May change the parameters: the account of the governance module. */
  readonly authority: AccAddress;
}

/** A score, and all that it is made of. */
export interface ScoreParts {
  readonly score: Dec;
  readonly scoreBps: number;
  readonly alpha: Dec;
  readonly beta: Dec;
  readonly decay: Dec;
  readonly priorWeight: Dec;
}

/** Reputation of providers: the only writer of its state outside genesis. */
export class ReputationKeeper {
  readonly deps: ReputationDeps;
  readonly state: ReputationState = reputationState();

  constructor(deps: ReputationDeps) {
    this.deps = deps;
  }

  params(ctx: ReadContext): Params {
    const params = this.state.params.get(ctx);
    if (params === undefined) throw new Error("reputation has no parameters: genesis was not run");
    return params;
  }

  setParams(ctx: Context, params: Params): void {
    this.state.params.set(ctx, params);
  }

  /** The number of the epoch that a time is in. */
  epoch(params: Params, timeSeconds: bigint): bigint {
    return timeSeconds / params.epochSeconds;
  }

  /** The score of a record at the time of the block. */
  scoreParts(ctx: ReadContext, reputation: Reputation): ScoreParts {
    const params = this.params(ctx);
    const age = ctx.timeSeconds > reputation.updatedTime ? ctx.timeSeconds - reputation.updatedTime : 0n;
    const decay = decayFactor(age, params.halfLifeSeconds);
    const alpha = decMulTruncate(decInState(reputation.alpha), decay);
    const beta = decMulTruncate(decInState(reputation.beta), decay);
    const priorWeight = decInState(params.priorWeight);
    const score = decQuoTruncate(alpha, (alpha + beta + priorWeight) as Dec);
    return { score, scoreBps: Number(score / BPS_OF_DEC), alpha, beta, decay, priorWeight };
  }

  /** Score for a kind of resource at the time of the block, in 1/10,000. 0 for one that is not known. */
  scoreBps(ctx: ReadContext, provider: AccAddress, kind: string): number {
    const reputation = this.state.reputations.get(ctx, [provider, kind]);
    return reputation === undefined ? 0 : this.scoreParts(ctx, reputation).scoreBps;
  }

  /**
   * Counts a settled receipt. It weighs by what it cost: money that is gone, so that who deals with himself pays for
   * every bit of it. Costs in other denoms than that of the parameters weigh nothing.
   */
  countReceipt(ctx: Context, receipt: Receipt): void {
    const { provider, tenant, kind, outcome, cost } = receipt;
    if (provider === tenant) throw new Error("a receipt of dealing with oneself: the market must refuse that");
    if (kind.length < 1 || kind.length > MAX_KIND_LENGTH) throw new Error(`"${kind}" is no kind of resource`);
    const params = this.params(ctx);
    if (cost.denom !== params.costUnit?.denom || cost.amount <= 0n) return;

    const weight = this.#addToPair(ctx, params, receipt);
    const text = (address: AccAddress) => this.deps.addresses.account.encode(address);
    const before =
      this.state.reputations.get(ctx, [provider, kind]) ??
      create(ReputationSchema, { provider: text(provider), kind, alpha: "0", beta: "0", fees: "0" });
    const { alpha, beta } = this.scoreParts(ctx, before);
    const good = outcome === "good";
    const after = create(ReputationSchema, {
      ...before,
      alpha: formatDec(good ? ((alpha + weight) as Dec) : alpha),
      beta: formatDec(good ? beta : ((beta + weight) as Dec)),
      updatedTime: ctx.timeSeconds,
      goodReceipts: before.goodReceipts + (good ? 1n : 0n),
      badReceipts: before.badReceipts + (good ? 0n : 1n),
      fees: (BigInt(before.fees) + (good ? cost.amount : 0n)).toString(),
      seconds: before.seconds + receipt.seconds,
    });
    after.rankedScoreBps = this.scoreParts(ctx, after).scoreBps;
    this.state.reputations.set(ctx, [provider, kind], after);
    ctx.events.emit(
      typedEvent(EventReceiptCountedSchema, {
        provider: after.provider,
        kind,
        tenant: text(tenant),
        outcome: good ? Outcome.GOOD : Outcome.BAD,
        weight: formatDec(weight),
        alpha: after.alpha,
        beta: after.beta,
        scoreBps: after.rankedScoreBps,
      }),
    );
  }

  /** Removes records of epochs that are over: at most `max_prunes_per_block`. Returns how many. */
  prunePairs(ctx: Context): number {
    const params = this.params(ctx);
    const current = this.epoch(params, ctx.timeSeconds);
    const over: (readonly [bigint, readonly [AccAddress, AccAddress]])[] = [];
    for (const key of this.state.pairs.map.keys(ctx)) {
      if (key[0] >= current || over.length >= params.maxPrunesPerBlock) break;
      over.push(key);
    }
    for (const key of over) this.state.pairs.remove(ctx, key);
    return over.length;
  }

  /**
   * Adds a receipt to what its pair dealt in this epoch, and returns by how much that became heavier: the weight belongs
   * to the sum of the costs, so it makes no difference into how many receipts a dealing is cut.
   */
  #addToPair(ctx: Context, params: Params, { provider, tenant, outcome, cost }: Receipt): Dec {
    const epoch = this.epoch(params, ctx.timeSeconds);
    const text = (address: AccAddress) => this.deps.addresses.account.encode(address);
    const key = [epoch, [provider, tenant]] as const;
    const pair: PairEpoch =
      this.state.pairs.get(ctx, key) ??
      create(PairEpochSchema, {
        epoch,
        provider: text(provider),
        tenant: text(tenant),
        goodCost: "0",
        badCost: "0",
      });
    const field = outcome === "good" ? "goodCost" : "badCost";
    const before = BigInt(pair[field]);
    const after = before + cost.amount;
    pair[field] = after.toString();
    pair.receipts += 1n;
    this.state.pairs.set(ctx, key, pair);
    const unit = BigInt(params.costUnit?.amount ?? "0");
    const cap = decInState(params.maxPairWeight);
    const weight = (sum: bigint) => minAmount(logWeight(sum, unit), cap);
    const added = weight(after) - weight(before);
    return added > 0n ? (added as Dec) : DEC_ZERO;
  }
}
