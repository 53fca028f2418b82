import type { CommissionRates as CommissionRatesMessage } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import { ErrInvalidRequest } from "../../../core/errors.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ONE, parseRawDec } from "../../../core/math/dec.js";
import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";
import {
  ErrCommissionChangeRateGTMaxRate,
  ErrCommissionChangeRateNegative,
  ErrCommissionGTMaxChangeRate,
  ErrCommissionGTMaxRate,
  ErrCommissionHuge,
  ErrCommissionNegative,
  ErrCommissionUpdateTime,
} from "./errors.js";
import type { CommissionRates, ValidatorRecord } from "./validator.js";

const DAY_NANOS = 86_400n * NANOS_PER_SECOND;

/** Throws `sdk` 18 where there are none, else what x/staking/types CommissionRates.Validate does. */
export function readRates(message: CommissionRatesMessage | undefined): CommissionRates {
  const read = (text: string | undefined) => parseRawDec(text ?? "");
  const [rate, maxRate, maxChangeRate] = [message?.rate, message?.maxRate, message?.maxChangeRate].map(read);
  if (rate === undefined || maxRate === undefined || maxChangeRate === undefined) {
    throw ErrInvalidRequest.with("empty commission");
  }
  if (maxRate < 0n) throw ErrCommissionNegative.plain();
  if (maxRate > DEC_ONE) throw ErrCommissionHuge.plain();
  if (rate < 0n) throw ErrCommissionNegative.plain();
  if (rate > maxRate) throw ErrCommissionGTMaxRate.plain();
  if (maxChangeRate < 0n) throw ErrCommissionChangeRateNegative.plain();
  if (maxChangeRate > maxRate) throw ErrCommissionChangeRateGTMaxRate.plain();
  return { rate, maxRate, maxChangeRate };
}

/** The commission with another rate from now on. Throws what x/staking/types Commission.ValidateNewRate does. */
export function withRate(
  commission: ValidatorRecord["commission"],
  rate: Dec,
  nowNanos: bigint,
): ValidatorRecord["commission"] {
  if (nowNanos - commission.updateTimeNanos < DAY_NANOS) throw ErrCommissionUpdateTime.plain();
  if (rate < 0n) throw ErrCommissionNegative.plain();
  if (rate > commission.maxRate) throw ErrCommissionGTMaxRate.plain();
  if (rate - commission.rate > commission.maxChangeRate) throw ErrCommissionGTMaxChangeRate.plain();
  return { ...commission, rate, updateTimeNanos: nowNanos };
}
