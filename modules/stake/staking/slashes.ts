import { BondStatus, UnbondingDelegationEntrySchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import type { UnbondingDelegationEntry } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import type { SlashRecord } from "@computronium/proto/computronium/staking/v1/state_pb.js";
import { SlashJobSchema, SlashRecordSchema } from "@computronium/proto/computronium/staking/v1/state_pb.js";

import type { AccAddress, ConsAddress, ValAddress } from "../../../core/address.js";
import type { ByteString } from "../../../core/bytes.js";
import { fromByteString, toByteString } from "../../../core/bytes.js";
import { create } from "../../../core/codec/protobuf.js";
import { nanosOfTimestamp } from "../../../core/codec/timestamps.js";
import { maxAmount, minAmount } from "../../../core/math/amount.js";
import type { Dec } from "../../../core/math/dec.js";
import {
  DEC_ONE,
  decFromInteger,
  decFromRaw,
  decMin,
  decMul,
  decMulAmountFloor,
  decQuoRoundUp,
} from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { contextAbove } from "../../../core/runtime/context.js";
import type { Delegations } from "./delegations.js";
import type { HookList } from "./hooks.js";
import type { Liabilities } from "./liabilities.js";
import type { Pools } from "./pools.js";
import type { Redelegations } from "./redelegations.js";
import { removeTokens } from "./shares.js";
import type { PairId, RedelegationId, StakingState } from "./state.js";
import type { Unbondings } from "./unbondings.js";
import { POWER_REDUCTION } from "./validator.js";
import type { Validators } from "./validators.js";

/** Up to so many entries of a validator bear its slash within the block of the slash. */
export const SETTLED_AT_ONCE = 256n;
/** How many records of undelegations and redelegations bear slashes in one block beyond that. */
export const SETTLED_PER_BLOCK = 500;
/** How many mature entries, not yet paid out, a slash looks through at most. */
export const HORIZON_SCAN = 1_000;

/** How much of the bearing of slashes is done when; the defaults are what every node of a chain has to have. */
export interface SettlementPace {
  readonly atOnce: bigint;
  readonly perBlock: number;
}

export interface SlashesParts {
  readonly state: StakingState;
  readonly hooks: HookList;
  readonly pools: Pools;
  readonly validators: Validators;
  readonly delegations: Delegations;
  readonly unbondings: Unbondings;
  readonly redelegations: Redelegations;
  readonly liabilities: Liabilities;
  readonly pace?: SettlementPace | undefined;
}

/** Where the queues are when a slash happens: what has matured before it is not slashed. */
interface Horizon {
  readonly unbonding: ByteString;
  readonly redelegation: ByteString;
  /** Initial balances of mature entries that are still in the sums, since the height of the infraction. */
  readonly matured: bigint;
}

/** A slash as entries bear it. */
interface Slash {
  readonly infractionHeight: bigint;
  readonly fraction: Dec;
  readonly unbondingHorizon: ByteString;
  readonly redelegationHorizon: ByteString;
}

function slashOf(record: SlashRecord): Slash {
  return {
    infractionHeight: record.infractionHeight,
    fraction: decFromRaw(BigInt(record.fraction)),
    unbondingHorizon: toByteString(record.unbondingHorizon),
    redelegationHorizon: toByteString(record.redelegationHorizon),
  };
}

/**
 * Slashing without loops over delegators (README.md). A validator's own tokens bear a slash through the worth of a share.
 * What left it since the infraction bears it entry by entry, in bounded slices of the blocks that follow, or before
 * anything else happens to the entry or to the delegation behind it; what all entries bear together is known at once.
 */
export class Slashes {
  readonly #parts: SlashesParts;
  readonly #pace: SettlementPace;

  constructor(parts: SlashesParts) {
    this.#parts = parts;
    this.#pace = parts.pace ?? { atOnce: SETTLED_AT_ONCE, perBlock: SETTLED_PER_BLOCK };
  }

  /** x/staking/keeper/slash.go, Slash. Returns what was taken of the validator's own tokens. */
  slash(
    ctx: Context,
    {
      validator: consAddress,
      infractionHeight,
      power,
      fraction,
    }: {
      readonly validator: ConsAddress;
      readonly infractionHeight: bigint;
      readonly power: bigint;
      readonly fraction: Dec;
    },
  ): bigint {
    const { hooks, pools, validators } = this.#parts;
    const record = validators.byConsAddress(ctx, consAddress);
    // Nothing is left of it, or nothing of it answers for that height any more.
    if (record === undefined || record.status === BondStatus.UNBONDED) return 0n;
    if (fraction < 0n || infractionHeight > ctx.block.height) {
      throw new RangeError(`a slash of ${fraction} for height ${infractionHeight}`);
    }
    const amount = decMulAmountFloor(power * POWER_REDUCTION, fraction);
    const { operator } = record;
    hooks.beforeValidatorModified(ctx, operator);
    const borne =
      infractionHeight < ctx.block.height ? this.#slashEntries(ctx, operator, infractionHeight, fraction) : 0n;

    // Settled entries may have unbonded shares from other validators, and from this one none.
    const before = validators.require(ctx, operator);
    const burned = maxAmount(minAmount(amount - borne, before.tokens), 0n);
    if (burned === 0n) return 0n;
    const effective = decQuoRoundUp(decFromInteger(burned), decFromInteger(before.tokens));
    hooks.beforeValidatorSlashed(ctx, operator, decMin(effective, DEC_ONE));
    const after = removeTokens(validators.require(ctx, operator), burned);
    validators.set(ctx, after);
    pools.burn(ctx, burned, { bonded: after.status === BondStatus.BONDED });
    return burned;
  }

  /** Puts a slash on what left the validator since the infraction. Returns how much of the slash that takes over. */
  #slashEntries(ctx: Context, validator: ValAddress, infractionHeight: bigint, fraction: Dec): bigint {
    const { liabilities, state } = this.#parts;
    const all = liabilities.total(ctx, validator);
    if (all.entries === 0n) return 0n;
    const horizon = this.#horizon(ctx, validator, infractionHeight);
    const id = state.slashIds.next(ctx);
    const record = create(SlashRecordSchema, {
      infractionHeight,
      fraction: fraction.toString(),
      unbondingHorizon: fromByteString(horizon.unbonding),
      redelegationHorizon: fromByteString(horizon.redelegation),
    });
    state.slashes.set(ctx, [validator, id], record);
    state.slashJobs.set(ctx, id, create(SlashJobSchema, { validator: fromByteString(validator) }));
    if (all.entries <= this.#pace.atOnce) {
      const borne = this.#exactShare(ctx, validator, slashOf(record));
      this.#advance(ctx, id, Number(this.#pace.atOnce) + 1);
      return borne;
    }
    const { balance } = liabilities.since(ctx, validator, infractionHeight);
    return decMulAmountFloor(balance - horizon.matured, fraction);
  }

  /** What the entries of a validator bear of a slash, each rounded down by itself as the SDK does. */
  #exactShare(ctx: Context, validator: ValAddress, slash: Slash): bigint {
    const { state, unbondings, redelegations } = this.#parts;
    let sum = 0n;
    for (const [, delegator] of state.unbondingsFrom.keys(ctx, this.#from(validator))) {
      const id = [delegator, validator] as const;
      for (const entry of unbondings.entries(ctx, id)) {
        if (this.#answers(slash, id, entry)) sum += decMulAmountFloor(BigInt(entry.initialBalance), slash.fraction);
      }
    }
    for (const [, [delegator, destination]] of state.redelegationsFrom.keys(ctx, this.#from(validator))) {
      const id = [delegator, [validator, destination]] as const;
      for (const entry of redelegations.entries(ctx, id)) {
        const time = nanosOfTimestamp(entry.completionTime);
        const place = state.redelegationQueue.map.key.encode([time, id]);
        if (entry.creationHeight >= slash.infractionHeight && place >= slash.redelegationHorizon) {
          sum += decMulAmountFloor(BigInt(entry.initialBalance), slash.fraction);
        }
      }
    }
    return sum;
  }

  #from(validator: ValAddress) {
    return { prefix: this.#parts.state.ofValidator(validator) };
  }

  /** Whether an undelegation answers for an infraction: it is not older, and had not matured when the slash happened. */
  #answers(slash: Slash, id: PairId, entry: UnbondingDelegationEntry): boolean {
    if (entry.creationHeight < slash.infractionHeight) return false;
    const place = this.#parts.state.unbondingQueue.map.key.encode([nanosOfTimestamp(entry.completionTime), id]);
    return place >= slash.unbondingHorizon;
  }

  /**
   * What has matured is not slashed, though it may be paid out no earlier than at the end of the block. Of a queue that is
   * longer than what a slash may look through, the rest is not settled with its owners yet, and answers.
   */
  #horizon(ctx: ReadContext, validator: ValAddress, infractionHeight: bigint): Horizon {
    const { state, unbondings, redelegations } = this.#parts;
    const { unbondingQueue, redelegationQueue } = state;
    const end = ctx.block.timeNanos + 1n;
    let matured = 0n;
    const count = (entries: readonly { readonly creationHeight: bigint; readonly initialBalance: string }[]) => {
      for (const entry of entries) {
        if (entry.creationHeight >= infractionHeight) matured += BigInt(entry.initialBalance);
      }
    };
    let unbonding = unbondingQueue.map.key.encode([end, ["" as AccAddress, "" as ValAddress]]);
    let seen = 0;
    for (const [time, id] of unbondingQueue.keys(ctx, { end: unbonding })) {
      if (++seen > HORIZON_SCAN) {
        unbonding = unbondingQueue.map.key.encode([time, id]);
        break;
      }
      if (id[1] !== validator) continue;
      count(unbondings.entries(ctx, id).filter((entry) => nanosOfTimestamp(entry.completionTime) === time));
    }
    let redelegation = redelegationQueue.map.key.encode([
      end,
      ["" as AccAddress, ["" as ValAddress, "" as ValAddress]],
    ]);
    seen = 0;
    for (const [time, id] of redelegationQueue.keys(ctx, { end: redelegation })) {
      if (++seen > HORIZON_SCAN) {
        redelegation = redelegationQueue.map.key.encode([time, id]);
        break;
      }
      if (id[1][0] !== validator) continue;
      count(redelegations.entries(ctx, id).filter((entry) => nanosOfTimestamp(entry.completionTime) === time));
    }
    return { unbonding, redelegation, matured };
  }

  /** Whether some entries may still have to bear a slash. */
  arePending(ctx: ReadContext): boolean {
    return this.#parts.state.slashJobs.keys(ctx).next().done !== true;
  }

  /**
   * Lets what a delegator has with a validator bear all slashes that are on record: its undelegations from there, and what
   * it redelegated there, whether that is still delegated or being undelegated. To be called before any of it is touched.
   */
  settle(ctx: Context, delegator: AccAddress, validator: ValAddress): void {
    if (!this.arePending(ctx)) return;
    const { unbondings, redelegations } = this.#parts;
    const id = [delegator, validator] as const;
    const due: { readonly slashId: bigint; readonly apply: () => void }[] = [];

    const unbonding = unbondings.get(ctx, id);
    if (unbonding !== undefined) {
      const slashes = this.#slashesFrom(ctx, validator, unbonding.unsettledFrom);
      for (const [slashId, slash] of slashes) due.push({ slashId, apply: () => this.#slashUnbonding(ctx, id, slash) });
      // Marked before it is done: whoever asks meanwhile, such as a listener of staking, must not begin it again.
      const last = slashes.at(-1)?.[0];
      if (last !== undefined) unbondings.setEntries(ctx, id, last + 1n, unbondings.entries(ctx, id));
    }
    for (const source of [...redelegations.sourcesInto(ctx, delegator, validator)]) {
      const redelegationId = [delegator, [source, validator]] as const;
      const record = redelegations.get(ctx, redelegationId);
      if (record === undefined) continue;
      const slashes = this.#slashesFrom(ctx, source, record.unsettledFrom);
      for (const [slashId, slash] of slashes) {
        due.push({ slashId, apply: () => this.#slashRedelegation(ctx, redelegationId, slash) });
      }
      const last = slashes.at(-1)?.[0];
      if (last !== undefined) {
        redelegations.setEntries(ctx, redelegationId, last + 1n, redelegations.entries(ctx, redelegationId));
      }
    }
    due.sort((a, b) => (a.slashId < b.slashId ? -1 : a.slashId > b.slashId ? 1 : 0));
    for (const { apply } of due) apply();
  }

  #slashesFrom(ctx: ReadContext, validator: ValAddress, first: bigint): readonly (readonly [bigint, Slash])[] {
    const { slashes } = this.#parts.state;
    const start = slashes.key.encode([validator, first]);
    const end = slashes.key.encode([validator, (1n << 64n) - 1n]);
    return [...slashes.entries(ctx, { start, end })].map(([[, id], record]) => [id, slashOf(record)] as const);
  }

  /** x/staking/keeper/slash.go, SlashUnbondingDelegation. */
  #slashUnbonding(ctx: Context, id: PairId, slash: Slash): void {
    const { unbondings, pools } = this.#parts;
    const record = unbondings.get(ctx, id);
    if (record === undefined) return;
    let burned = 0n;
    const entries = unbondings.entries(ctx, id).map((entry) => {
      if (!this.#answers(slash, id, entry)) return entry;
      const balance = BigInt(entry.balance);
      const cut = minAmount(decMulAmountFloor(BigInt(entry.initialBalance), slash.fraction), balance);
      burned += cut;
      return cut === 0n ? entry : withBalance(entry, balance - cut);
    });
    if (burned === 0n) return;
    unbondings.setEntries(ctx, id, record.unsettledFrom, entries);
    pools.burn(ctx, burned, { bonded: false });
  }

  /**
   * x/staking/keeper/slash.go, SlashRedelegation: what the delegator undelegates from the destination bears it first
   * (ASA-2024-005), then the delegation there.
   */
  #slashRedelegation(ctx: Context, id: RedelegationId, slash: Slash): void {
    const { unbondings, redelegations, delegations, validators, pools, state } = this.#parts;
    const [delegator, [, destination]] = id;
    const pairId = [delegator, destination] as const;
    let bondedBurned = 0n;
    let notBondedBurned = 0n;
    for (const entry of redelegations.entries(ctx, id)) {
      const place = state.redelegationQueue.map.key.encode([nanosOfTimestamp(entry.completionTime), id]);
      if (entry.creationHeight < slash.infractionHeight || place < slash.redelegationHorizon) continue;
      let left = decMulAmountFloor(BigInt(entry.initialBalance), slash.fraction);

      const record = unbondings.get(ctx, pairId);
      let taken = 0n;
      const after = unbondings.entries(ctx, pairId).map((unbonding) => {
        const balance = BigInt(unbonding.balance);
        const cut = minAmount(left, balance);
        if (cut === 0n || !this.#answers(slash, pairId, unbonding)) return unbonding;
        left -= cut;
        taken += cut;
        return withBalance(unbonding, balance - cut);
      });
      if (record !== undefined && taken > 0n) unbondings.setEntries(ctx, pairId, record.unsettledFrom, after);
      notBondedBurned += taken;

      const wanted = decMul(slash.fraction, decFromRaw(BigInt(entry.sharesDst)));
      const owned = delegations.shares(ctx, delegator, destination);
      if (wanted === 0n || left === 0n || owned === undefined) continue;
      const isBonded = validators.require(ctx, destination).status === BondStatus.BONDED;
      const tokens = delegations.unbond(ctx, delegator, destination, decMin(wanted, owned));
      if (isBonded) bondedBurned += tokens;
      else notBondedBurned += tokens;
    }
    pools.burn(ctx, bondedBurned, { bonded: true });
    pools.burn(ctx, notBondedBurned, { bonded: false });
  }

  /** Lets a bounded number of entries bear slashes, the earliest slash first. */
  settleSlice(ctx: Context, limit: number = this.#pace.perBlock): void {
    let left = limit;
    while (left > 0) {
      const next = this.#parts.state.slashJobs.keys(ctx).next();
      if (next.done === true) return;
      left -= this.#advance(ctx, next.value, left);
    }
  }

  /** Looks at up to `limit` records that a slash concerns. Returns how many it looked at, one more where it came to the end. */
  #advance(ctx: Context, slashId: bigint, limit: number): number {
    const { state } = this.#parts;
    const job = state.slashJobs.get(ctx, slashId);
    if (job === undefined) throw new Error("a slash has no job");
    const validator = toByteString(job.validator) as ValAddress;
    let { redelegations } = job;
    let cursor = toByteString(job.cursor);
    let count = 0;
    while (count < limit) {
      const index = redelegations ? state.redelegationsFrom.map : state.unbondingsFrom.map;
      const { prefix } = this.#from(validator);
      // The smallest key behind the last one.
      const start = cursor === "" ? undefined : ((cursor + "\0") as ByteString);
      const keys: ByteString[] = [];
      for (const [key] of index.rawEntries(ctx, { prefix, start })) {
        keys.push(key);
        if (keys.length === limit - count) break;
      }
      for (const key of keys) {
        if (redelegations) {
          const [, [delegator, destination]] = state.redelegationsFrom.map.key.decode(key);
          this.settle(ctx, delegator, destination);
        } else {
          const [, delegator] = state.unbondingsFrom.map.key.decode(key);
          this.settle(ctx, delegator, validator);
        }
      }
      count += keys.length;
      cursor = keys.at(-1) ?? cursor;
      if (count >= limit) break;
      if (redelegations) {
        state.slashJobs.remove(ctx, slashId);
        state.slashes.remove(ctx, [validator, slashId]);
        return count + 1;
      }
      redelegations = true;
      cursor = "" as ByteString;
    }
    state.slashJobs.set(
      ctx,
      slashId,
      create(SlashJobSchema, { validator: job.validator, redelegations, cursor: fromByteString(cursor) }),
    );
    return count;
  }

  /**
   * The state as it is once what a delegator has with a validator bore its slashes: the same one unless some are pending,
   * else a view of it that nothing is written to.
   */
  asSettled(ctx: ReadContext, delegator: AccAddress, validator: ValAddress): ReadContext {
    if (!this.arePending(ctx)) return ctx;
    const scratch = contextAbove(ctx);
    this.settle(scratch, delegator, validator);
    return scratch;
  }

  /** {@link asSettled} for all there is. Costs as much as all of it: for exports and invariants. */
  allSettled(ctx: ReadContext): ReadContext {
    if (!this.arePending(ctx)) return ctx;
    const scratch = contextAbove(ctx);
    this.settleAll(scratch);
    return scratch;
  }

  /** All that is pending, at once; see {@link allSettled}. */
  settleAll(ctx: Context): void {
    while (this.arePending(ctx)) this.settleSlice(ctx);
  }
}

function withBalance(entry: UnbondingDelegationEntry, balance: bigint): UnbondingDelegationEntry {
  return create(UnbondingDelegationEntrySchema, { ...entry, balance: balance.toString() });
}
