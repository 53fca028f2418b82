import type { Params } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import {
  EventFeesSplitSchema,
  EventMarketRevenueSplitSchema,
} from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import type { AccAddress } from "../../core/address.js";
import { RegisteredError } from "../../core/errors.js";
import type { Coin } from "../../core/math/coins.js";
import type { Context } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { BurningPurse, CommunityPool, Purse } from "./expected.js";
import { splitByBps } from "./split.js";

/** Denoms that one block splits; what comes in more of them is the stakers', and the market's waits. */
export const MAX_DENOMS_PER_BLOCK = 64;

export interface FeeAccounts {
  /** Where the ante chain puts fees, and distribution takes what is for stakers. */
  readonly feeCollector: Purse;
  /** Where the market puts its take. */
  readonly marketRevenue: Purse;
  /** Of this module: burns, and holds the stakers' fees until distribution hands them out. */
  readonly own: BurningPurse;
  readonly treasury: AccAddress;
  readonly development: AccAddress;
  readonly reinvestment: AccAddress;
  readonly community: CommunityPool;
  /** Takes the share of all bonded stake out of the fee collector. */
  readonly reflect: (ctx: Context, from: AccAddress, coin: Coin) => void;
}

/** How the fees of one denom are divided. The parts add up to the fees. */
export interface FeeParts {
  readonly burned: bigint;
  readonly stakers: bigint;
  readonly reflections: bigint;
  readonly community: bigint;
  readonly treasury: bigint;
  readonly development: bigint;
}

/** Divides fees: each part rounded down, the remainder of rounding for the treasury. */
export function feeParts(fees: bigint, params: Params, isBaseDenom: boolean): FeeParts {
  const { burnBps, stakersBps, reflectionsBps, communityBps, developmentBps } = params.feeSplit!;
  const { parts, rest } = splitByBps(fees, {
    burned: isBaseDenom ? burnBps : 0,
    reflections: isBaseDenom ? reflectionsBps : 0,
    stakers: isBaseDenom ? stakersBps : stakersBps + reflectionsBps,
    community: communityBps,
    development: developmentBps,
  });
  return { ...parts, treasury: rest };
}

/**
 * Splits what is in the fee collector, at the end of the block that paid it. The stakers' part waits in the module's own
 * account until the next block begins. So the fee collector is empty when transactions begin, and what transactions were executed
 * ahead of their block have read of it holds (docs/adr/006).
 */
export function splitFees(ctx: Context, accounts: FeeAccounts, params: Params, baseDenom: string): void {
  const { feeCollector, own, treasury, development, reflect } = accounts;
  for (const { denom, amount } of feeCollector.balances(ctx, MAX_DENOMS_PER_BLOCK)) {
    const parts = feeParts(amount, params, denom === baseDenom);
    if (parts.community > 0n && !fundCommunity(ctx, accounts, { denom, amount: parts.community })) {
      pay(ctx, feeCollector, treasury, { denom, amount });
      continue;
    }
    if (parts.burned > 0n) {
      own.collect(ctx, feeCollector.address, { denom, amount: parts.burned });
      own.burn(ctx, { denom, amount: parts.burned });
    }
    if (parts.reflections > 0n) reflect(ctx, feeCollector.address, { denom, amount: parts.reflections });
    pay(ctx, feeCollector, treasury, { denom, amount: parts.treasury });
    pay(ctx, feeCollector, development, { denom, amount: parts.development });
    pay(ctx, feeCollector, own.address, { denom, amount: parts.stakers });
    ctx.events.emit(typedEvent(EventFeesSplitSchema, { denom, fees: amount.toString(), ...texts(parts) }));
  }
}

/** Puts what waits for stakers into the fee collector, out of which distribution takes it in the same hook. */
export function handOverStakersFees(ctx: Context, { own, feeCollector }: FeeAccounts): void {
  const waiting = own.balances(ctx, MAX_DENOMS_PER_BLOCK);
  if (waiting.length > 0) own.pay(ctx, feeCollector.address, ...waiting);
}

/** Splits what the market took in the block. */
export function splitMarketRevenue(ctx: Context, accounts: FeeAccounts, params: Params): void {
  const { marketRevenue, treasury, development, reinvestment } = accounts;
  const { reinvestmentBps, developmentBps } = params.marketSplit!;
  for (const { denom, amount } of marketRevenue.balances(ctx, MAX_DENOMS_PER_BLOCK)) {
    const { parts, rest } = splitByBps(amount, { reinvestment: reinvestmentBps, development: developmentBps });
    pay(ctx, marketRevenue, reinvestment, { denom, amount: parts.reinvestment });
    pay(ctx, marketRevenue, development, { denom, amount: parts.development });
    pay(ctx, marketRevenue, treasury, { denom, amount: rest });
    ctx.events.emit(
      typedEvent(EventMarketRevenueSplitSchema, {
        denom,
        revenue: amount.toString(),
        ...texts({ ...parts, treasury: rest }),
      }),
    );
  }
}

/** False where the pool does not take a coin, such as one kind too many: nothing that is paid as a fee may stop a block. */
function fundCommunity(ctx: Context, { community, feeCollector }: FeeAccounts, coin: Coin): boolean {
  const { context, commit } = ctx.branch();
  try {
    community.fund(context, feeCollector.address, [coin]);
  } catch (error) {
    if (error instanceof RegisteredError) return false;
    throw error;
  }
  commit();
  return true;
}

function pay(ctx: Context, purse: Purse, to: AccAddress, coin: Coin): void {
  if (coin.amount > 0n) purse.pay(ctx, to, coin);
}

function texts<K extends string>(amounts: Readonly<Record<K, bigint>>): Record<K, string> {
  const entries = (Object.entries(amounts) as [K, bigint][]).map(([name, amount]) => [name, amount.toString()]);
  return Object.fromEntries(entries) as Record<K, string>;
}
