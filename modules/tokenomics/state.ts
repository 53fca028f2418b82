import type { AccAddress, ValAddress } from "../../core/address.js";
import {
  AllocationSchema,
  BaseFeeSchema,
  BuybackAuctionSchema,
  BuybackBidSchema,
  ClearingSchema,
  EmissionEpochSchema,
  ParamsSchema,
} from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { brandedBytesKey, pairKey, stringKey, u64Key } from "../../core/collections/keys.js";
import { memoValue } from "../../core/collections/memo.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { amountValue, u64Value } from "../../core/collections/values.js";
import { decValue, validatorIndexValue } from "./values.js";

export const TOKENOMICS_STORE = "tokenomics";

export const tokenomicsSchema = new Schema(TOKENOMICS_STORE);
const account = brandedBytesKey<AccAddress>();
const validator = brandedBytesKey<ValAddress>();

/** 0x00 → Params. */
export const params = tokenomicsSchema.item(0x00, "params", memoValue(messageValue(ParamsSchema)));

/** 0x01 → BaseFee of the next block; nothing where it is not enabled. */
export const baseFee = tokenomicsSchema.item(0x01, "base_fee", memoValue(messageValue(BaseFeeSchema)));

/** 0x02 → supply of genesis. */
export const initialSupply = tokenomicsSchema.item(0x02, "initial_supply", amountValue);
/** 0x03 name of a module account → what it minted. */
export const minted = tokenomicsSchema.map(0x03, "minted", stringKey, amountValue);
/** 0x04 name of a module account → what it burned. */
export const burned = tokenomicsSchema.map(0x04, "burned", stringKey, amountValue);

/** 0x10 name → Allocation. */
export const allocations = tokenomicsSchema.map(0x10, "allocations", stringKey, messageValue(AllocationSchema));
/** 0x11 → what all allocations together have not paid out. */
export const allocated = tokenomicsSchema.item(0x11, "allocated", amountValue);

/** 0x20 → reflected to a base unit of bonded stake since genesis. */
export const reflectionIndex = tokenomicsSchema.item(0x20, "reflection_index", decValue);
/** 0x21 → came in, and is not in the index yet. */
export const reflectionCarried = tokenomicsSchema.item(0x21, "reflection_carried", decValue);
/** 0x22 validator → its index. */
export const validatorReflections = tokenomicsSchema.map(0x22, "validator_reflections", validator, validatorIndexValue);
/** 0x23 (delegator, validator) → the validator's index up to which the delegation was reckoned. */
export const delegationKey = pairKey(account, validator);
export const delegationReflections = tokenomicsSchema.map(0x23, "delegation_reflections", delegationKey, decValue);
/** 0x24 delegator → reckoned, and not claimed. */
export const owedReflections = tokenomicsSchema.map(0x24, "owed_reflections", account, decValue);

/** 0x30 epoch → EmissionEpoch, until it is paid out. */
export const epochs = tokenomicsSchema.map(0x30, "epochs", u64Key, messageValue(EmissionEpochSchema));
/** 0x31 (epoch, provider) → what the provider's work burned, until it is paid. */
export const workKey = pairKey(u64Key, account);
export const work = tokenomicsSchema.map(0x31, "work", workKey, amountValue);
/** 0x32: number of the next epoch. */
export const nextEpoch = tokenomicsSchema.sequence(0x32, "next_epoch", 1n);

/** 0x40, 0x41, 0x42: number of the next auction, when it may begin, and with which lot of the parameters. */
export const nextAuction = tokenomicsSchema.sequence(0x40, "next_auction", 1n);
export const nextAuctionTime = tokenomicsSchema.item(0x41, "next_auction_time", u64Value);
export const nextLot = tokenomicsSchema.item(0x42, "next_lot", u64Value);
/** 0x43 → the auction that runs. */
export const openAuction = tokenomicsSchema.item(0x43, "open_auction", messageValue(BuybackAuctionSchema));
/** 0x44 bidder → bid of the auction that runs. */
export const bids = tokenomicsSchema.map(0x44, "bids", account, messageValue(BuybackBidSchema));
/** 0x45 (denom, auction) → the price that it came to; the last ones of each denom. */
export const clearingKey = pairKey(stringKey, u64Key);
export const clearings = tokenomicsSchema.map(0x45, "clearings", clearingKey, messageValue(ClearingSchema));
