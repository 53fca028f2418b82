import type { Grant } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import { GrantSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";

import type { AccAddress } from "../../core/address.js";
import { concatBytes } from "../../core/bytes.js";
import { brandedBytesKey, pairKey, stringKey, timeKey } from "../../core/collections/keys.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { nanosOf } from "../../core/runtime/timestamps.js";

/** Store of cosmos-sdk 0.53 x/authz. */
export const authzSchema = new Schema("authz");

const addressKey = brandedBytesKey<AccAddress>();

/** (granter, (grantee, type URL)): a grant is for one type of message, or for a mandate under the type URL of that. */
export type GrantKey = readonly [granter: AccAddress, rest: readonly [grantee: AccAddress, msgTypeUrl: string]];

const restKey = pairKey(addressKey, stringKey);
export const grantKey = pairKey(addressKey, restKey);

/** What the keys of all grants of a granter to a grantee begin with. */
export function pairPrefix(granter: AccAddress, grantee: AccAddress) {
  return concatBytes(grantKey.prefix(granter), restKey.prefix(grantee));
}

/** Unix nanoseconds from which on a grant does not hold; undefined for one that holds until it is revoked. */
export function expiryOf({ expiration }: Pick<Grant, "expiration">): bigint | undefined {
  return expiration === undefined ? undefined : nanosOf(expiration);
}

/** 0x02 (expiry, grant): the order in which grants are removed. */
export const grantsByExpiry = authzSchema.index(
  2,
  "grants_by_expiry",
  timeKey,
  grantKey,
  (_key: GrantKey, grant: Grant) => expiryOf(grant),
);

/** 0x03 (grantee, grant), for the query of what somebody may do for others. */
export const grantsByGrantee = authzSchema.index(
  3,
  "grants_by_grantee",
  addressKey,
  grantKey,
  ([, [grantee]]: GrantKey, grant: Grant) => (grant.authorization === undefined ? undefined : grantee),
);

/** 0x01 granter, grantee, type URL → Grant. */
export const grants = authzSchema.indexedMap(1, "grants", grantKey, messageValue(GrantSchema), [
  grantsByExpiry,
  grantsByGrantee,
]);
