import type { Allocation, Schedule } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import {
  EventAllocationPaidSchema,
  EventAllocationRescheduledSchema,
} from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { maxAmount } from "../../core/math/amount.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import {
  ErrAllocationNotFound,
  ErrHasBeneficiary,
  ErrInvalidSchedule,
  ErrNotBeneficiary,
  ErrNothingToClaim,
  ErrNotReleased,
} from "./errors.js";
import type { Purse } from "./expected.js";
import { amountInState } from "./params.js";
import { readSchedule, releasedAt, scheduleProblem } from "./schedule.js";
import { allocated, allocations } from "./state.js";

/** What the schedule of an allocation makes of it at the time of a block. */
export interface Standing {
  readonly total: bigint;
  readonly paid: bigint;
  /** Free by the schedule, paid or not. */
  readonly released: bigint;
  readonly available: bigint;
  readonly locked: bigint;
}

/** Coins of genesis that become free by schedules. What is not paid out lies in one module account. */
export class Allocations {
  readonly #purse: Purse;
  readonly #addresses: Addresses;
  readonly #denomOf: (ctx: ReadContext) => string;

  constructor(options: {
    readonly purse: Purse;
    readonly addresses: Addresses;
    readonly denomOf: (ctx: ReadContext) => string;
  }) {
    this.#purse = options.purse;
    this.#addresses = options.addresses;
    this.#denomOf = options.denomOf;
  }

  /** Throws `tokenomics` 10. */
  get(ctx: ReadContext, name: string): Allocation {
    const found = name === "" || name.includes("\0") ? undefined : allocations.get(ctx, name);
    if (found === undefined) throw ErrAllocationNotFound.with(`"${name.slice(0, 64)}"`);
    return found;
  }

  standing(ctx: ReadContext, allocation: Allocation): Standing {
    const total = amountInState(allocation.total);
    const paid = amountInState(allocation.paid);
    // A later schedule may be slower than the one by which something was paid: what is paid stays paid.
    const released = maxAmount(releasedAt(total, readSchedule(allocation.schedule), ctx.timeSeconds), paid);
    return { total, paid, released, available: released - paid, locked: total - released };
  }

  /** Pays out of an allocation that governance disposes of. Throws `tokenomics` 10, 11, 13. */
  release(ctx: Context, name: string, recipient: AccAddress, amount: bigint): void {
    const allocation = this.get(ctx, name);
    if (allocation.beneficiary !== "") throw ErrHasBeneficiary.with(name);
    const { available, locked } = this.standing(ctx, allocation);
    if (amount > available) {
      throw ErrNotReleased.with(`${name} has ${available} to pay out, ${locked} are locked; ${amount} were asked for`);
    }
    this.#pay(ctx, allocation, recipient, amount);
  }

  /** Pays a beneficiary all that is free. Throws `tokenomics` 10, 12, 20. */
  claim(ctx: Context, name: string, beneficiary: AccAddress): bigint {
    const allocation = this.get(ctx, name);
    if (allocation.beneficiary === "" || this.#addresses.account.decode(allocation.beneficiary) !== beneficiary) {
      throw ErrNotBeneficiary.with(name);
    }
    const { available, locked } = this.standing(ctx, allocation);
    if (available === 0n) throw ErrNothingToClaim.with(`${name} has nothing to pay out now, ${locked} are locked`);
    this.#pay(ctx, allocation, beneficiary, available);
    return available;
  }

  /** Another schedule for what was not paid out. Throws `tokenomics` 10, 13, 14. */
  reschedule(ctx: Context, name: string, schedule: Schedule): void {
    const allocation = this.get(ctx, name);
    if (allocation.beneficiary !== "") throw ErrHasBeneficiary.with(name);
    const problem = scheduleProblem(schedule, amountInState(allocation.total));
    if (problem !== undefined) throw ErrInvalidSchedule.with(problem);
    allocation.schedule = schedule;
    allocations.set(ctx, name, allocation);
    ctx.events.emit(typedEvent(EventAllocationRescheduledSchema, { name, schedule }));
  }

  #pay(ctx: Context, allocation: Allocation, recipient: AccAddress, amount: bigint): void {
    this.#purse.pay(ctx, recipient, { denom: this.#denomOf(ctx), amount });
    allocation.paid = (amountInState(allocation.paid) + amount).toString();
    allocations.set(ctx, allocation.name, allocation);
    allocated.set(ctx, (allocated.get(ctx) ?? 0n) - amount);
    const { name, paid } = allocation;
    const text = this.#addresses.account.encode(recipient);
    ctx.events.emit(typedEvent(EventAllocationPaidSchema, { name, recipient: text, amount: amount.toString(), paid }));
  }
}
