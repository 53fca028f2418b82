import { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/chain/v1/types_pb.js";

import { memoValue } from "../../core/collections/memo.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";

export const chainSchema = new Schema("chain");

/** Store and key of cosmos-sdk 0.53 x/consensus: "Consensus" → ConsensusParams of CometBFT. */
export const consensusSchema = new Schema("consensus");
export const consensusParams = consensusSchema.item(
  "Consensus",
  "params",
  memoValue(messageValue(ConsensusParamsSchema)),
);

/** 0x00 → Params. */
export const params = chainSchema.item(0, "params", memoValue(messageValue(ParamsSchema)));
