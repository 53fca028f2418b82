import type { BuybackParams, Params } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { parseAmount } from "../../core/math/amount.js";
import { isDenom } from "../../core/math/coins.js";
import type { Dec } from "../../core/math/dec.js";
import { decFromInteger, parseDec } from "../../core/math/dec.js";
import type { BaseFeeCurve } from "./base-fee-curve.js";
import { ALL_BPS } from "./split.js";

const DAY = 86_400n;

/** Inclusive bounds of the parameters that are numbers: no vote can set what would stop blocks, or what does nothing at all. */
export const PARAM_BOUNDS = {
  baseFee: { targetGas: [1_000n, 1_000_000_000_000n], maxChangeBps: [0, 1_250] },
  // What work burned is always more than what it can bring.
  emission: { epochSeconds: [60n, 365n * DAY], shareBps: [0, 9_000], maxPayoutsPerBlock: [1, 1_000] },
  buyback: {
    intervalSeconds: [60n, 365n * DAY],
    commitSeconds: [10n, 30n * DAY],
    revealSeconds: [10n, 30n * DAY],
    maxDiscountBps: [0, 5_000],
    forfeitBps: [0, ALL_BPS],
    maxBids: [1, 256],
  },
} as const;

/** Amounts and prices in parameters stay below it, so that no product of theirs nears the chain's 256 bits. */
const MAX_PARAM_AMOUNT = 1n << 100n;
/** Of a unit of gas, of which a vote uses some 100,000: at the dearest it costs a whole coin, so that no vote shuts out the next. */
const MAX_BASE_FEE = decFromInteger(10n);
const MAX_PRICE = decFromInteger(1n << 60n);
export const MAX_LOTS = 16;

/** What a fresh chain starts with. The figures are explained in the README. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    feeSplit: {
      burnBps: 3_000,
      stakersBps: 4_000,
      reflectionsBps: 1_000,
      communityBps: 500,
      treasuryBps: 1_000,
      developmentBps: 500,
    },
    marketSplit: { reinvestmentBps: 2_500, treasuryBps: 5_000, developmentBps: 2_500 },
    baseFee: {
      enabled: false,
      floor: "0.000000000000000000",
      cap: "0.100000000000000000",
      targetGas: 50_000_000n,
      maxChangeBps: 1_250,
    },
    emission: {
      epochSeconds: DAY,
      shareBps: 5_000,
      maxPerEpoch: "1000000000000",
      maxPayoutsPerBlock: 100,
    },
    buyback: {
      enabled: false,
      lots: [],
      intervalSeconds: 7n * DAY,
      commitSeconds: 2n * DAY,
      revealSeconds: DAY,
      maxDiscountBps: 1_000,
      minDeposit: "1000000",
      forfeitBps: 1_000,
      maxBids: 128,
    },
    maxSupply: "0",
  });
}

/** What is wrong with parameters, each with the field; empty when they are sound. */
export function paramProblems(params: Params): readonly string[] {
  const { feeSplit, marketSplit, baseFee, emission, buyback } = params;
  if (feeSplit === undefined) return ["fee_split: missing"];
  if (marketSplit === undefined) return ["market_split: missing"];
  if (baseFee === undefined) return ["base_fee: missing"];
  if (emission === undefined) return ["emission: missing"];
  if (buyback === undefined) return ["buyback: missing"];
  const { burnBps, stakersBps, reflectionsBps, communityBps, treasuryBps, developmentBps } = feeSplit;
  return [
    ...sumProblems("fee_split", [burnBps, stakersBps, reflectionsBps, communityBps, treasuryBps, developmentBps]),
    ...sumProblems("market_split", [marketSplit.reinvestmentBps, marketSplit.treasuryBps, marketSplit.developmentBps]),
    ...boundProblems<keyof typeof PARAM_BOUNDS.baseFee>("base_fee", baseFee, PARAM_BOUNDS.baseFee),
    ...priceProblems("base_fee.floor", baseFee.floor, MAX_BASE_FEE),
    ...priceProblems("base_fee.cap", baseFee.cap, MAX_BASE_FEE),
    ...((parseDec(baseFee.floor) ?? 0n) > (parseDec(baseFee.cap) ?? MAX_BASE_FEE)
      ? ["base_fee.floor: above base_fee.cap"]
      : []),
    ...boundProblems<keyof typeof PARAM_BOUNDS.emission>("emission", emission, PARAM_BOUNDS.emission),
    ...amountProblems("emission.max_per_epoch", emission.maxPerEpoch),
    ...boundProblems<keyof typeof PARAM_BOUNDS.buyback>("buyback", buyback, PARAM_BOUNDS.buyback),
    ...amountProblems("buyback.min_deposit", buyback.minDeposit, 1n),
    ...lotProblems(buyback),
    ...amountProblems("max_supply", params.maxSupply),
  ];
}

/** Six shares of at most 32 bits each: their sum is exact. */
function sumProblems(field: string, shares: readonly number[]): readonly string[] {
  const sum = shares.reduce((total, bps) => total + bps, 0);
  return sum === ALL_BPS ? [] : [`${field}: the shares add up to ${sum}, not to ${ALL_BPS}`];
}

type Bounds = readonly [number, number] | readonly [bigint, bigint];

function boundProblems<K extends string>(
  field: string,
  values: { readonly [name in K]: number | bigint },
  bounds: Readonly<Record<K, Bounds>>,
): readonly string[] {
  return (Object.entries(bounds) as [K, Bounds][]).flatMap(([name, [low, high]]) =>
    values[name] >= low && values[name] <= high
      ? []
      : [`${field}.${name}: ${values[name]} is not within ${low} and ${high}`],
  );
}

function amountProblems(field: string, text: string, min = 0n): readonly string[] {
  const amount = parseAmount(text);
  if (amount !== undefined && amount >= min && amount < MAX_PARAM_AMOUNT) return [];
  return [`${field}: "${text.slice(0, 80)}" is not within ${min} and 2^100 - 1`];
}

function priceProblems(field: string, text: string, max: Dec, isPositive = false): readonly string[] {
  const price = parseDec(text);
  if (price !== undefined && price >= (isPositive ? 1n : 0n) && price <= max) return [];
  return [`${field}: "${text.slice(0, 80)}" is no price within ${isPositive ? "10^-18" : "0"} and ${max / 10n ** 18n}`];
}

function lotProblems({
  lots,
  enabled,
  intervalSeconds,
  commitSeconds,
  revealSeconds,
}: BuybackParams): readonly string[] {
  const problems: string[] = [];
  if (lots.length > MAX_LOTS) return [`buyback.lots: ${lots.length} entries, at most ${MAX_LOTS}`];
  if (enabled && lots.length === 0) problems.push("buyback.lots: empty, and the buyback is enabled");
  if (intervalSeconds < commitSeconds + revealSeconds) {
    problems.push("buyback.interval_seconds: shorter than commit_seconds and reveal_seconds");
  }
  const seen = new Set<string>();
  lots.forEach(({ denom, minAmount, maxAmount, firstPrice }, i) => {
    const at = `buyback.lots[${i}]`;
    if (!isDenom(denom)) problems.push(`${at}.denom: "${denom.slice(0, 128)}" is no denom`);
    if (seen.has(denom)) problems.push(`${at}.denom: "${denom}" is there twice`);
    seen.add(denom);
    problems.push(...amountProblems(`${at}.min_amount`, minAmount, 1n));
    problems.push(...amountProblems(`${at}.max_amount`, maxAmount, 1n));
    problems.push(...priceProblems(`${at}.first_price`, firstPrice, MAX_PRICE, true));
    if ((parseAmount(minAmount) ?? 0n) > (parseAmount(maxAmount) ?? 0n)) {
      problems.push(`${at}.min_amount: above max_amount`);
    }
  });
  return problems;
}

/** The highest price of a bid: what a lot could cost at it still fits in an amount. */
export const MAX_BID_PRICE = MAX_PRICE;

/** Bounds of the base fee, of parameters in state. */
export function curveOf({ baseFee }: Params): BaseFeeCurve {
  if (baseFee === undefined) throw new RangeError("parameters in state without base_fee");
  const { floor, cap, targetGas, maxChangeBps } = baseFee;
  return { floor: decInState(floor), cap: decInState(cap), targetGas, maxChangeBps };
}

/** A decimal of something in state, which was checked when it came in. */
export function decInState(text: string): Dec {
  const value = parseDec(text);
  if (value === undefined || value < 0n) throw new RangeError(`"${text}" in state is no decimal`);
  return value;
}

/** An amount of something in state. */
export function amountInState(text: string): bigint {
  const amount = parseAmount(text);
  if (amount === undefined) throw new RangeError(`"${text}" in state is no amount`);
  return amount;
}
