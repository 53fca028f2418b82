import { registerError } from "../../core/errors.js";

/** cosmossdk.io/x/feegrant, errors.go. */
const CODESPACE = "feegrant";

export const ErrFeeLimitExceeded = registerError(CODESPACE, 2, "fee limit exceeded");
export const ErrFeeLimitExpired = registerError(CODESPACE, 3, "fee allowance expired");
export const ErrInvalidDuration = registerError(CODESPACE, 4, "invalid duration");
export const ErrNoAllowance = registerError(CODESPACE, 5, "no allowance");
export const ErrNoMessages = registerError(CODESPACE, 6, "allowed messages are empty");
export const ErrMessageNotAllowed = registerError(CODESPACE, 7, "message not allowed");
