import type { Addresses, ValAddress } from "../../../core/address.js";
import type { StoreReader, StoreWriter } from "../../../core/collections/collections.js";
import type { DecCoins } from "../../../core/math/dec-coins.js";
import { addDecCoins, NO_DEC_COINS, quoDecCoinsTruncate } from "../../../core/math/dec-coins.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ONE, decFromInteger } from "../../../core/math/dec.js";
import type { Context } from "../../../core/runtime/context.js";
import type { ValidatorView } from "../types.js";
import { changeBooks, take } from "./books.js";
import { ErrNoValidatorDistInfo } from "./errors.js";
import type { HistoricalRewards, ValidatorRewards } from "./state.js";
import { historicalRewards, slashEvents, validatorRewards } from "./state.js";
import { CorruptDistributionError } from "./types.js";

/**
 * F1 fee distribution (D. Ojha, C. Goes, 2018; x/distribution/keeper/validator.go): the time of a validator is cut into
 * periods in which no stake changes. At the end of a period what a unit of stake has earned in it is added to a ratio, so
 * that the rewards of a delegation are its stake times the difference of two ratios.
 */

/** Rewards of a validator. Throws `distribution` 6 where nothing is known of it. */
export function requireRewards(ctx: StoreReader, validator: ValAddress): ValidatorRewards {
  const rewards = validatorRewards.get(ctx, validator);
  if (rewards === undefined) throw ErrNoValidatorDistInfo.plain();
  return rewards;
}

/** Throws `distribution` 6 where the period is none whose end anybody needs. */
export function requireHistorical(
  ctx: StoreReader,
  addresses: Addresses,
  validator: ValAddress,
  period: bigint,
): HistoricalRewards {
  const historical = historicalRewards.get(ctx, [validator, period]);
  if (historical !== undefined) return historical;
  const text = addresses.validator.encode(validator);
  throw ErrNoValidatorDistInfo.with(`no historical rewards for validator ${text} period ${period}`);
}

/** The records of a new validator: period 0 has ended with nothing, period 1 runs. */
export function beginFirstPeriod(ctx: StoreWriter, validator: ValAddress): void {
  historicalRewards.set(ctx, [validator, 0n], { ratio: NO_DEC_COINS, references: 1 });
  validatorRewards.set(ctx, validator, {
    period: 1n,
    current: NO_DEC_COINS,
    commission: NO_DEC_COINS,
    outstanding: NO_DEC_COINS,
  });
}

/** What a unit of stake has earned, if the period that runs ends now. Truncated, so that no more is withdrawn than is owed. */
export function ratioNow(last: HistoricalRewards, rewards: ValidatorRewards, tokens: bigint): DecCoins {
  if (tokens === 0n) return last.ratio;
  return addDecCoins(last.ratio, quoDecCoinsTruncate(rewards.current, decFromInteger(tokens)));
}

/** A period that has ended, and the validator's rewards after it, which the caller stores. */
export interface EndedPeriod {
  readonly period: bigint;
  readonly ratio: DecCoins;
  readonly rewards: ValidatorRewards;
}

/** Ends the period that runs. Without stake nobody earned what came in it: that goes to the community pool. */
export function endPeriod(ctx: StoreWriter, addresses: Addresses, { operator, tokens }: ValidatorView): EndedPeriod {
  const before = requireRewards(ctx, operator);
  const { period, current } = before;
  const last = requireHistorical(ctx, addresses, operator, period - 1n);
  const ratio = ratioNow(last, before, tokens);
  const unowned = tokens === 0n ? current : NO_DEC_COINS;
  changeBooks(ctx, { fromOutstanding: unowned, toPool: unowned });
  setReferences(ctx, operator, period - 1n, { ...last, references: last.references - 1 });
  historicalRewards.set(ctx, [operator, period], { ratio, references: 1 });
  const outstanding = take(before.outstanding, unowned);
  return { period, ratio, rewards: { ...before, period: period + 1n, current: NO_DEC_COINS, outstanding } };
}

/** One more needs the end of a period. */
export function retain(ctx: StoreWriter, addresses: Addresses, validator: ValAddress, period: bigint): void {
  const historical = requireHistorical(ctx, addresses, validator, period);
  setReferences(ctx, validator, period, { ...historical, references: historical.references + 1 });
}

/** One less needs the end of a period; the last one takes it with it. */
export function release(ctx: StoreWriter, addresses: Addresses, validator: ValAddress, period: bigint): void {
  const historical = requireHistorical(ctx, addresses, validator, period);
  setReferences(ctx, validator, period, { ...historical, references: historical.references - 1 });
}

/** The period that runs, and the one delegation or slash that ended the period, are all that can need it. */
const MAX_REFERENCES = 2;

function setReferences(ctx: StoreWriter, validator: ValAddress, period: bigint, changed: HistoricalRewards): void {
  const { references } = changed;
  if (references < 0 || references > MAX_REFERENCES) {
    throw new CorruptDistributionError(`the end of period ${period} is needed ${references} times`);
  }
  if (references === 0) historicalRewards.remove(ctx, [validator, period]);
  else historicalRewards.set(ctx, [validator, period], changed);
}

/**
 * Notes that stake becomes less by `fraction`, 0 to 1, before it does: who delegates to the validator is not asked, but
 * counts the slash in when his rewards are.
 */
export function recordSlash(ctx: Context, addresses: Addresses, validator: ValidatorView, fraction: Dec): void {
  if (fraction < 0n || fraction > DEC_ONE) throw new CorruptDistributionError(`a slash of ${fraction} / 10^18`);
  const { operator } = validator;
  const { period, rewards } = endPeriod(ctx, addresses, validator);
  validatorRewards.set(ctx, operator, rewards);
  retain(ctx, addresses, operator, period);
  slashEvents.set(ctx, [operator, [ctx.block.height, period]], { period, fraction });
}
