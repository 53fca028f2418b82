import { EquivocationSchema } from "@computronium/proto/cosmos/evidence/v1beta1/evidence_pb.js";

import { bytesKey } from "../../../core/collections/keys.js";
import { messageValue } from "../../../core/collections/messages.js";
import { Schema } from "../../../core/collections/schema.js";

export const evidenceSchema = new Schema("evidence");

/** 0x00 sha256 of it → Equivocation */
export const equivocations = evidenceSchema.map(0x00, "evidences", bytesKey, messageValue(EquivocationSchema));
