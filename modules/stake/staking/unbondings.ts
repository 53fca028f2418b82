import type {
  UnbondingDelegation,
  UnbondingDelegationEntry,
} from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import {
  UnbondingDelegationEntrySchema,
  UnbondingDelegationSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import type { UnbondingRecord } from "@computronium/proto/computronium/staking/v1/state_pb.js";
import { UnbondingRecordSchema } from "@computronium/proto/computronium/staking/v1/state_pb.js";

import type { AccAddress, Addresses, ValAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { nanosOfTimestamp, timestampOf } from "../../../core/codec/timestamps.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { Liabilities } from "./liabilities.js";
import type { PairId, StakingState } from "./state.js";

/** Records of what is on its way back to delegators, with their indexes, queue and sums. */
export class Unbondings {
  readonly #state: StakingState;
  readonly #addresses: Addresses;
  readonly #liabilities: Liabilities;

  constructor(state: StakingState, addresses: Addresses, liabilities: Liabilities) {
    this.#state = state;
    this.#addresses = addresses;
    this.#liabilities = liabilities;
  }

  get(ctx: ReadContext, id: PairId): UnbondingRecord | undefined {
    return this.#state.unbondings.get(ctx, id);
  }

  entries(ctx: ReadContext, id: PairId): readonly UnbondingDelegationEntry[] {
    return this.get(ctx, id)?.unbonding?.entries ?? [];
  }

  /** Writes entries; none at all remove the record. Sums and queue are the caller's to keep. */
  setEntries(ctx: Context, id: PairId, unsettledFrom: bigint, entries: readonly UnbondingDelegationEntry[]): void {
    const [delegator, validator] = id;
    const { unbondings, unbondingsFrom } = this.#state;
    if (entries.length === 0) {
      unbondings.remove(ctx, id);
      unbondingsFrom.remove(ctx, [validator, delegator]);
      return;
    }
    unbondings.set(ctx, id, create(UnbondingRecordSchema, { unsettledFrom, unbonding: this.#message(id, entries) }));
    unbondingsFrom.add(ctx, [validator, delegator]);
  }

  /**
   * One entry more; together with one of the same height and time if there is such a one, as
   * x/staking/types UnbondingDelegation.AddEntry. The record has borne all slashes.
   */
  add(
    ctx: Context,
    id: PairId,
    { balance, completionNanos }: { readonly balance: bigint; readonly completionNanos: bigint },
  ): void {
    const [, validator] = id;
    const creationHeight = ctx.block.height;
    const unbondingId = this.#state.unbondingIds.next(ctx);
    const entries = this.entries(ctx, id);
    const isSame = (entry: UnbondingDelegationEntry) =>
      entry.creationHeight === creationHeight && nanosOfTimestamp(entry.completionTime) === completionNanos;
    const same = entries.find(isSame);
    const added = create(UnbondingDelegationEntrySchema, {
      unbondingId: same?.unbondingId ?? unbondingId,
      creationHeight,
      completionTime: timestampOf(completionNanos),
      initialBalance: (BigInt(same?.initialBalance ?? "0") + balance).toString(),
      balance: (BigInt(same?.balance ?? "0") + balance).toString(),
    });
    const after = same === undefined ? [...entries, added] : entries.map((entry) => (entry === same ? added : entry));
    this.setEntries(ctx, id, this.#state.slashIds.peek(ctx), after);
    this.#state.unbondingQueue.add(ctx, [completionNanos, id]);
    this.#liabilities.add(ctx, validator, creationHeight, { balance, entries: same === undefined ? 1n : 0n });
  }

  /** A record of genesis, with all that belongs to it. */
  insert(ctx: Context, id: PairId, unbonding: UnbondingDelegation): void {
    const { slashIds, unbondingIds } = this.#state;
    this.setEntries(ctx, id, slashIds.peek(ctx), unbondingIds.numbered(ctx, unbonding.entries));
    for (const { completionTime, creationHeight, initialBalance } of unbonding.entries) {
      this.#state.unbondingQueue.add(ctx, [nanosOfTimestamp(completionTime), id]);
      this.#liabilities.add(ctx, id[1], creationHeight, { balance: BigInt(initialBalance), entries: 1n });
    }
  }

  /** Takes mature entries out. Returns what is paid for them, or undefined when there are none. */
  takeMature(ctx: Context, id: PairId): bigint | undefined {
    const record = this.get(ctx, id);
    if (record === undefined) return undefined;
    const kept: UnbondingDelegationEntry[] = [];
    let paid: bigint | undefined;
    for (const entry of this.entries(ctx, id)) {
      if (nanosOfTimestamp(entry.completionTime) > ctx.block.timeNanos) {
        kept.push(entry);
        continue;
      }
      paid = (paid ?? 0n) + BigInt(entry.balance);
      this.#forget(ctx, id, entry);
    }
    if (paid !== undefined) this.setEntries(ctx, id, record.unsettledFrom, kept);
    return paid;
  }

  /** Takes `amount` out of an entry, which has as much; the entry goes with its last unit. */
  reduce(ctx: Context, id: PairId, entry: UnbondingDelegationEntry, amount: bigint): void {
    const record = this.get(ctx, id);
    if (record === undefined) throw new Error("an entry without its record is reduced");
    const balance = BigInt(entry.balance) - amount;
    const others = this.entries(ctx, id);
    const at = others.findIndex(({ unbondingId }) => unbondingId === entry.unbondingId);
    if (balance > 0n) {
      const reduced = create(UnbondingDelegationEntrySchema, {
        ...entry,
        balance: balance.toString(),
        initialBalance: (BigInt(entry.initialBalance) - amount).toString(),
      });
      this.setEntries(ctx, id, record.unsettledFrom, others.with(at, reduced));
      this.#liabilities.subtract(ctx, id[1], entry.creationHeight, { balance: amount, entries: 0n });
      return;
    }
    const kept = others.toSpliced(at, 1);
    this.setEntries(ctx, id, record.unsettledFrom, kept);
    this.#forget(ctx, id, entry);
    const time = nanosOfTimestamp(entry.completionTime);
    if (!kept.some(({ completionTime }) => nanosOfTimestamp(completionTime) === time)) {
      this.#state.unbondingQueue.remove(ctx, [time, id]);
    }
  }

  #forget(ctx: Context, [, validator]: PairId, { creationHeight, initialBalance }: UnbondingDelegationEntry): void {
    this.#liabilities.subtract(ctx, validator, creationHeight, { balance: BigInt(initialBalance), entries: 1n });
  }

  #message([delegator, validator]: readonly [AccAddress, ValAddress], entries: readonly UnbondingDelegationEntry[]) {
    return create(UnbondingDelegationSchema, {
      delegatorAddress: this.#addresses.account.encode(delegator),
      validatorAddress: this.#addresses.validator.encode(validator),
      entries: [...entries],
    });
  }
}
