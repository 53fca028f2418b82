import type { Redelegation, RedelegationEntry } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { RedelegationEntrySchema, RedelegationSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import type { RedelegationRecord } from "@computronium/proto/computronium/staking/v1/state_pb.js";
import { RedelegationRecordSchema } from "@computronium/proto/computronium/staking/v1/state_pb.js";

import type { AccAddress, Addresses, ValAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { nanosOfTimestamp, timestampOf } from "../../../core/codec/timestamps.js";
import type { Dec } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { Liabilities } from "./liabilities.js";
import type { RedelegationId, StakingState } from "./state.js";

/** Records of stake that went from one validator to another and still answers for the first, with indexes, queue and sums. */
export class Redelegations {
  readonly #state: StakingState;
  readonly #addresses: Addresses;
  readonly #liabilities: Liabilities;

  constructor(state: StakingState, addresses: Addresses, liabilities: Liabilities) {
    this.#state = state;
    this.#addresses = addresses;
    this.#liabilities = liabilities;
  }

  get(ctx: ReadContext, id: RedelegationId): RedelegationRecord | undefined {
    return this.#state.redelegations.get(ctx, id);
  }

  entries(ctx: ReadContext, id: RedelegationId): readonly RedelegationEntry[] {
    return this.get(ctx, id)?.redelegation?.entries ?? [];
  }

  /** From where a delegator has redelegated to a validator. */
  *sourcesInto(ctx: ReadContext, delegator: AccAddress, destination: ValAddress): IterableIterator<ValAddress> {
    const { redelegationsInto } = this.#state;
    // What all keys with these first two parts begin with.
    const prefix = redelegationsInto.map.key.encode([delegator, [destination, "" as ValAddress]]);
    for (const [, [, source]] of redelegationsInto.keys(ctx, { prefix })) yield source;
  }

  hasInto(ctx: ReadContext, delegator: AccAddress, destination: ValAddress): boolean {
    return this.sourcesInto(ctx, delegator, destination).next().done !== true;
  }

  /** Writes entries; none at all remove the record. Sums and queue are the caller's to keep. */
  setEntries(ctx: Context, id: RedelegationId, unsettledFrom: bigint, entries: readonly RedelegationEntry[]): void {
    const [delegator, [source, destination]] = id;
    const { redelegations, redelegationsFrom, redelegationsInto } = this.#state;
    if (entries.length === 0) {
      redelegations.remove(ctx, id);
      redelegationsFrom.remove(ctx, [source, [delegator, destination]]);
      redelegationsInto.remove(ctx, [delegator, [destination, source]]);
      return;
    }
    const redelegation = create(RedelegationSchema, {
      delegatorAddress: this.#addresses.account.encode(delegator),
      validatorSrcAddress: this.#addresses.validator.encode(source),
      validatorDstAddress: this.#addresses.validator.encode(destination),
      entries: [...entries],
    });
    redelegations.set(ctx, id, create(RedelegationRecordSchema, { unsettledFrom, redelegation }));
    redelegationsFrom.add(ctx, [source, [delegator, destination]]);
    redelegationsInto.add(ctx, [delegator, [destination, source]]);
  }

  /** One entry more. The record has borne all slashes. */
  add(
    ctx: Context,
    id: RedelegationId,
    entry: {
      readonly creationHeight: bigint;
      readonly completionNanos: bigint;
      readonly balance: bigint;
      readonly sharesDestination: Dec;
    },
  ): void {
    const [, [source]] = id;
    const { creationHeight, completionNanos, balance, sharesDestination } = entry;
    const added = create(RedelegationEntrySchema, {
      unbondingId: this.#state.unbondingIds.next(ctx),
      creationHeight,
      completionTime: timestampOf(completionNanos),
      initialBalance: balance.toString(),
      sharesDst: sharesDestination.toString(),
    });
    this.setEntries(ctx, id, this.#state.slashIds.peek(ctx), [...this.entries(ctx, id), added]);
    this.#state.redelegationQueue.add(ctx, [completionNanos, id]);
    this.#liabilities.add(ctx, source, creationHeight, { balance, entries: 1n });
  }

  /** A record of genesis, with all that belongs to it. */
  insert(ctx: Context, id: RedelegationId, redelegation: Redelegation): void {
    const [, [source]] = id;
    const { slashIds, unbondingIds } = this.#state;
    this.setEntries(ctx, id, slashIds.peek(ctx), unbondingIds.numbered(ctx, redelegation.entries));
    for (const { completionTime, creationHeight, initialBalance } of redelegation.entries) {
      this.#state.redelegationQueue.add(ctx, [nanosOfTimestamp(completionTime), id]);
      this.#liabilities.add(ctx, source, creationHeight, { balance: BigInt(initialBalance), entries: 1n });
    }
  }

  /** Takes mature entries out. Returns what they began with, or undefined when there are none. */
  takeMature(ctx: Context, id: RedelegationId): bigint | undefined {
    const record = this.get(ctx, id);
    if (record === undefined) return undefined;
    const [, [source]] = id;
    const kept: RedelegationEntry[] = [];
    let completed: bigint | undefined;
    for (const entry of this.entries(ctx, id)) {
      if (nanosOfTimestamp(entry.completionTime) > ctx.block.timeNanos) {
        kept.push(entry);
        continue;
      }
      const balance = BigInt(entry.initialBalance);
      completed = (completed ?? 0n) + balance;
      this.#liabilities.subtract(ctx, source, entry.creationHeight, { balance, entries: 1n });
    }
    if (completed !== undefined) this.setEntries(ctx, id, record.unsettledFrom, kept);
    return completed;
  }
}
