import type { Budget } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { BudgetSchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import {
  EventBudgetClosedSchema,
  EventBudgetSetSchema,
  EventTreasurySpentSchema,
} from "@computronium/proto/computronium/dao/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { ErrInvalidRequest, ErrNotFound, ErrUnauthorized } from "../../core/errors.js";
import type { Coins } from "../../core/math/coins.js";
import { addCoins, amountOf, coinMessages, formatCoins, NO_COINS, parseCoins } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { ErrBudgetNotOpen, ErrOverBudget } from "./errors.js";
import type { Bank, Purse } from "./expected.js";
import type { DaoState } from "./state.js";

export interface TreasuryOptions {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
  readonly state: DaoState;
  readonly bank: Bank;
  /** The treasury's coins. Whoever else has the purse pays into it. */
  readonly purse: Purse;
  /** What is set aside for grants and bounties. */
  readonly escrow: Purse;
}

/** What a budget is to be. */
export interface BudgetTerms {
  readonly category: string;
  readonly description: string;
  readonly limit: Coins;
  readonly periodSeconds: bigint;
  /** 0 for now. */
  readonly startTime: bigint;
  readonly endTime: bigint;
  readonly spender: string;
}

/** A spending from a budget. */
export interface Spending {
  readonly sender: string;
  readonly category: string;
  readonly coins: Coins;
  readonly purpose: string;
}

/**
 * The treasury of the chain: spent through budgets alone, each with a limit for each of its periods. What grants and bounties
 * set aside counts as spent when it is; what comes back from them is the treasury's again, and is not added to the limit.
 */
export class Treasury {
  readonly #options: TreasuryOptions;

  constructor(options: TreasuryOptions) {
    this.#options = options;
  }

  budget(ctx: ReadContext, category: string): Budget | undefined {
    return this.#options.state.budgets.get(ctx, category);
  }

  /** What may still be spent in the period that runs. */
  left(ctx: ReadContext, budget: Budget): Coins {
    if (problemOfTime(ctx, budget) !== undefined) return NO_COINS;
    const spent = spentNow(ctx, budget);
    return parseCoins(budget.limit)
      .map(({ denom, amount }) => ({ denom, amount: amount - amountOf(spent, denom) }))
      .filter(({ amount }) => amount > 0n);
  }

  /** Makes a budget or changes one; what was spent in the period that runs counts in the period that runs then. */
  set(ctx: Context, terms: BudgetTerms): void {
    const before = this.budget(ctx, terms.category);
    const startTime = terms.startTime === 0n ? ctx.timeSeconds : terms.startTime;
    const isKept = before !== undefined && problemOfTime(ctx, before) === undefined;
    const draft = { startTime, periodSeconds: terms.periodSeconds };
    const budget = create(BudgetSchema, {
      ...terms,
      startTime,
      limit: coinMessages(terms.limit),
      period: startTime > ctx.timeSeconds ? 0n : periodOf(ctx, draft),
      spent: coinMessages(isKept ? spentNow(ctx, before) : NO_COINS),
      totalSpent: before?.totalSpent ?? [],
    });
    this.#options.state.budgets.set(ctx, terms.category, budget);
    ctx.events.emit(typedEvent(EventBudgetSetSchema, { budget }));
  }

  /** Throws `sdk` 38 where there is none. */
  close(ctx: Context, category: string): void {
    this.#require(ctx, category);
    this.#options.state.budgets.remove(ctx, category);
    ctx.events.emit(typedEvent(EventBudgetClosedSchema, { category }));
  }

  /** Pays somebody. Throws `sdk` 4, 5, 18, 38, `dao` 5, 6. */
  pay(ctx: Context, spending: Spending, recipient: AccAddress): void {
    const { bank, purse } = this.#options;
    if (bank.isBlocked(recipient))
      throw ErrUnauthorized.with(`${this.#text(recipient)} is not allowed to receive funds`);
    this.#charge(ctx, spending, recipient);
    purse.pay(ctx, recipient, ...spending.coins);
  }

  /** Sets aside for a grant or a bounty. Throws what {@link pay} throws. */
  setAside(ctx: Context, spending: Spending): void {
    const { purse, escrow } = this.#options;
    this.#charge(ctx, spending, escrow.address);
    purse.pay(ctx, escrow.address, ...spending.coins);
    this.#hold(ctx, spending.coins);
  }

  /** Takes somebody's own coins, who wants it, to set them aside. */
  collect(ctx: Context, from: AccAddress, coins: Coins): void {
    this.#options.escrow.collect(ctx, from, ...coins);
    this.#hold(ctx, coins);
  }

  /** Pays what was set aside. */
  release(ctx: Context, to: AccAddress, coins: Coins): void {
    const { escrowTotals } = this.#options.state;
    for (const { denom, amount } of coins) {
      const left = (escrowTotals.get(ctx, denom) ?? 0n) - amount;
      if (left === 0n) escrowTotals.remove(ctx, denom);
      else escrowTotals.set(ctx, denom, left);
    }
    this.#options.escrow.pay(ctx, to, ...coins);
  }

  /** What was set aside is the treasury's again. */
  giveBack(ctx: Context, coins: Coins): void {
    this.release(ctx, this.#options.purse.address, coins);
  }

  /** Notes what a genesis has set aside; the coins are there already. */
  restore(ctx: Context, coins: Coins): void {
    this.#hold(ctx, coins);
  }

  /** Whether the account of grants and bounties holds what the records say; undefined when it does. */
  shortage(ctx: ReadContext): string | undefined {
    const { state, escrow } = this.#options;
    for (const [denom, total] of state.escrowTotals.entries(ctx)) {
      const held = escrow.balance(ctx, denom);
      if (held < total)
        return `the account of grants and bounties holds ${held}${denom}, the records say ${total}${denom}`;
    }
    return undefined;
  }

  #hold(ctx: Context, coins: Coins): void {
    const { escrowTotals } = this.#options.state;
    for (const { denom, amount } of coins) escrowTotals.set(ctx, denom, (escrowTotals.get(ctx, denom) ?? 0n) + amount);
  }

  #charge(ctx: Context, { sender, category, coins, purpose }: Spending, recipient: AccAddress): void {
    const budget = this.#require(ctx, category);
    if (sender !== this.#text(this.#options.authority) && (budget.spender === "" || sender !== budget.spender)) {
      throw ErrUnauthorized.with(`${sender} spends nothing from the budget ${category}`);
    }
    const problem = problemOfTime(ctx, budget);
    if (problem !== undefined) throw ErrBudgetNotOpen.with(problem);
    const left = this.left(ctx, budget);
    if (coins.some(({ denom, amount }) => amountOf(left, denom) < amount)) {
      throw ErrOverBudget.with(
        `${formatCoins(coins)} of ${category}, ${formatCoins(left) || "nothing"} is left in this period`,
      );
    }
    const { description, limit, periodSeconds, startTime, endTime, spender } = budget;
    this.#options.state.budgets.set(
      ctx,
      category,
      create(BudgetSchema, {
        ...{ category, description, limit, periodSeconds, startTime, endTime, spender },
        period: periodOf(ctx, budget),
        spent: coinMessages(addCoins(spentNow(ctx, budget), coins)),
        totalSpent: coinMessages(addCoins(parseCoins(budget.totalSpent), coins)),
      }),
    );
    ctx.events.emit(
      typedEvent(EventTreasurySpentSchema, {
        category,
        recipient: this.#text(recipient),
        amount: coinMessages(coins),
        purpose,
      }),
    );
  }

  #require(ctx: ReadContext, category: string): Budget {
    const budget = this.budget(ctx, category);
    if (budget === undefined) throw ErrNotFound.with(`there is no budget ${category}`);
    return budget;
  }

  #text(address: AccAddress): string {
    return this.#options.addresses.account.encode(address);
  }
}

function problemOfTime(ctx: ReadContext, { category, startTime, endTime }: Budget): string | undefined {
  if (ctx.timeSeconds < startTime) return `${category} begins at ${startTime}`;
  if (endTime !== 0n && ctx.timeSeconds > endTime) return `${category} ended at ${endTime}`;
  return undefined;
}

function periodOf(ctx: ReadContext, { startTime, periodSeconds }: Pick<Budget, "startTime" | "periodSeconds">): bigint {
  return (ctx.timeSeconds - startTime) / periodSeconds;
}

/** What was spent in the period that runs, of a budget that has begun. */
function spentNow(ctx: ReadContext, budget: Budget): Coins {
  return periodOf(ctx, budget) === budget.period ? parseCoins(budget.spent) : NO_COINS;
}

/** Inclusive bounds of a budget's period. */
export const PERIOD_BOUNDS_SECONDS = [3_600n, 366n * 86_400n] as const;

/** Throws `sdk` 18 for terms that make no sense by themselves. */
export function checkTerms({
  periodSeconds,
  startTime,
  endTime,
}: Pick<BudgetTerms, "periodSeconds" | "startTime" | "endTime">): void {
  const [low, high] = PERIOD_BOUNDS_SECONDS;
  if (periodSeconds < low || periodSeconds > high) {
    throw ErrInvalidRequest.with(`period_seconds: ${periodSeconds} is not within ${low} and ${high}`);
  }
  if (endTime !== 0n && endTime <= startTime)
    throw ErrInvalidRequest.with(`end_time: ${endTime} is not after ${startTime}`);
}
