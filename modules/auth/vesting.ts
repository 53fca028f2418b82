import { maxAmount, minAmount } from "../../core/math/amount.js";
import type { Coins } from "../../core/math/coins.js";
import { addCoins, amountOf, coinsOf, equalCoins, NO_COINS, subtractCoins, sumCoins } from "../../core/math/coins.js";
import { decFromInteger, decMulInt, decQuo, decRoundInt } from "../../core/math/dec.js";
import type { Vesting } from "./types.js";
import { MAX_TIME, MAX_VESTING_PERIODS } from "./types.js";

/**
 * What of the original coins is not free yet at a time in Unix seconds, delegated or not; x/auth/vesting/types,
 * GetVestingCoins. Closed form but for the periods of a periodic account, whose number is bounded.
 */
export function vestingCoins(vesting: Vesting, timeSeconds: bigint): Coins {
  const { schedule, original, endTime } = vesting;
  if (schedule.kind === "permanent") return original;
  if (schedule.kind !== "delayed" && timeSeconds <= schedule.startTime) return original;
  if (timeSeconds >= endTime) return NO_COINS;
  switch (schedule.kind) {
    case "delayed":
      return original;
    case "continuous": {
      const { startTime } = schedule;
      const part = decQuo(decFromInteger(timeSeconds - startTime), decFromInteger(endTime - startTime));
      const free = (amount: bigint) => decRoundInt(decMulInt(part, amount));
      return coinsOf(original.map(({ denom, amount }) => ({ denom, amount: amount - free(amount) })));
    }
    case "periodic": {
      let end = schedule.startTime;
      const open = schedule.periods.filter(({ length }) => (end += length) > timeSeconds);
      return sumCoins(open.map(({ amount }) => amount));
    }
  }
}

/** What cannot be spent at a time: what is not free yet and is not delegated; x/auth/vesting/types, LockedCoins. */
export function lockedCoins(vesting: Vesting, timeSeconds: bigint): Coins {
  return coinsOf(
    vestingCoins(vesting, timeSeconds).map(({ denom, amount }) => ({
      denom,
      amount: maxAmount(amount - amountOf(vesting.delegatedVesting, denom), 0n),
    })),
  );
}

/** With coins delegated at a time: those that are not free yet go first. TrackDelegation. */
export function withDelegation(vesting: Vesting, timeSeconds: bigint, coins: Coins): Vesting {
  const stillVesting = vestingCoins(vesting, timeSeconds);
  const locked = coinsOf(
    coins.map(({ denom, amount }) => {
      const room = amountOf(stillVesting, denom) - amountOf(vesting.delegatedVesting, denom);
      return { denom, amount: minAmount(maxAmount(room, 0n), amount) };
    }),
  );
  return {
    ...vesting,
    delegatedVesting: addCoins(vesting.delegatedVesting, locked),
    delegatedFree: addCoins(vesting.delegatedFree, difference(coins, locked)),
  };
}

/**
 * With coins that came back from a delegation: those that were free come first. More may come back than was delegated, by
 * the rounding of shares, and less after a slash: what is tracked never goes below zero. TrackUndelegation.
 */
export function withUndelegation(vesting: Vesting, coins: Coins): Vesting {
  const free = coinsOf(
    coins.map(({ denom, amount }) => ({ denom, amount: minAmount(amountOf(vesting.delegatedFree, denom), amount) })),
  );
  const locked = coinsOf(
    difference(coins, free).map(({ denom, amount }) => ({
      denom,
      amount: minAmount(amountOf(vesting.delegatedVesting, denom), amount),
    })),
  );
  return {
    ...vesting,
    delegatedFree: difference(vesting.delegatedFree, free),
    delegatedVesting: difference(vesting.delegatedVesting, locked),
  };
}

/** A schedule with periods, and when it ends. Throws `sdk` 10 (invalid coins) for sums above 2^256-1. */
export function periodicVesting(
  startTime: bigint,
  periods: readonly { readonly length: bigint; readonly amount: Coins }[],
): Vesting {
  return {
    schedule: { kind: "periodic", startTime, periods },
    original: sumCoins(periods.map(({ amount }) => amount)),
    delegatedFree: NO_COINS,
    delegatedVesting: NO_COINS,
    endTime: periods.reduce((end, { length }) => end + length, startTime),
  };
}

/** What is wrong with what an account says of its vesting, in the SDK's words; undefined when nothing is. */
export function vestingProblem(vesting: Vesting): string | undefined {
  const { schedule, original, delegatedVesting, endTime } = vesting;
  if (endTime < 0n) return "end time cannot be negative";
  if (schedule.kind === "permanent" && endTime > 0n) return "permanently vested accounts cannot have an end-time";
  if (original.length === 0) return "invalid coins: ";
  if (subtractCoins(original, delegatedVesting) === undefined) {
    return "delegated vesting amount cannot be greater than original vesting amount";
  }
  return schedule.kind === "periodic" ? periodsProblem(vesting, schedule.startTime, schedule.periods) : undefined;
}

function periodsProblem(
  { original, endTime }: Vesting,
  startTime: bigint,
  periods: readonly { readonly length: bigint; readonly amount: Coins }[],
): string | undefined {
  if (periods.length > MAX_VESTING_PERIODS) {
    return `${periods.length} vesting periods are too many: at most ${MAX_VESTING_PERIODS}`;
  }
  if (startTime >= endTime) return "vesting start-time cannot be before end-time";
  for (const [i, { length, amount }] of periods.entries()) {
    if (length < 0n) return `period #${i} has a negative length: ${length}`;
    if (amount.length === 0) return `period #${i} has invalid coins: `;
  }
  const total = periodicVesting(startTime, periods);
  if (total.endTime > MAX_TIME) return "cumulative endTime overflowed, and/or is less than startTime";
  if (total.endTime !== endTime) return "vesting end time does not match length of all vesting periods";
  return equalCoins(total.original, original)
    ? undefined
    : "original vesting coins do not match the sum of all coins in vesting periods";
}

/** `a − b`, where `b` is part of `a`. */
function difference(a: Coins, b: Coins): Coins {
  const rest = subtractCoins(a, b);
  if (rest === undefined) throw new RangeError("coins are taken from what does not hold them");
  return rest;
}
