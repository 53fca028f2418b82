import type { AccAddress } from "../../core/address.js";
import { brandedBytesKey, i64Key, pairKey, u64Key } from "../../core/collections/keys.js";
import { memoValue } from "../../core/collections/memo.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { bytesValue, rawValue } from "../../core/collections/values.js";
import { ParamsSchema } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";

/** Store and keys of cosmos-sdk 0.53 x/auth (types/keys.go). */
export const authSchema = new Schema("acc");

/** 0x00 → Params. */
export const params = authSchema.item(0, "params", memoValue(messageValue(ParamsSchema)));

/** 0x01 address → Any of a BaseAccount or ModuleAccount; `account-codec.ts` reads and writes it. */
export const accounts = authSchema.map(1, "accounts", brandedBytesKey<AccAddress>(), rawValue);

/** 0x02 → the number that the next new account gets. */
export const nextAccountNumber = authSchema.sequence(2, "account_number");

/** "accountNumber" number → address. Each number is given away once. */
export const addressByNumber = authSchema.map("accountNumber", "account_by_number", u64Key, bytesValue);

/** 0x5b address, for each account with a vesting schedule: what all of them lock is asked for, and there are few. */
export const vestingAddresses = authSchema.keySet(91, "vesting_addresses", brandedBytesKey<AccAddress>());

/** 0x5a (timeout in Unix nanoseconds, sender), for each unordered transaction that could still be replayed. */
export const unorderedNonces = authSchema.keySet(
  90,
  "unordered_nonces",
  pairKey(i64Key, brandedBytesKey<AccAddress>()),
);
