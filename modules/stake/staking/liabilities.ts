import type { LiabilitySum } from "@computronium/proto/computronium/staking/v1/state_pb.js";
import { LiabilitySumSchema } from "@computronium/proto/computronium/staking/v1/state_pb.js";

import type { ValAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { StakingState } from "./state.js";

/** A bucket of one level covers 2^BITS buckets of the level below; those of level 0 are single heights. */
const BITS = 10n;
const LEVELS = 3n;

export interface Liability {
  /** Initial balances, in base units. */
  readonly balance: bigint;
  readonly entries: bigint;
}

const NONE: Liability = { balance: 0n, entries: 0n };

/**
 * What undelegations and redelegations have taken away from a validator, by the height from which they count: a tree of
 * sums with 1,024 branches to a node and the root left out. A change costs three writes; what all entries since a height
 * add up to is found by looking at no more than 1,024 nodes of each level, or the age of the oldest entry in 2^20 blocks.
 */
export class Liabilities {
  readonly #state: StakingState;

  constructor(state: StakingState) {
    this.#state = state;
  }

  add(ctx: Context, validator: ValAddress, creationHeight: bigint, change: Liability): void {
    if (change.balance === 0n && change.entries === 0n) return;
    for (let level = 0n; level < LEVELS; level++) {
      const key = [validator, [level, creationHeight >> (BITS * level)]] as const;
      const before = liabilityOf(this.#state.liabilities.get(ctx, key));
      const balance = before.balance + change.balance;
      const entries = before.entries + change.entries;
      if (balance < 0n || entries < 0n) throw new Error("more leaves the sums of a validator than came in");
      if (entries === 0n) this.#state.liabilities.remove(ctx, key);
      else this.#state.liabilities.set(ctx, key, create(LiabilitySumSchema, { balance: balance.toString(), entries }));
    }
  }

  subtract(ctx: Context, validator: ValAddress, creationHeight: bigint, change: Liability): void {
    this.add(ctx, validator, creationHeight, { balance: -change.balance, entries: -change.entries });
  }

  /** All entries that were made at the height or after it. */
  since(ctx: ReadContext, validator: ValAddress, height: bigint): Liability {
    // The height itself, the rest of its 2^10, the rest of its 2^20, and all that is behind.
    const from = height < 0n ? 0n : height;
    let sum = NONE;
    let next = from;
    for (let level = 0n; level < LEVELS; level++) {
      const isTop = level === LEVELS - 1n;
      const end = isTop ? undefined : ((next >> BITS) + 1n) << BITS;
      sum = plus(sum, this.#range(ctx, validator, level, next, end));
      next = (next >> BITS) + 1n;
    }
    return sum;
  }

  /** All entries. */
  total(ctx: ReadContext, validator: ValAddress): Liability {
    return this.#range(ctx, validator, LEVELS - 1n, 0n, undefined);
  }

  #range(ctx: ReadContext, validator: ValAddress, level: bigint, start: bigint, end: bigint | undefined): Liability {
    const { liabilities } = this.#state;
    const key = (bucket: bigint) => liabilities.key.encode([validator, [level, bucket]]);
    const walk = { start: key(start), end: end === undefined ? key((1n << 64n) - 1n) : key(end) };
    let sum = NONE;
    for (const [, value] of liabilities.entries(ctx, walk)) sum = plus(sum, liabilityOf(value));
    return sum;
  }
}

function liabilityOf(sum: LiabilitySum | undefined): Liability {
  return sum === undefined ? NONE : { balance: BigInt(sum.balance), entries: sum.entries };
}

function plus(a: Liability, b: Liability): Liability {
  return { balance: a.balance + b.balance, entries: a.entries + b.entries };
}
