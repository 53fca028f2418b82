import type { Any } from "@bufbuild/protobuf/wkt";

import type { Addresses } from "../../../core/address.js";
import { unpackAny } from "../../../core/codec/registry.js";
import { ErrInvalidType } from "../../../core/errors.js";
import type { MarketplaceReader } from "../expected.js";
import { genericAuthorization } from "./generic.js";
import type { AuthorizationKind, TypedAuthorization } from "./kind.js";
import { sendAuthorization } from "./send.js";
import { spendAuthorization } from "./spend.js";
import { stakeAuthorization } from "./stake.js";

export type { Accepted, AuthorizationKind, Request, TypedAuthorization } from "./kind.js";
export { isMarketSpending, SPEND_AUTHORIZATION } from "./spend.js";

/** Reads the authorization of a grant. Throws `sdk` 29 where there is none, or of a kind that this chain does not have. */
export type ReadAuthorization = (any: Any | undefined) => TypedAuthorization;

/** All kinds of authorizations. */
export function authorizationReader(addresses: Addresses, market: MarketplaceReader): ReadAuthorization {
  const all = [genericAuthorization, sendAuthorization, stakeAuthorization, spendAuthorization(addresses, market)];
  const kinds = new Map<string, AuthorizationKind>(all.map((kind) => [kind.schema.typeName, kind]));
  return (any) => {
    if (any === undefined) throw ErrInvalidType.with("authorization is nil");
    const kind = kinds.get(any.typeUrl.slice(1));
    if (kind === undefined || !any.typeUrl.startsWith("/")) {
      throw ErrInvalidType.with(`"${any.typeUrl}" is no authorization: ${[...kinds.keys()].join(", ")} are`);
    }
    return { kind, value: unpackAny(any).value };
  };
}
