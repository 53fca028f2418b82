import { registerError } from "../../core/errors.js";

/** x/authz/errors.go. */
const CODESPACE = "authz";

export const ErrNoAuthorizationFound = registerError(CODESPACE, 2, "authorization not found");
export const ErrInvalidExpirationTime = registerError(
  CODESPACE,
  3,
  "expiration time of authorization should be more than current time",
);
export const ErrUnknownAuthorizationType = registerError(CODESPACE, 4, "unknown authorization type");
export const ErrNoGrantKeyFound = registerError(CODESPACE, 5, "grant key not found");
export const ErrAuthorizationExpired = registerError(CODESPACE, 6, "authorization expired");
export const ErrGranteeIsGranter = registerError(CODESPACE, 7, "grantee and granter should be different");
export const ErrAuthorizationNumOfSigners = registerError(
  CODESPACE,
  9,
  "authorization can be given to msg with only one signer",
);
export const ErrNegativeMaxTokens = registerError(CODESPACE, 12, "max tokens should be positive");

/** Ours; the SDK's numbers end with 12. */
export const ErrTooDeep = registerError(CODESPACE, 101, "messages are nested too deep");
export const ErrOutsideMandate = registerError(CODESPACE, 102, "the spending authorization does not cover it");
