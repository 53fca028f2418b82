import { PlanSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/upgrade_pb.js";

import { pairKey, stringKey, u64Key } from "../../core/collections/keys.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { boolValue, u64Value } from "../../core/collections/values.js";

/** Store and keys of cosmossdk.io/x/upgrade (types/keys.go). */
export const upgradeSchema = new Schema("upgrade");

/** 0x00 → Plan, while one is to come. */
export const currentPlan = upgradeSchema.item(0, "plan", messageValue(PlanSchema));

/** 0x01 height name → 1, of each upgrade that was carried out. */
export const donePlans = upgradeSchema.map(1, "done", pairKey(u64Key, stringKey), boolValue);

/** 0x02 module name → version of its state. */
export const moduleVersions = upgradeSchema.map(2, "module_versions", stringKey, u64Value);

/** 0x03 → number of upgrades so far. */
export const protocolVersion = upgradeSchema.item(3, "protocol_version", u64Value);
