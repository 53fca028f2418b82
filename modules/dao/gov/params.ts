import type { Params } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ParamsSchema } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { RegisteredError } from "../../../core/errors.js";
import type { CoinMessage, Coins } from "../../../core/math/coins.js";
import { amountOf, coinsOf, coinsProblem, formatCoins, parseCoins } from "../../../core/math/coins.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ONE, DEC_ZERO, formatDec, parseDec } from "../../../core/math/dec.js";
import { nanosOf } from "./times.js";

const DAY = 86_400n;
const SECOND_NANOS = 1_000_000_000n;
/** No period is longer: a chain whose next decision is years away has lost its governance. */
export const MAX_PERIOD_SECONDS = 366n * DAY;
/** Denoms that deposits may be in. */
export const MAX_DEPOSIT_DENOMS = 16;

const dec = (text: string): Dec => parseDec(text) ?? DEC_ZERO;
/** Above these no proposal would ever pass again, and the parameters would stay for good; below the veto's, one voter in twenty stops all. */
export const MAX_QUORUM = dec("0.8");
export const MAX_THRESHOLD = dec("0.95");
export const MIN_VETO_THRESHOLD = dec("0.05");

/** Those of x/gov/types/v1/params.go, in the chain's denom, but for an initial deposit that proposals must bring along. */
export function defaultGovParams(denom: string): Params {
  return create(ParamsSchema, {
    minDeposit: [{ denom, amount: "10000000" }],
    maxDepositPeriod: { seconds: 2n * DAY, nanos: 0 },
    votingPeriod: { seconds: 2n * DAY, nanos: 0 },
    quorum: formatDec(dec("0.334")),
    threshold: formatDec(dec("0.5")),
    vetoThreshold: formatDec(dec("0.334")),
    minInitialDepositRatio: formatDec(dec("0.1")),
    proposalCancelRatio: formatDec(dec("0.5")),
    proposalCancelDest: "",
    expeditedVotingPeriod: { seconds: DAY, nanos: 0 },
    expeditedThreshold: formatDec(dec("0.667")),
    expeditedMinDeposit: [{ denom, amount: "50000000" }],
    burnVoteQuorum: false,
    burnProposalDepositPrevote: false,
    burnVoteVeto: true,
    minDepositRatio: formatDec(dec("0.01")),
  });
}

/** A decimal of parameters that were checked when they were set. */
export function decOfParams(text: string): Dec {
  const value = parseDec(text);
  if (value === undefined) throw new RangeError(`"${text}" in state is no decimal`);
  return value;
}

/** Whether `a` has at least as much of every denom of `b`; cosmos-sdk Coins.IsAllGTE. */
export function holdsAll(a: Coins, b: Coins): boolean {
  return b.every(({ denom, amount }) => amountOf(a, denom) >= amount);
}

/**
 * What is wrong with parameters, in the words of x/gov/types/v1/params.go, and with bounds of our own; undefined when
 * nothing is.
 */
export function govParamProblem(params: Params, addresses: Addresses): string | undefined {
  return depositProblem(params) ?? periodProblem(params) ?? ratioProblem(params) ?? destProblem(params, addresses);
}

/**
 * A minimum of more than a tenth of all coins could never be brought together, and so never be lowered.
 */
export function unreachableDeposit(params: Params, supplyOf: (denom: string) => bigint): string | undefined {
  for (const coins of [params.minDeposit, params.expeditedMinDeposit]) {
    for (const { denom, amount } of parseCoins(coins)) {
      const supply = supplyOf(denom);
      if (amount * 10n > supply)
        return `a minimum deposit of ${amount}${denom} is more than a tenth of the supply of ${supply}`;
    }
  }
  return undefined;
}

const textOf = (coins: readonly CoinMessage[]): string =>
  coins.map(({ amount, denom }) => `${amount}${denom}`).join(",");

function depositProblem({ minDeposit, expeditedMinDeposit }: Params): string | undefined {
  if (minDeposit.length === 0 || coinsProblem(minDeposit) !== undefined) {
    return `invalid minimum deposit: ${textOf(minDeposit)}`;
  }
  if (minDeposit.length > MAX_DEPOSIT_DENOMS) return `minimum deposit of more than ${MAX_DEPOSIT_DENOMS} denoms`;
  if (expeditedMinDeposit.length === 0 || coinsProblem(expeditedMinDeposit) !== undefined) {
    return `invalid expedited minimum deposit: ${textOf(expeditedMinDeposit)}`;
  }
  const [regular, expedited] = [coinsOf(parseCoins(minDeposit)), coinsOf(parseCoins(expeditedMinDeposit))];
  if (holdsAll(regular, expedited)) {
    return `expedited minimum deposit must be greater than minimum deposit: ${formatCoins(expedited)}`;
  }
  // Deposits are taken in the denoms of the regular minimum alone.
  const other = expedited.find(({ denom }) => amountOf(regular, denom) === 0n);
  return other === undefined
    ? undefined
    : `no deposit of ${other.denom} is accepted: the minimum deposit does not name it`;
}

function periodProblem({ maxDepositPeriod, votingPeriod, expeditedVotingPeriod }: Params): string | undefined {
  const periods = [
    ["maximum deposit period", maxDepositPeriod],
    ["voting period", votingPeriod],
    ["expedited voting period", expeditedVotingPeriod],
  ] as const;
  for (const [name, period] of periods) {
    if (period === undefined) return `${name} must not be nil`;
    if (nanosOf(period) <= 0n || period.nanos < 0 || period.nanos > 999_999_999) return `${name} must be positive`;
    if (nanosOf(period) > MAX_PERIOD_SECONDS * SECOND_NANOS)
      return `${name} is longer than ${MAX_PERIOD_SECONDS} seconds`;
  }
  if (nanosOf(expeditedVotingPeriod) >= nanosOf(votingPeriod)) {
    return "expedited voting period must be strictly less that the regular voting period";
  }
  return undefined;
}

function ratioProblem(params: Params): string | undefined {
  const bounds = [
    ["quorum", params.quorum, DEC_ZERO, MAX_QUORUM],
    ["threshold", params.threshold, 1n, MAX_THRESHOLD],
    ["expedited threshold", params.expeditedThreshold, 1n, MAX_THRESHOLD],
    ["veto threshold", params.vetoThreshold, MIN_VETO_THRESHOLD, DEC_ONE],
    ["minimum initial deposit ratio", params.minInitialDepositRatio, DEC_ZERO, DEC_ONE],
    ["minimum deposit ratio", params.minDepositRatio, DEC_ZERO, DEC_ONE],
    ["proposal cancel ratio", params.proposalCancelRatio, DEC_ZERO, DEC_ONE],
  ] as const;
  for (const [name, text, low, high] of bounds) {
    const value = parseDec(text);
    if (value === undefined) return `invalid ${name}: "${text}" is no decimal`;
    if (value < low) return `${name} too small: ${text} (at least ${formatDec(low as Dec)})`;
    if (value > high) return `${name} too large: ${text} (at most ${formatDec(high)})`;
  }
  if (decOfParams(params.expeditedThreshold) <= decOfParams(params.threshold)) {
    return `expedited vote threshold ${params.expeditedThreshold}, must be greater than the regular threshold ${params.threshold}`;
  }
  return undefined;
}

function destProblem({ proposalCancelDest }: Params, addresses: Addresses): string | undefined {
  if (proposalCancelDest === "") return undefined;
  try {
    addresses.account.decode(proposalCancelDest);
    return undefined;
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    return `deposits destination address is invalid: ${proposalCancelDest}`;
  }
}
