import { GenericAuthorizationSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";

import { ErrInvalidRequest } from "../../../core/errors.js";
import { authorizationKind } from "./kind.js";

/** Any message of one type; x/authz/generic_authorization.go. */
export const genericAuthorization = authorizationKind({
  schema: GenericAuthorizationSchema,
  msgTypeUrl: ({ msg }) => msg,
  check({ msg }) {
    if (msg === "") throw ErrInvalidRequest.with("msg type cannot be empty");
  },
  accept: () => "kept",
});
