import { ParamsSchema } from "@computronium/proto/computronium/chain/v1/types_pb.js";

import { memoValue } from "../../core/collections/memo.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";

export const chainSchema = new Schema("chain");

/** 0x00 → Params. */
export const params = chainSchema.item(0, "params", memoValue(messageValue(ParamsSchema)));
