import { MetadataSchema, ParamsSchema } from "@computronium/proto/cosmos/bank/v1beta1/bank_pb.js";

import type { AccAddress } from "../../core/address.js";
import { brandedBytesKey, lengthPrefixedBytesKey, pairKey, stringKey } from "../../core/collections/keys.js";
import { memoValue } from "../../core/collections/memo.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { amountValue, protoBoolValue } from "../../core/collections/values.js";

/** Store and keys of cosmos-sdk 0.53 x/bank (types/keys.go). */
export const bankSchema = new Schema("bank");

/** 0x00 denom → how much of it there is, never 0. */
export const supply = bankSchema.map(0, "supply", stringKey, amountValue);

/** 0x01 base denom → Metadata. */
export const denomMetadata = bankSchema.map(1, "denom_metadata", stringKey, messageValue(MetadataSchema));

/** 0x02 (address, denom) → balance, never 0. */
export const balanceKey = pairKey(brandedBytesKey<AccAddress>(), stringKey);
export const balances = bankSchema.map(2, "balances", balanceKey, amountValue);

/** 0x03 (denom, address), for each balance. */
export const denomOwnerKey = pairKey(stringKey, lengthPrefixedBytesKey<AccAddress>());
export const denomOwners = bankSchema.keySet(3, "address_by_denom_index", denomOwnerKey);

/** 0x04 denom → whether its coins can be sent, where that is not the default. */
export const sendEnabled = bankSchema.map(4, "send_enabled", stringKey, protoBoolValue);

/** 0x05 → Params. */
export const params = bankSchema.item(5, "params", memoValue(messageValue(ParamsSchema)));
