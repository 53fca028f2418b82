import type { Coin } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import type { Rate } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { RateUnit, ResourceKind } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { Coin as MathCoin } from "../../core/math/coins.js";
import { minAmount, mulDivFloor, parseAmount } from "../../core/math/amount.js";

/** An amount of one denom, in base units; `Coin` is what protobuf calls it. */
export type CoinAmount = MathCoin;

/** A rate in calculable form: `amount` of `denom` for each `unitSeconds`. */
export interface Price {
  readonly denom: string;
  readonly amount: bigint;
  readonly unitSeconds: bigint;
}

export const BPS = 10_000n;
/** Unix times and spans in messages and state stay below it (about the year 36,812), so that sums fit in 64 bits. */
export const MAX_TIME_SECONDS = 1n << 40n;

const UNIT_SECONDS: ReadonlyMap<RateUnit, bigint> = new Map([
  [RateUnit.SECOND, 1n],
  [RateUnit.HOUR, 3600n],
]);

/** What reputation calls the kinds of resource. Part of state: never changed. */
const KIND_NAMES: ReadonlyMap<ResourceKind, string> = new Map([
  [ResourceKind.DATA_CENTRE, "compute/data-centre"],
  [ResourceKind.SPARE_MACHINE, "compute/spare-machine"],
  [ResourceKind.EDGE_DEVICE, "compute/edge-device"],
]);

/** Data in state that no checked message can have put there: a fault of the engine, not of a user. */
export class CorruptStateError extends Error {
  override readonly name = "CorruptStateError";
}

/** The name under which reputation keeps a kind; undefined for one that does not exist. */
export function kindName(kind: ResourceKind): string | undefined {
  return KIND_NAMES.get(kind);
}

/** The rate for calculations; undefined when it is none: no amount, zero, unknown unit. */
export function readPrice(rate: Rate | undefined): Price | undefined {
  const amount = parseAmount(rate?.amount?.amount ?? "");
  const unitSeconds = rate === undefined ? undefined : UNIT_SECONDS.get(rate.per);
  if (rate?.amount === undefined || amount === undefined || amount === 0n || unitSeconds === undefined)
    return undefined;
  return { denom: rate.amount.denom, amount, unitSeconds };
}

/** The rate of something in state. */
export function priceInState(rate: Rate | undefined): Price {
  const price = readPrice(rate);
  if (price === undefined) throw new CorruptStateError("a rate in state is none");
  return price;
}

/** A coin of something in state. */
export function coinInState(coin: Coin | undefined): CoinAmount {
  if (coin === undefined) throw new CorruptStateError("a coin in state is missing");
  return { denom: coin.denom, amount: amountInState(coin.amount) };
}

/** An amount of something in state. */
export function amountInState(text: string): bigint {
  const amount = parseAmount(text);
  if (amount === undefined) throw new CorruptStateError(`"${text}" in state is no amount`);
  return amount;
}

export function coinMessage(coin: CoinAmount): { readonly denom: string; readonly amount: string } {
  return { denom: coin.denom, amount: coin.amount.toString() };
}

/** What so many seconds cost all in all, rounded down: the remainder stays with the payer. */
export function costOfSeconds(price: Price, seconds: bigint): bigint {
  return mulDivFloor(price.amount, seconds, price.unitSeconds);
}

/** The most whole seconds whose exact cost is at most `funds`. */
export function secondsFor(price: Price, funds: bigint): bigint {
  return mulDivFloor(funds, price.unitSeconds, price.amount);
}

/** The seconds that a lease may be billed for: what its funds pay, at most its duration. */
export function fundedSeconds(price: Price, funds: bigint, durationSeconds: bigint): bigint {
  return minAmount(secondsFor(price, funds), durationSeconds);
}

/** Negative, zero or positive as `a` is cheaper than, as dear as, or dearer than `b`. Both of one denom. */
export function comparePrices(a: Price, b: Price): number {
  const left = a.amount * b.unitSeconds;
  const right = b.amount * a.unitSeconds;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How one payment of a stream is divided. `provider + treasury + burned = gross`. */
export interface StreamPayment {
  readonly gross: bigint;
  readonly provider: bigint;
  readonly treasury: bigint;
  readonly burned: bigint;
}

/** A stream's sums up to now. */
export interface StreamSums {
  readonly paid: bigint;
  readonly taken: bigint;
  readonly burned: bigint;
}

/**
 * The payment that brings a stream to `seconds`: everything is a difference of sums that were rounded once, so that many
 * small payments come to the same as one. Rounding is in favour of the payer, then of the provider, then of the treasury.
 */
export function streamPayment(options: {
  readonly price: Price;
  readonly seconds: bigint;
  readonly sums: StreamSums;
  readonly takeRateBps: bigint;
  readonly takeBurnBps: bigint;
}): StreamPayment {
  const paid = costOfSeconds(options.price, options.seconds);
  const taken = mulDivFloor(paid, options.takeRateBps, BPS);
  const burned = mulDivFloor(taken, options.takeBurnBps, BPS);
  const gross = paid - options.sums.paid;
  const take = taken - options.sums.taken;
  const burn = burned - options.sums.burned;
  return { gross, provider: gross - take, treasury: take - burn, burned: burn };
}
