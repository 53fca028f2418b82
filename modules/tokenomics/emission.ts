import type { EmissionEpoch, EmissionParams } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import { EmissionEpochSchema } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import {
  EventEmissionEpochClosedSchema,
  EventEmissionPaidSchema,
} from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { minAmount, mulDivFloor } from "../../core/math/amount.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { MintingPurse } from "./expected.js";
import { amountInState } from "./params.js";
import { ALL_BPS } from "./split.js";
import { epochs, nextEpoch, work, workKey } from "./state.js";
import type { SettledWork } from "./types.js";

export interface EmissionOptions {
  readonly purse: MintingPurse;
  readonly addresses: Addresses;
  readonly denomOf: (ctx: ReadContext) => string;
  readonly paramsOf: (ctx: ReadContext) => EmissionParams;
  /** How much may still be minted. */
  readonly headroom: (ctx: ReadContext) => bigint;
}

/**
 * Pays providers for settled work out of what that work burned: of every unit burned, a share below one is minted again. So
 * whoever deals with himself to earn it has burned more than he gets, however he cuts it, and emission never makes the supply
 * larger than it was before the work.
 */
export class Emission {
  readonly #o: EmissionOptions;

  constructor(options: EmissionOptions) {
    this.#o = options;
  }

  /** Counts work that was settled without a dispute, by what it burned. */
  countWork(ctx: Context, { provider, burned }: SettledWork): void {
    if (burned.denom !== this.#o.denomOf(ctx) || burned.amount <= 0n) return;
    const epoch = this.#running(ctx);
    epoch.burned = (amountInState(epoch.burned) + burned.amount).toString();
    epochs.set(ctx, epoch.epoch, epoch);
    work.set(ctx, [epoch.epoch, provider], (work.get(ctx, [epoch.epoch, provider]) ?? 0n) + burned.amount);
  }

  /** At the end of a block: closes the epoch that is over, and pays a bounded number of providers of the oldest closed one. */
  endBlock(ctx: Context): void {
    const last = first(epochs.entries(ctx, { reverse: true }));
    if (last === undefined) return;
    if (!last.closed && last.endTime <= ctx.timeSeconds) this.#close(ctx, last);
    const oldest = first(epochs.entries(ctx));
    if (oldest?.closed === true) this.#payOut(ctx, oldest);
  }

  /** The epoch that work counts for now. */
  #running(ctx: Context): EmissionEpoch {
    const last = first(epochs.entries(ctx, { reverse: true }));
    if (last !== undefined && !last.closed) {
      if (ctx.timeSeconds < last.endTime) return last;
      this.#close(ctx, last);
    }
    const { epochSeconds } = this.#o.paramsOf(ctx);
    const endTime = (ctx.timeSeconds / epochSeconds + 1n) * epochSeconds;
    return create(EmissionEpochSchema, {
      epoch: nextEpoch.next(ctx),
      burned: "0",
      pool: "0",
      paid: "0",
      closed: false,
      endTime,
    });
  }

  #close(ctx: Context, epoch: EmissionEpoch): void {
    const pool = emissionPool(amountInState(epoch.burned), this.#o.paramsOf(ctx));
    epoch.pool = minAmount(pool, this.#o.headroom(ctx)).toString();
    epoch.closed = true;
    epochs.set(ctx, epoch.epoch, epoch);
    ctx.events.emit(
      typedEvent(EventEmissionEpochClosedSchema, { epoch: epoch.epoch, burned: epoch.burned, pool: epoch.pool }),
    );
  }

  #payOut(ctx: Context, epoch: EmissionEpoch): void {
    const { maxPayoutsPerBlock } = this.#o.paramsOf(ctx);
    const due: (readonly [AccAddress, bigint])[] = [];
    let isLast = true;
    for (const [[, provider], burned] of work.entries(ctx, { prefix: workKey.prefix(epoch.epoch) })) {
      if (due.length === maxPayoutsPerBlock) {
        isLast = false;
        break;
      }
      due.push([provider, burned]);
    }
    const pool = amountInState(epoch.pool);
    const total = amountInState(epoch.burned);
    let paid = amountInState(epoch.paid);
    for (const [provider, burned] of due) {
      const amount = minAmount(providerShare(pool, burned, total), this.#o.headroom(ctx));
      if (amount > 0n) this.#pay(ctx, epoch.epoch, { provider, burned, amount });
      work.remove(ctx, [epoch.epoch, provider]);
      paid += amount;
    }
    epoch.paid = paid.toString();
    if (isLast) epochs.remove(ctx, epoch.epoch);
    else epochs.set(ctx, epoch.epoch, epoch);
  }

  #pay(
    ctx: Context,
    epoch: bigint,
    { provider, burned, amount }: { readonly provider: AccAddress; readonly burned: bigint; readonly amount: bigint },
  ): void {
    const { purse, addresses, denomOf } = this.#o;
    const coin = { denom: denomOf(ctx), amount };
    purse.mint(ctx, coin);
    purse.pay(ctx, provider, coin);
    ctx.events.emit(
      typedEvent(EventEmissionPaidSchema, {
        epoch,
        provider: addresses.account.encode(provider),
        burned: burned.toString(),
        amount: amount.toString(),
      }),
    );
  }
}

function first(entries: Iterable<readonly [bigint, EmissionEpoch]>): EmissionEpoch | undefined {
  for (const [, epoch] of entries) return epoch;
  return undefined;
}

/** What the providers of an epoch get together: a share of what was burned, under the cap. */
export function emissionPool(burned: bigint, params: Pick<EmissionParams, "shareBps" | "maxPerEpoch">): bigint {
  const share = mulDivFloor(burned, BigInt(params.shareBps), BigInt(ALL_BPS));
  return minAmount(share, amountInState(params.maxPerEpoch));
}

/** What one of them gets, by what his own work burned: never more than the same share of that. */
export function providerShare(pool: bigint, burned: bigint, total: bigint): bigint {
  return total === 0n ? 0n : mulDivFloor(pool, burned, total);
}
