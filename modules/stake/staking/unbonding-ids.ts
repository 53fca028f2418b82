import type { StateSequence } from "../../../core/collections/collections.js";
import type { Context } from "../../../core/runtime/context.js";

/** Numbers of one height: 2^20, more than can begin to unbond in a block. */
const BITS_OF_HEIGHT = 20n;
/** From here on numbers would not stay within 64 bits by far: there they only count. */
const HEIGHT_END = 1n << 43n;

/** In a genesis: leaves room for more than a chain will ever need. */
export const MAX_UNBONDING_ID = (1n << 63n) - 1n;

/**
 * Numbers of what begins to unbond: undelegations, redelegations, validators (`unbonding_id` in cosmos.staking.v1beta1). The
 * first one of a block follows from its height, so that a chain that was exported and imported goes on with the same numbers,
 * and with the same gas for them, though the genesis has no place for a counter.
 */
export class UnbondingIds {
  readonly #next: StateSequence;

  constructor(next: StateSequence) {
    this.#next = next;
  }

  next(ctx: Context): bigint {
    const { height } = ctx.block;
    const first = height < HEIGHT_END ? height << BITS_OF_HEIGHT : 0n;
    const next = this.#next.peek(ctx);
    const id = next > first ? next : first;
    this.#next.set(ctx, id + 1n);
    return id;
  }

  /** At genesis: all numbers up to `last` are taken. */
  follow(ctx: Context, last: bigint): void {
    this.#next.set(ctx, last + 1n);
  }

  /** Entries of a genesis: what has no number there, as chains of SDK 0.46 and before, gets one. */
  numbered<E extends { readonly unbondingId: bigint }>(ctx: Context, entries: readonly E[]): E[] {
    return entries.map((entry) => (entry.unbondingId === 0n ? { ...entry, unbondingId: this.next(ctx) } : entry));
  }
}
