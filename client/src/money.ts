import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Rate } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { RateSchema, RateUnit } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { Coin } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { create } from "@bufbuild/protobuf";

/** An amount in base units with its denom, such as "2500ucptm". */
export type CoinText = `${bigint}${string}`;

const COIN = /^(0|[1-9]\d*)([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$/;

/** Reads "2500ucptm". Throws a `RangeError` for anything but a whole number of base units and a denom. */
export function parseCoin(text: CoinText): Coin {
  const [, amount, denom] = COIN.exec(text) ?? [];
  if (amount === undefined || denom === undefined)
    throw new RangeError(`a coin is a whole number and a denom, such as 2500ucptm, not "${text}"`);
  return create(CoinSchema, { amount, denom });
}

const SECONDS = new Map([
  [RateUnit.SECOND, 1n],
  [RateUnit.HOUR, 3600n],
]);

/** A price for time. */
export function rate(text: CoinText, per: "second" | "hour"): Rate {
  return create(RateSchema, { amount: parseCoin(text), per: per === "second" ? RateUnit.SECOND : RateUnit.HOUR });
}

/** What these seconds cost at this rate, in base units: rounded down, in favour of the payer. */
export function costOf(price: MessageInitShape<typeof RateSchema>, seconds: bigint): bigint {
  const unit = SECONDS.get(price.per ?? RateUnit.UNSPECIFIED);
  if (unit === undefined) throw new RangeError("the rate has no unit of time");
  return (BigInt(price.amount?.amount ?? "0") * seconds) / unit;
}
