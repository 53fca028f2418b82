import type { Grant } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import { GrantSchema } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";

import type { AccAddress } from "../../core/address.js";
import { brandedBytesKey, lengthPrefixedBytesKey, pairKey, timeKey } from "../../core/collections/keys.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { expiryOf, readAllowance } from "./allowances.js";

/** Store and keys of cosmossdk.io/x/feegrant; the queue and the index of granters are ours. */
export const feegrantSchema = new Schema("feegrant");

export type AllowanceKey = readonly [grantee: AccAddress, granter: AccAddress];

export const allowanceKey = pairKey(brandedBytesKey<AccAddress>(), lengthPrefixedBytesKey<AccAddress>());

/** 0x01 (the last moment at which it holds, grantee, granter): the order in which allowances are removed. */
export const allowancesByExpiry = feegrantSchema.index(
  1,
  "allowances_by_expiry",
  timeKey,
  allowanceKey,
  (_key: AllowanceKey, grant: Grant) => expiryOf(readAllowance(grant.allowance)),
);

/** 0x02 (granter, grantee, granter), for the query of what somebody has granted. */
export const allowancesByGranter = feegrantSchema.index(
  2,
  "allowances_by_granter",
  brandedBytesKey<AccAddress>(),
  allowanceKey,
  ([, granter]: AllowanceKey, grant: Grant) => (grant.allowance === undefined ? undefined : granter),
);

/** 0x00 grantee, granter → Grant. */
export const allowances = feegrantSchema.indexedMap(0, "allowances", allowanceKey, messageValue(GrantSchema), [
  allowancesByExpiry,
  allowancesByGranter,
]);
