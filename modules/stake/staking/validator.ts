import type { Any } from "@bufbuild/protobuf/wkt";
import type { Description, Validator } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { BondStatus, ValidatorSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { Addresses, ConsAddress, ValAddress } from "../../../core/address.js";
import { nanosOfTimestamp, timestampOf } from "../../../core/codec/timestamps.js";
import { create, fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import type { ValueCodec } from "../../../core/collections/values.js";
import { addressOf, publicKeyFromAny } from "../../../core/crypto/public-key.js";
import { parseAmount } from "../../../core/math/amount.js";
import type { Dec } from "../../../core/math/dec.js";
import { decFromRaw } from "../../../core/math/dec.js";
import type { ValidatorView } from "../types.js";

/** How many base units make a unit of CometBFT's voting power. */
export const POWER_REDUCTION = 1_000_000n;

export interface CommissionRates {
  readonly rate: Dec;
  readonly maxRate: Dec;
  readonly maxChangeRate: Dec;
}

/** A validator as staking keeps it: cosmos.staking.v1beta1.Validator with its numbers read. Never changed in place. */
export interface ValidatorRecord {
  readonly operator: ValAddress;
  readonly consensusPubKey: Any;
  readonly status: BondStatus;
  readonly jailed: boolean;
  readonly tokens: bigint;
  readonly delegatorShares: Dec;
  readonly description: Description;
  readonly commission: CommissionRates & { readonly updateTimeNanos: bigint };
  readonly minSelfDelegation: bigint;
  /** While it is unbonding, or was for the last time. */
  readonly unbondingHeight: bigint;
  readonly unbondingTimeNanos: bigint;
  readonly unbondingIds: readonly bigint[];
}

export function consAddressOf(record: { readonly consensusPubKey: Any }): ConsAddress {
  return addressOf(publicKeyFromAny(record.consensusPubKey)) as string as ConsAddress;
}

/** Power that its tokens would give it, bonded or not. */
export function potentialPower({ tokens }: { readonly tokens: bigint }): bigint {
  return tokens / POWER_REDUCTION;
}

const VIEW_STATUS = {
  [BondStatus.UNSPECIFIED]: "unbonded",
  [BondStatus.UNBONDED]: "unbonded",
  [BondStatus.UNBONDING]: "unbonding",
  [BondStatus.BONDED]: "bonded",
} as const;

export function viewOf(record: ValidatorRecord): ValidatorView {
  return {
    operator: record.operator,
    consAddress: consAddressOf(record),
    status: VIEW_STATUS[record.status],
    jailed: record.jailed,
    tokens: record.tokens,
    delegatorShares: record.delegatorShares,
    commissionRate: record.commission.rate,
    minSelfDelegation: record.minSelfDelegation,
  };
}

export function validatorMessage(addresses: Addresses, record: ValidatorRecord): Validator {
  const { rate, maxRate, maxChangeRate, updateTimeNanos } = record.commission;
  return create(ValidatorSchema, {
    operatorAddress: addresses.validator.encode(record.operator),
    consensusPubkey: record.consensusPubKey,
    jailed: record.jailed,
    status: record.status,
    tokens: record.tokens.toString(),
    delegatorShares: record.delegatorShares.toString(),
    description: record.description,
    unbondingHeight: record.unbondingHeight,
    unbondingTime: timestampOf(record.unbondingTimeNanos),
    commission: {
      commissionRates: { rate: rate.toString(), maxRate: maxRate.toString(), maxChangeRate: maxChangeRate.toString() },
      updateTime: timestampOf(updateTimeNanos),
    },
    minSelfDelegation: record.minSelfDelegation.toString(),
    unbondingIds: [...record.unbondingIds],
  });
}

/** Bytes in state, or a genesis that was checked, which are no validator. */
export class ValidatorFieldError extends Error {
  override readonly name = "ValidatorFieldError";
}

/** Throws {@link ValidatorFieldError} and registered errors for what no validator can be. */
export function validatorFromMessage(addresses: Addresses, message: Validator): ValidatorRecord {
  const { description, commission, consensusPubkey } = message;
  const rates = commission?.commissionRates;
  if (description === undefined || rates === undefined || consensusPubkey === undefined) {
    throw new ValidatorFieldError("description, commission and consensus_pubkey must be there");
  }
  return {
    operator: addresses.validator.decode(message.operatorAddress),
    consensusPubKey: consensusPubkey,
    status: message.status,
    jailed: message.jailed,
    tokens: amount("tokens", message.tokens),
    delegatorShares: rawDec("delegator_shares", message.delegatorShares),
    description,
    commission: {
      rate: rawDec("commission.rate", rates.rate),
      maxRate: rawDec("commission.max_rate", rates.maxRate),
      maxChangeRate: rawDec("commission.max_change_rate", rates.maxChangeRate),
      updateTimeNanos: nanosOfTimestamp(commission?.updateTime),
    },
    minSelfDelegation: amount("min_self_delegation", message.minSelfDelegation),
    unbondingHeight: message.unbondingHeight,
    unbondingTimeNanos: nanosOfTimestamp(message.unbondingTime),
    unbondingIds: message.unbondingIds,
  };
}

function amount(field: string, text: string): bigint {
  const value = parseAmount(text);
  if (value === undefined) throw new ValidatorFieldError(`${field}: "${text}" is no amount`);
  return value;
}

function rawDec(field: string, text: string): Dec {
  if (text.length > 120 || !/^\d+$/.test(text)) throw new ValidatorFieldError(`${field}: "${text}" is no decimal`);
  return decFromRaw(BigInt(text));
}

/** As the SDK's message in state. */
export function validatorValue(addresses: Addresses): ValueCodec<ValidatorRecord> {
  return {
    encode: (record) => toBinary(ValidatorSchema, validatorMessage(addresses, record)),
    decode: (bytes) => validatorFromMessage(addresses, fromBinary(ValidatorSchema, bytes)),
  };
}
