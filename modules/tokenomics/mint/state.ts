import { MinterSchema, ParamsSchema } from "@computronium/proto/cosmos/mint/v1beta1/mint_pb.js";

import { memoValue } from "../../../core/collections/memo.js";
import { messageValue } from "../../../core/collections/messages.js";
import { Schema } from "../../../core/collections/schema.js";

/** Store and keys of cosmos-sdk 0.53 x/mint (types/keys.go). */
export const mintSchema = new Schema("mint");

/** 0x00 → Minter. */
export const minter = mintSchema.item(0, "minter", messageValue(MinterSchema));

/** 0x01 → Params. */
export const mintParams = mintSchema.item(1, "params", memoValue(messageValue(ParamsSchema)));
