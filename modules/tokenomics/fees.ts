import type { Params } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import {
  EventFeesSplitSchema,
  EventMarketRevenueSplitSchema,
} from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import type { AccAddress } from "../../core/address.js";
import type { Coin } from "../../core/math/coins.js";
import type { Context } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { BurningPurse, CommunityPool, Purse } from "./expected.js";
import { splitByBps } from "./split.js";

/** Denoms that one block splits; what comes in more of them is the stakers', and the market's waits. */
export const MAX_DENOMS_PER_BLOCK = 64;

export interface FeeAccounts {
  /** Where the ante chain puts fees, and distribution finds what is to be handed to stakers. */
  readonly feeCollector: Purse;
  /** Where the market puts its take. */
  readonly marketRevenue: Purse;
  /** Where is burned what is to be burned. */
  readonly burner: BurningPurse;
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

/** Splits what is in the fee collector: the fees of the block before. */
export function splitFees(ctx: Context, accounts: FeeAccounts, params: Params, baseDenom: string): void {
  const { feeCollector, burner, treasury, development, community, reflect } = accounts;
  for (const { denom, amount } of feeCollector.balances(ctx, MAX_DENOMS_PER_BLOCK)) {
    const parts = feeParts(amount, params, denom === baseDenom);
    if (parts.burned > 0n) {
      burner.collect(ctx, feeCollector.address, { denom, amount: parts.burned });
      burner.burn(ctx, { denom, amount: parts.burned });
    }
    if (parts.reflections > 0n) reflect(ctx, feeCollector.address, { denom, amount: parts.reflections });
    if (parts.community > 0n) community.fund(ctx, feeCollector.address, [{ denom, amount: parts.community }]);
    pay(ctx, feeCollector, treasury, { denom, amount: parts.treasury });
    pay(ctx, feeCollector, development, { denom, amount: parts.development });
    ctx.events.emit(
      typedEvent(EventFeesSplitSchema, { denom, fees: amount.toString(), ...texts(parts) }),
    );
  }
}

/** Splits what the market took in the block before. */
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

function pay(ctx: Context, purse: Purse, to: AccAddress, coin: Coin): void {
  if (coin.amount > 0n) purse.pay(ctx, to, coin);
}

function texts<K extends string>(amounts: Readonly<Record<K, bigint>>): Record<K, string> {
  const entries = (Object.entries(amounts) as [K, bigint][]).map(([name, amount]) => [name, amount.toString()]);
  return Object.fromEntries(entries) as Record<K, string>;
}
