import type { Addresses } from "../../../core/address.js";
import { formatCoins } from "../../../core/math/coins.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { event } from "../../../core/runtime/events.js";
import type { Pools } from "./pools.js";
import type { Redelegations } from "./redelegations.js";
import type { Slashes } from "./slashes.js";
import type { PairId, RedelegationId, StakingState } from "./state.js";
import type { Unbondings } from "./unbondings.js";

/** How many places of each queue are handled in one block at most; the others wait for the next one, in their order. */
export const COMPLETED_PER_BLOCK = 1_000;

export interface MaturityParts {
  readonly state: StakingState;
  readonly addresses: Addresses;
  readonly pools: Pools;
  readonly unbondings: Unbondings;
  readonly redelegations: Redelegations;
  readonly slashes: Slashes;
  readonly bondDenom: (ctx: ReadContext) => string;
}

/** Undelegations and redelegations whose time has come. */
export class Maturity {
  readonly #parts: MaturityParts;

  constructor(parts: MaturityParts) {
    this.#parts = parts;
  }

  /** x/staking/keeper/val_state_change.go, the second half of BlockValidatorUpdates, in a bounded slice. */
  complete(ctx: Context): void {
    const { unbondingQueue, redelegationQueue } = this.#parts.state;
    const end = ctx.block.timeNanos;
    for (const [time, id] of firstUntil(unbondingQueue.keys(ctx), end)) {
      unbondingQueue.remove(ctx, [time, id]);
      this.#completeUnbonding(ctx, id);
    }
    for (const [time, id] of firstUntil(redelegationQueue.keys(ctx), end)) {
      redelegationQueue.remove(ctx, [time, id]);
      this.#completeRedelegation(ctx, id);
    }
  }

  #completeUnbonding(ctx: Context, id: PairId): void {
    const { addresses, slashes, unbondings, pools } = this.#parts;
    const [delegator, validator] = id;
    slashes.settle(ctx, delegator, validator);
    const amount = unbondings.takeMature(ctx, id);
    if (amount === undefined) return;
    const denom = this.#parts.bondDenom(ctx);
    if (amount > 0n) pools.of(false).undelegate(ctx, delegator, { denom, amount });
    ctx.events.emit(
      event(
        "complete_unbonding",
        ["amount", amount === 0n ? "" : formatCoins([{ denom, amount }])],
        ["validator", addresses.validator.encode(validator)],
        ["delegator", addresses.account.encode(delegator)],
      ),
    );
  }

  #completeRedelegation(ctx: Context, id: RedelegationId): void {
    const { addresses, slashes, redelegations } = this.#parts;
    const [delegator, [source, destination]] = id;
    slashes.settle(ctx, delegator, destination);
    const amount = redelegations.takeMature(ctx, id);
    if (amount === undefined) return;
    const denom = this.#parts.bondDenom(ctx);
    ctx.events.emit(
      event(
        "complete_redelegation",
        ["amount", amount === 0n ? "" : formatCoins([{ denom, amount }])],
        ["delegator", addresses.account.encode(delegator)],
        ["source_validator", addresses.validator.encode(source)],
        ["destination_validator", addresses.validator.encode(destination)],
      ),
    );
  }
}

function firstUntil<Id>(
  queue: Iterable<readonly [time: bigint, id: Id]>,
  end: bigint,
): readonly (readonly [bigint, Id])[] {
  const due: (readonly [bigint, Id])[] = [];
  for (const place of queue) {
    if (place[0] > end || due.length === COMPLETED_PER_BLOCK) break;
    due.push(place);
  }
  return due;
}
