import {
  DelegatorStartingInfoSchema,
  ParamsSchema,
  ValidatorHistoricalRewardsSchema,
  ValidatorSlashEventSchema,
} from "@computronium/proto/cosmos/distribution/v1beta1/distribution_pb.js";
import { BooksSchema, ValidatorRewardsSchema } from "@computronium/proto/computronium/distribution/v1/state_pb.js";
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { brandedBytesKey, pairKey, u64Key } from "../../../core/collections/keys.js";
import { memoValue } from "../../../core/collections/memo.js";
import { messageValue } from "../../../core/collections/messages.js";
import { Schema } from "../../../core/collections/schema.js";
import type { ValueCodec } from "../../../core/collections/values.js";
import { bytesValue, ValueDecodingError } from "../../../core/collections/values.js";
import type { DecCoins } from "../../../core/math/dec-coins.js";
import { decCoinMessages, parseDecCoins } from "../../../core/math/dec-coins.js";
import type { Dec } from "../../../core/math/dec.js";
import { parseRawDec } from "../../../core/math/dec.js";

/** What a validator and its delegators have earned. */
export interface ValidatorRewards {
  /** Number of the period that runs, at least 1. The ratio at the end of the period before it is in {@link historicalRewards}. */
  readonly period: bigint;
  /** Earned by the delegators within this period. */
  readonly current: DecCoins;
  readonly commission: DecCoins;
  /** All that was not withdrawn yet, commission included. */
  readonly outstanding: DecCoins;
}

/** Where the rewards of each unit of stake stood when a period ended. */
export interface HistoricalRewards {
  /** What a unit of stake has earned since the validator is there. */
  readonly ratio: DecCoins;
  /** Who needs it: the delegation or the slash that ended the period, and the period that runs if it is the last one. */
  readonly references: number;
}

/** From where on a delegation has not withdrawn. */
export interface StartingInfo {
  readonly previousPeriod: bigint;
  /** Base units that its shares were worth. */
  readonly stake: Dec;
  readonly height: bigint;
}

export interface SlashEvent {
  /** The period that the slash has ended. */
  readonly period: bigint;
  /** Of the stake, 0 to 1. */
  readonly fraction: Dec;
}

/** Whose the coins of the module account are: together as many as are there. */
export interface Books {
  readonly communityPool: DecCoins;
  /** What all validators' `outstanding` add up to. */
  readonly outstanding: DecCoins;
}

function viaMessage<V, D extends DescMessage>(
  schema: D,
  write: (value: V) => MessageInitShape<D>,
  read: (message: MessageShape<D>) => V,
): ValueCodec<V> {
  const bytes = messageValue(schema);
  return {
    encode: (value) => bytes.encode(create(schema, write(value))),
    decode: (encoded) => read(bytes.decode(encoded)),
  };
}

function decOf(raw: string): Dec {
  const value = parseRawDec(raw);
  if (value === undefined) throw new ValueDecodingError("no decimal");
  return value;
}

/** Store as cosmos-sdk 0.53 names it; values are put together where one block changes them together. */
export const distributionSchema = new Schema("distribution");

/** 0x00 → Params. */
export const params = distributionSchema.item(0, "params", memoValue(messageValue(ParamsSchema)));

/** 0x01 → Books. */
export const books = distributionSchema.item(
  1,
  "books",
  viaMessage<Books, typeof BooksSchema>(
    BooksSchema,
    ({ communityPool, outstanding }) => ({
      communityPool: decCoinMessages(communityPool),
      outstanding: decCoinMessages(outstanding),
    }),
    ({ communityPool, outstanding }) => ({
      communityPool: parseDecCoins(communityPool),
      outstanding: parseDecCoins(outstanding),
    }),
  ),
);

/** 0x02 validator → ValidatorRewards. */
export const validatorRewards = distributionSchema.map(
  2,
  "validator_rewards",
  brandedBytesKey<ValAddress>(),
  viaMessage<ValidatorRewards, typeof ValidatorRewardsSchema>(
    ValidatorRewardsSchema,
    ({ period, current, commission, outstanding }) => ({
      period,
      current: decCoinMessages(current),
      commission: decCoinMessages(commission),
      outstanding: decCoinMessages(outstanding),
    }),
    ({ period, current, commission, outstanding }) => ({
      period,
      current: parseDecCoins(current),
      commission: parseDecCoins(commission),
      outstanding: parseDecCoins(outstanding),
    }),
  ),
);

/** 0x03 delegator → the address that its rewards go to, where that is another. */
export const withdrawAddresses = distributionSchema.map(
  3,
  "withdraw_addresses",
  brandedBytesKey<AccAddress>(),
  bytesValue as ValueCodec<AccAddress>,
);

/** 0x04 (validator, delegator) → StartingInfo, for each delegation. */
export const startingInfos = distributionSchema.map(
  4,
  "starting_infos",
  pairKey(brandedBytesKey<ValAddress>(), brandedBytesKey<AccAddress>()),
  viaMessage<StartingInfo, typeof DelegatorStartingInfoSchema>(
    DelegatorStartingInfoSchema,
    ({ previousPeriod, stake, height }) => ({ previousPeriod, stake: stake.toString(), height }),
    ({ previousPeriod, stake, height }) => ({ previousPeriod, stake: decOf(stake), height }),
  ),
);

/** 0x05 (validator, period) → HistoricalRewards at the end of the period. */
export const historicalRewardsKey = pairKey(brandedBytesKey<ValAddress>(), u64Key);
export const historicalRewards = distributionSchema.map(
  5,
  "historical_rewards",
  historicalRewardsKey,
  viaMessage<HistoricalRewards, typeof ValidatorHistoricalRewardsSchema>(
    ValidatorHistoricalRewardsSchema,
    ({ ratio, references }) => ({ cumulativeRewardRatio: decCoinMessages(ratio), referenceCount: references }),
    ({ cumulativeRewardRatio, referenceCount }) => ({
      ratio: parseDecCoins(cumulativeRewardRatio),
      references: referenceCount,
    }),
  ),
);

/** 0x06 (validator, (height, period)) → SlashEvent. */
export const slashEventPlace = pairKey(u64Key, u64Key);
export const slashEventKey = pairKey(brandedBytesKey<ValAddress>(), slashEventPlace);
export const slashEvents = distributionSchema.map(
  6,
  "slash_events",
  slashEventKey,
  viaMessage<SlashEvent, typeof ValidatorSlashEventSchema>(
    ValidatorSlashEventSchema,
    ({ period, fraction }) => ({ validatorPeriod: period, fraction: fraction.toString() }),
    ({ validatorPeriod, fraction }) => ({ period: validatorPeriod, fraction: decOf(fraction) }),
  ),
);
