import type { Any } from "@bufbuild/protobuf/wkt";
import type {
  AllowedMsgAllowance,
  BasicAllowance,
  PeriodicAllowance,
} from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import {
  AllowedMsgAllowanceSchema,
  BasicAllowanceSchema,
  PeriodicAllowanceSchema,
} from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { packAny, typeUrlOf, unpackAny } from "../../core/codec/registry.js";
import { ErrInvalidCoins, RegisteredError } from "../../core/errors.js";
import type { CoinMessage, Coins } from "../../core/math/coins.js";
import { amountOf, coinMessages, parseCoins, subtractCoins } from "../../core/math/coins.js";
import {
  isDuration,
  isTimestamp,
  LAST_TIME_NANOS,
  nanosOf,
  timestampOf,
  ZERO_TIME_NANOS,
} from "../../core/runtime/timestamps.js";
import {
  ErrFeeLimitExceeded,
  ErrFeeLimitExpired,
  ErrInvalidDuration,
  ErrMessageNotAllowed,
  ErrNoAllowance,
  ErrNoMessages,
} from "./errors.js";

/** An allowance, read from its `Any`. */
export type Allowance =
  | { readonly kind: "basic"; readonly value: BasicAllowance }
  | { readonly kind: "periodic"; readonly value: PeriodicAllowance }
  | { readonly kind: "allowed-messages"; readonly value: AllowedMsgAllowance; readonly inner: Allowance };

/** `AllowedMsgAllowance` in one another: more than one makes no sense. */
const MAX_DEPTH = 4;
/** Types of messages in one list. */
const MAX_MESSAGES = 200;

/** A fee that is to be paid. */
export interface FeeUse {
  readonly fee: Coins;
  /** Type URLs of the messages of the transaction. */
  readonly messages: readonly string[];
  /** Unix nanoseconds. */
  readonly now: bigint;
  /** Told once for every comparison that is charged for. */
  readonly compared: (times: number) => void;
}

/** What is left of an allowance; undefined when it is used up. */
export type Left = Allowance | undefined;

/** The allowance in an `Any`. Throws `feegrant` 5 for what is none. */
export function readAllowance(any: Any | undefined, depth = 1): Allowance {
  switch (any?.typeUrl) {
    case typeUrlOf(BasicAllowanceSchema):
      return { kind: "basic", value: unpackAny(any).value as BasicAllowance };
    case typeUrlOf(PeriodicAllowanceSchema):
      return { kind: "periodic", value: unpackAny(any).value as PeriodicAllowance };
    case typeUrlOf(AllowedMsgAllowanceSchema): {
      if (depth >= MAX_DEPTH) throw ErrNoAllowance.with("allowances are nested too deep");
      const value = unpackAny(any).value as AllowedMsgAllowance;
      if (value.allowance === undefined) throw ErrNoAllowance.with("allowance should not be empty");
      return { kind: "allowed-messages", value, inner: readAllowance(value.allowance, depth + 1) };
    }
    default:
      throw ErrNoAllowance.with("failed to get allowance");
  }
}

export function packAllowance(allowance: Allowance): Any {
  switch (allowance.kind) {
    case "basic":
      return packAny(BasicAllowanceSchema, allowance.value);
    case "periodic":
      return packAny(PeriodicAllowanceSchema, allowance.value);
    case "allowed-messages": {
      const value = { ...allowance.value, allowance: packAllowance(allowance.inner) };
      return packAny(AllowedMsgAllowanceSchema, create(AllowedMsgAllowanceSchema, value));
    }
  }
}

/** The last moment at which an allowance holds, in Unix nanoseconds; undefined for one without an end. */
export function expiryOf(allowance: Allowance): bigint | undefined {
  if (allowance.kind === "allowed-messages") return expiryOf(allowance.inner);
  const expiration = allowance.kind === "basic" ? allowance.value.expiration : allowance.value.basic?.expiration;
  return expiration === undefined ? undefined : nanosOf(expiration);
}

/** Throws registered errors for an allowance that cannot be; ValidateBasic of x/feegrant. */
export function checkAllowance(allowance: Allowance): void {
  switch (allowance.kind) {
    case "basic":
      return checkBasic(allowance.value);
    case "periodic":
      return checkPeriodic(allowance.value);
    case "allowed-messages": {
      const { allowedMessages } = allowance.value;
      if (allowedMessages.length === 0) throw ErrNoMessages.with("allowed messages shouldn't be empty");
      if (allowedMessages.length > MAX_MESSAGES) {
        throw ErrNoMessages.with(`${allowedMessages.length} allowed messages, at most ${MAX_MESSAGES}`);
      }
      return checkAllowance(allowance.inner);
    }
  }
}

function checkBasic({ spendLimit, expiration }: Pick<BasicAllowance, "spendLimit" | "expiration">): void {
  checkCoins("send amount", spendLimit);
  if (expiration === undefined) return;
  if (!isTimestamp(expiration) || expiration.seconds < 0n) {
    throw ErrInvalidDuration.with("expiration time cannot be negative");
  }
}

function checkPeriodic({ basic, period, periodSpendLimit, periodCanSpend, periodReset }: PeriodicAllowance): void {
  checkBasic(basic ?? create(BasicAllowanceSchema, {}));
  checkCoins("spend amount", periodSpendLimit);
  if (periodSpendLimit.length === 0) throw ErrInvalidCoins.with("spend limit must be positive");
  checkCoins("can spend amount", periodCanSpend);
  const limit = parseCoins(basic?.spendLimit ?? []);
  if (limit.length > 0 && periodSpendLimit.some(({ denom }) => amountOf(limit, denom) === 0n)) {
    throw ErrInvalidCoins.with("period spend limit has different currency than basic spend limit");
  }
  if (period !== undefined && (!isDuration(period) || nanosOf(period) < 0n)) {
    throw ErrInvalidDuration.with("negative clock step");
  }
  if (periodReset !== undefined && !isTimestamp(periodReset)) throw ErrInvalidDuration.with("period_reset is no time");
}

function checkCoins(what: string, coins: readonly CoinMessage[]): void {
  try {
    parseCoins(coins);
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    throw ErrInvalidCoins.with(`${what} is invalid: ${error.detail}`);
  }
}

/** What is left after a fee was paid. Throws `feegrant` 2, 3 or 7 where it does not cover that; Accept of x/feegrant. */
export function useAllowance(allowance: Allowance, use: FeeUse): Left {
  switch (allowance.kind) {
    case "basic": {
      const { expiration } = allowance.value;
      if (expiration !== undefined && nanosOf(expiration) < use.now) throw ErrFeeLimitExpired.with("basic allowance");
      const value = spendFrom(allowance.value, use.fee, "basic allowance");
      return value === undefined ? undefined : { kind: "basic", value };
    }
    case "periodic":
      return usePeriodic(allowance.value, use);
    case "allowed-messages": {
      requireAllowed(allowance.value, use);
      const inner = useAllowance(allowance.inner, use);
      return inner === undefined ? undefined : { ...allowance, inner };
    }
  }
}

/** An allowance without a limit stays as it is; undefined when nothing is left of the limit. */
function spendFrom(basic: BasicAllowance, fee: Coins, what: string): BasicAllowance | undefined {
  if (basic.spendLimit.length === 0) return basic;
  const left = subtractCoins(parseCoins(basic.spendLimit), fee);
  if (left === undefined) throw ErrFeeLimitExceeded.with(what);
  if (left.length === 0) return undefined;
  const { expiration } = basic;
  return create(BasicAllowanceSchema, { spendLimit: coinMessages(left), ...(expiration && { expiration }) });
}

function usePeriodic(allowance: PeriodicAllowance, { fee, now }: FeeUse): Left {
  const basic = allowance.basic ?? create(BasicAllowanceSchema, {});
  if (basic.expiration !== undefined && nanosOf(basic.expiration) < now)
    throw ErrFeeLimitExpired.with("absolute limit");
  const current = atNow(allowance, basic, now);
  const canSpend = subtractCoins(current.canSpend, fee);
  if (canSpend === undefined) throw ErrFeeLimitExceeded.with("period limit");
  const rest = spendFrom(basic, fee, "absolute limit");
  if (rest === undefined) return undefined;
  const { period, periodSpendLimit } = allowance;
  return {
    kind: "periodic",
    value: create(PeriodicAllowanceSchema, {
      basic: rest,
      ...(period && { period }),
      periodSpendLimit,
      periodCanSpend: coinMessages(canSpend),
      periodReset: timestampOf(current.reset),
    }),
  };
}

/** What may be spent in the period that a time falls into, and when it ends; tryResetPeriod of x/feegrant. */
function atNow(allowance: PeriodicAllowance, basic: BasicAllowance, now: bigint) {
  const { period, periodReset, periodSpendLimit, periodCanSpend } = allowance;
  const reset = periodReset === undefined ? ZERO_TIME_NANOS : nanosOf(periodReset);
  if (now < reset) return { canSpend: parseCoins(periodCanSpend), reset };
  const limit = parseCoins(basic.spendLimit);
  const ofPeriod = parseCoins(periodSpendLimit);
  const isBelow = limit.length > 0 && subtractCoins(limit, ofPeriod) === undefined;
  const length = period === undefined ? 0n : nanosOf(period);
  const next = now > reset + length ? now + length : reset + length;
  return { canSpend: isBelow ? limit : ofPeriod, reset: next > LAST_TIME_NANOS ? LAST_TIME_NANOS : next };
}

function requireAllowed({ allowedMessages }: AllowedMsgAllowance, { messages, compared }: FeeUse): void {
  compared(allowedMessages.length);
  const allowed = new Set(allowedMessages);
  for (const typeUrl of messages) {
    compared(1);
    if (!allowed.has(typeUrl)) throw ErrMessageNotAllowed.with("message does not exist in allowed messages");
  }
}
