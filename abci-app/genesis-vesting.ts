import type { JsonObject } from "@bufbuild/protobuf";

import type { Coins } from "../core/math/coins.js";
import { coinMessages, formatCoins, parseCoinsText, subtractCoins, sumCoins } from "../core/math/coins.js";
import { GenesisError } from "../core/runtime/genesis.js";
import type { VestingOptions } from "./node/runtime.js";

/**
 * The account of genesis that `base` is the heart of, with a vesting schedule: permanently locked, periodic, continuous
 * from start to end, or delayed until the end. `coins` is what the account owns, of which the schedule is a part.
 *
 * @throws GenesisError for a schedule without an end, or of more than there is.
 */
export function vestingAccount(base: JsonObject, coins: Coins, options: VestingOptions): JsonObject {
  const problem = (text: string) => new GenesisError([`app_state.auth.accounts: ${text}`]);
  const periods = options.periods?.map(({ coins: part, length_seconds }) => ({
    length: BigInt(length_seconds),
    amount: parseCoinsText(part),
  }));
  const original =
    periods === undefined ? parseCoinsText(options.amount ?? "") : sumCoins(periods.map(({ amount }) => amount));
  if (original.length === 0) throw problem("the amount that vests is missing");
  if (subtractCoins(coins, original) === undefined) {
    throw problem(`vesting amount ${formatCoins(original)} cannot be greater than total amount ${formatCoins(coins)}`);
  }
  const { startTime = 0n, endTime = 0n } = options;
  const account = (type: string, end: bigint, more: JsonObject = {}) => ({
    "@type": `/cosmos.vesting.v1beta1.${type}`,
    base_vesting_account: { base_account: base, original_vesting: jsonCoins(original), end_time: String(end) },
    ...more,
  });
  if (options.permanent === true) return account("PermanentLockedAccount", 0n);
  if (periods !== undefined) {
    const end = periods.reduce((sum, { length }) => sum + length, startTime);
    return account("PeriodicVestingAccount", end, {
      start_time: String(startTime),
      vesting_periods: periods.map(({ length, amount }) => ({ length: String(length), amount: jsonCoins(amount) })),
    });
  }
  if (endTime === 0n) throw problem("invalid vesting parameters; must supply start and end time or end time");
  if (startTime === 0n) return account("DelayedVestingAccount", endTime);
  if (startTime >= endTime) throw problem("vesting starts before it ends: the start time is not below the end time");
  return account("ContinuousVestingAccount", endTime, { start_time: String(startTime) });
}

function jsonCoins(coins: Coins): JsonObject[] {
  return coinMessages(coins).map((coin) => ({ ...coin }));
}
