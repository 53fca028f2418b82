import type { SpendAuthorization } from "@computronium/proto/computronium/authz/v1/authz_pb.js";
import { SpendAuthorizationSchema } from "@computronium/proto/computronium/authz/v1/authz_pb.js";
import type { MsgAcceptBid, MsgPostOrder, MsgTopUp } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  MsgAcceptBidSchema,
  MsgAckUsageSchema,
  MsgCancelOrderSchema,
  MsgCloseLeaseSchema,
  MsgPostOrderSchema,
  MsgTopUpSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { JobClass } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { typeUrlOf } from "../../../core/codec/registry.js";
import { ErrInvalidRequest } from "../../../core/errors.js";
import type { CoinMessage, Coins } from "../../../core/math/coins.js";
import { coinMessages, NO_COINS, parseCoins, subtractCoins } from "../../../core/math/coins.js";
import type { Context } from "../../../core/runtime/context.js";
import { ErrOutsideMandate } from "../errors.js";
import type { MarketplaceReader } from "../expected.js";
import type { AuthorizationKind, Request } from "./kind.js";
import { authorizationKind } from "./kind.js";

/** The key of its grants: one for all the messages that it covers. */
export const SPEND_AUTHORIZATION = typeUrlOf(SpendAuthorizationSchema);

const POST_ORDER = typeUrlOf(MsgPostOrderSchema);
const ACCEPT_BID = typeUrlOf(MsgAcceptBidSchema);
const TOP_UP = typeUrlOf(MsgTopUpSchema);

/** What a tenant's agent needs: what locks money, and what ends it. */
const MESSAGES: readonly string[] = [
  POST_ORDER,
  ACCEPT_BID,
  TOP_UP,
  typeUrlOf(MsgCancelOrderSchema),
  typeUrlOf(MsgAckUsageSchema),
  typeUrlOf(MsgCloseLeaseSchema),
];

const MAX_PROVIDERS = 100;
const MAX_PURPOSE = 256;
/** Ten years: what is longer is a typing mistake, and sums of times stay in range. */
const MAX_PERIOD_SECONDS = 315_360_000n;

/** Whether a message can be covered by a spending authorization. */
export function isMarketSpending(typeUrl: string): boolean {
  return MESSAGES.includes(typeUrl);
}

/**
 * Spending on the marketplace: some messages, up to a limit in all and in each period, with some providers, for some kinds
 * of job. What a message puts into escrow counts; what comes back from there does not make the limit larger again.
 */
export function spendAuthorization(addresses: Addresses, market: MarketplaceReader): AuthorizationKind {
  return authorizationKind({
    schema: SpendAuthorizationSchema,
    msgTypeUrl: () => SPEND_AUTHORIZATION,
    check: (authorization) => check(addresses, authorization),
    start(ctx, authorization) {
      if (authorization.periodLeft.length > 0 || authorization.periodEndTime > 0n) {
        throw ErrInvalidRequest.with("period_left and period_end_time are the chain's: leave them out");
      }
      return atNow(authorization, ctx.timeSeconds);
    },
    accept(ctx, authorization, request) {
      const { typeUrl } = request.message;
      if (!authorization.allowedMessages.includes(typeUrl)) throw ErrOutsideMandate.with(`${typeUrl} is not allowed`);
      requirePurpose(ctx, { market, authorization, request, addresses });
      const spent = spending(request);
      if (spent.length === 0) return "kept";
      const current = atNow(authorization, ctx.timeSeconds);
      const total = subtractCoins(parseCoins(current.totalLimit), spent);
      if (total === undefined) throw ErrOutsideMandate.with("more than is left of total_limit");
      const left = current.periodSeconds === 0n ? NO_COINS : subtractCoins(parseCoins(current.periodLeft), spent);
      if (left === undefined) throw ErrOutsideMandate.with("more than is left of period_limit in this period");
      return create(SpendAuthorizationSchema, {
        ...current,
        totalLimit: coinsOfMessage(total),
        periodLeft: coinsOfMessage(left),
      });
    },
  });
}

function coinsOfMessage(coins: Coins) {
  return coinMessages(coins).map((coin) => create(CoinSchema, coin));
}

function check(addresses: Addresses, authorization: SpendAuthorization): void {
  const { allowedMessages, allowedProviders, allowedJobClasses, purpose } = authorization;
  const invalid = (problem: string) => ErrInvalidRequest.with(problem);
  if (allowedMessages.length === 0) throw invalid("allowed_messages: none");
  for (const typeUrl of allowedMessages) {
    if (!isMarketSpending(typeUrl)) {
      throw invalid(
        `allowed_messages: "${typeUrl.slice(0, 100)}" cannot be granted; these can: ${MESSAGES.join(", ")}`,
      );
    }
  }
  if (new Set(allowedMessages).size !== allowedMessages.length) throw invalid("allowed_messages: one is there twice");
  parseCoins(authorization.totalLimit);
  checkPeriod(authorization);
  if (allowedProviders.length > MAX_PROVIDERS) throw invalid(`allowed_providers: more than ${MAX_PROVIDERS}`);
  for (const provider of allowedProviders) {
    // They are compared with messages as text: one form alone will do.
    if (addresses.account.encode(addresses.account.decode(provider)) !== provider) {
      throw invalid("allowed_providers: write addresses in lower case");
    }
  }
  if (new Set(allowedJobClasses).size !== allowedJobClasses.length) {
    throw invalid("allowed_job_classes: one is there twice");
  }
  for (const jobClass of allowedJobClasses) {
    if (jobClass < JobClass.WASM || jobClass > JobClass.INFERENCE) {
      throw invalid(`allowed_job_classes: ${jobClass} does not exist`);
    }
  }
  if (purpose.length > MAX_PURPOSE) throw invalid(`purpose: more than ${MAX_PURPOSE} characters`);
}

function checkPeriod({ periodLimit, periodSeconds, periodLeft, periodEndTime }: SpendAuthorization): void {
  const limit = parseCoins(periodLimit);
  const left = parseCoins(periodLeft);
  if (periodSeconds > MAX_PERIOD_SECONDS) {
    throw ErrInvalidRequest.with(`period_seconds: ${periodSeconds} is above ${MAX_PERIOD_SECONDS}`);
  }
  if (limit.length === 0 && periodSeconds > 0n) throw ErrInvalidRequest.with("period_limit is missing");
  if (limit.length > 0 && periodSeconds === 0n) throw ErrInvalidRequest.with("period_seconds is missing");
  if (subtractCoins(limit, left) === undefined || (periodSeconds === 0n && periodEndTime > 0n)) {
    throw ErrInvalidRequest.with("period_left is above period_limit");
  }
}

/**
 * With what is left of the period that a time falls into. Periods follow one another without a gap as long as the
 * authorization is used in each; after a pause the next one begins with its use.
 */
function atNow(authorization: SpendAuthorization, now: bigint): SpendAuthorization {
  const { periodSeconds, periodEndTime, periodLimit } = authorization;
  if (periodSeconds === 0n || now < periodEndTime) return authorization;
  const next = periodEndTime + periodSeconds;
  return create(SpendAuthorizationSchema, {
    ...authorization,
    periodLeft: periodLimit,
    periodEndTime: now < next ? next : now + periodSeconds,
  });
}

/** What a message puts into escrow. */
function spending({ message }: Request): Coins {
  const coins = (coin: CoinMessage | undefined) => (coin === undefined ? NO_COINS : parseCoins([coin]));
  switch (message.typeUrl) {
    case POST_ORDER:
      return coins((message.value as MsgPostOrder).budget);
    case TOP_UP:
      return coins((message.value as MsgTopUp).amount);
    default:
      return NO_COINS;
  }
}

function requirePurpose(
  ctx: Context,
  {
    market,
    authorization: { allowedProviders, allowedJobClasses },
    request: { message, granter },
    addresses,
  }: {
    readonly market: MarketplaceReader;
    readonly authorization: SpendAuthorization;
    readonly request: Request;
    readonly addresses: Addresses;
  },
): void {
  const requireProvider = (provider: string) => {
    if (allowedProviders.length === 0 || allowedProviders.includes(provider)) return;
    throw ErrOutsideMandate.with(`${provider} is not among allowed_providers`);
  };
  switch (message.typeUrl) {
    case POST_ORDER: {
      const { jobClass } = message.value as MsgPostOrder;
      if (allowedJobClasses.length > 0 && !allowedJobClasses.includes(jobClass)) {
        throw ErrOutsideMandate.with(`${JobClass[jobClass]} is not among allowed_job_classes`);
      }
      return;
    }
    case ACCEPT_BID:
      return requireProvider((message.value as MsgAcceptBid).provider);
    case TOP_UP: {
      // Anybody may top up any lease, and what is left goes to its tenant: that must be the one who pays.
      const { leaseId } = message.value as MsgTopUp;
      const parties = market.leaseParties(ctx, leaseId);
      if (parties === undefined || parties.tenant !== addresses.account.encode(granter)) {
        throw ErrOutsideMandate.with(`lease ${leaseId} is none of the granter's`);
      }
      return requireProvider(parties.provider);
    }
  }
}
