import type { Coin } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import type {
  ProviderAttributes,
  Rate,
  Requirements,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { ErrInvalidAddress } from "../../core/errors.js";
import { parseAmount } from "../../core/math/amount.js";
import { isDenom } from "../../core/math/coins.js";
import {
  ErrInvalidAmount,
  ErrInvalidAttributes,
  ErrInvalidDuration,
  ErrInvalidEndpoint,
  ErrInvalidHash,
  ErrInvalidRate,
  ErrInvalidRequirements,
} from "./errors.js";
import { isAttributeText, requirementsProblem } from "./requirements.js";
import type { CoinAmount, Price } from "./types.js";
import { kindName, MAX_TIME_SECONDS, readPrice } from "./types.js";

/** Keys of accounts have 20 bytes, derived addresses 32: what is longer could not be a part of a key in state. */
const MAX_ACTOR_BYTES = 64;
/** Amounts that come in stay below it, so that no sum or product of ours ever nears the chain's 256 bits. */
const MAX_MARKET_AMOUNT = 1n << 128n;
const MAX_ENDPOINTS = 8;
const MAX_ENDPOINT_LENGTH = 256;
/** Printable ASCII with a scheme of our clients; no spaces, quotes, angle brackets or backslashes. */
const ENDPOINT = /^(?:https?|wss?|grpcs?):\/\/[!#-;=?-[\]_a-z~]+$/;
/** 1 PiB in MiB; larger machines are typing mistakes. */
const MAX_MIB = 1n << 30n;
const MAX_COUNT = 1 << 20;
export const HASH_BYTES = 32;

/** The address of somebody who acts here. Throws `sdk` 7 (invalid address), naming the field. */
export function readActor(addresses: Addresses, text: string, field: string): AccAddress {
  const address = addresses.account.decode(text);
  if (address.length > MAX_ACTOR_BYTES) {
    throw ErrInvalidAddress.with(`${field}: address of ${address.length} bytes, at most ${MAX_ACTOR_BYTES}`);
  }
  // Bech32 may be written in capitals; in state, and where addresses are compared, there is one form.
  if (addresses.account.encode(address) !== text) throw ErrInvalidAddress.with(`${field}: write it in lower case`);
  return address;
}

/** A coin of a message: a denom and an amount from 1 to 2^128 - 1. */
export function readCoin(coin: Coin | undefined, field: string): CoinAmount {
  if (coin === undefined) throw ErrInvalidAmount.with(`${field}: missing`);
  if (!isDenom(coin.denom)) throw ErrInvalidAmount.with(`${field}: "${coin.denom.slice(0, 128)}" is no denom`);
  const amount = parseAmount(coin.amount);
  if (amount === undefined || amount <= 0n || amount >= MAX_MARKET_AMOUNT) {
    throw ErrInvalidAmount.with(`${field}: "${coin.amount.slice(0, 80)}" is not within 1 and 2^128 - 1`);
  }
  return { denom: coin.denom, amount };
}

/** A rate of a message. */
export function readRate(rate: Rate | undefined, field: string): Price {
  if (rate === undefined) throw ErrInvalidRate.with(`${field}: missing`);
  readCoin(rate.amount, `${field}.amount`);
  const price = readPrice(rate);
  if (price === undefined) throw ErrInvalidRate.with(`${field}.per: unit ${rate.per} does not exist`);
  return price;
}

export function checkHash(hash: Uint8Array, field: string): void {
  if (hash.length !== HASH_BYTES) {
    throw ErrInvalidHash.with(`${field}: ${hash.length} bytes, expected the ${HASH_BYTES} of a SHA-256`);
  }
}

/** A span of time above zero that can be added to a time. */
export function checkSpan(seconds: bigint, field: string): void {
  if (seconds < 1n || seconds >= MAX_TIME_SECONDS) {
    throw ErrInvalidDuration.with(`${field}: ${seconds} is not within 1 and 2^40 - 1`);
  }
}

export function checkAttributes(attributes: ProviderAttributes | undefined): ProviderAttributes {
  if (attributes === undefined) throw ErrInvalidAttributes.with("attributes: missing");
  const fail = (problem: string) => ErrInvalidAttributes.with(`attributes.${problem}`);
  if (kindName(attributes.kind) === undefined) throw fail(`kind: ${attributes.kind} does not exist`);
  const hasGpu = attributes.gpuCount > 0;
  if (hasGpu !== attributes.gpuModel.length > 0)
    throw fail("gpu_model: belongs with gpu_count, and the other way round");
  if (!hasGpu && attributes.vramMib > 0n) throw fail("vram_mib: without a GPU");
  if (hasGpu && !isAttributeText(attributes.gpuModel)) throw fail("gpu_model: lower case letters, digits and dashes");
  if (attributes.region.length > 0 && !isAttributeText(attributes.region)) {
    throw fail("region: lower case letters, digits and dashes");
  }
  if (attributes.cpuCores < 1) throw fail("cpu_cores: at least 1");
  if (attributes.ramMib < 1n) throw fail("ram_mib: at least 1");
  for (const [field, count] of [
    ["gpu_count", attributes.gpuCount],
    ["cpu_cores", attributes.cpuCores],
  ] as const) {
    if (count > MAX_COUNT) throw fail(`${field}: ${count} is above ${MAX_COUNT}`);
  }
  for (const [field, size] of [
    ["vram_mib", attributes.vramMib],
    ["ram_mib", attributes.ramMib],
    ["disk_mib", attributes.diskMib],
  ] as const) {
    if (size > MAX_MIB) throw fail(`${field}: ${size} is above ${MAX_MIB}`);
  }
  return attributes;
}

export function checkEndpoints(endpoints: readonly string[]): void {
  if (endpoints.length > MAX_ENDPOINTS) {
    throw ErrInvalidEndpoint.with(`${endpoints.length} endpoints, at most ${MAX_ENDPOINTS}`);
  }
  for (const endpoint of endpoints) {
    if (endpoint.length > MAX_ENDPOINT_LENGTH || !ENDPOINT.test(endpoint)) {
      throw ErrInvalidEndpoint.with(`"${endpoint.slice(0, MAX_ENDPOINT_LENGTH)}" is no http, ws or grpc URL`);
    }
  }
}

export function checkRequirements(requirements: Requirements | undefined): Requirements {
  if (requirements === undefined) throw ErrInvalidRequirements.with("requirements: missing");
  const problem = requirementsProblem(requirements);
  if (problem !== undefined) throw ErrInvalidRequirements.with(problem);
  return requirements;
}
