import { ParamsSchema, ValidatorSigningInfoSchema } from "@computronium/proto/cosmos/slashing/v1beta1/slashing_pb.js";

import type { ConsAddress } from "../../../core/address.js";
import { brandedBytesKey, pairKey, u64Key } from "../../../core/collections/keys.js";
import { memoValue } from "../../../core/collections/memo.js";
import { messageValue } from "../../../core/collections/messages.js";
import { Schema } from "../../../core/collections/schema.js";
import { rawValue, u64Value } from "../../../core/collections/values.js";

export const SLASHING_STORE = "slashing";

const consensus = brandedBytesKey<ConsAddress>();

/** Numbers of prefixes as in x/slashing/types/keys.go. */
export const slashingSchema = new Schema(SLASHING_STORE);

/** 0x00 → Params */
export const params = slashingSchema.item(0x00, "params", memoValue(messageValue(ParamsSchema)));
/** 0x01 consensus address → ValidatorSigningInfo */
export const signingInfos = slashingSchema.map(
  0x01,
  "signing_infos",
  consensus,
  messageValue(ValidatorSigningInfoSchema),
);
/** 0x02 (consensus address, number of the chunk) → 128 bytes: a bit for each place of the window, set where a vote is missing */
export const missedChunks = slashingSchema.map(0x02, "missed", pairKey(consensus, u64Key), rawValue);
export const ofValidator = (address: ConsAddress) => consensus.encodeNonTerminal(address);
/** 0x04 consensus address → length of the window that its bits are of */
export const windows = slashingSchema.map(0x04, "windows", consensus, u64Value);
