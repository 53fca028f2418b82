import { registerError } from "../../core/errors.js";

/** x/bank/types/errors.go. */
const CODESPACE = "bank";

export const ErrNoInputs = registerError(CODESPACE, 2, "no inputs to send transaction");
export const ErrNoOutputs = registerError(CODESPACE, 3, "no outputs to send transaction");
export const ErrInputOutputMismatch = registerError(CODESPACE, 4, "sum inputs != sum outputs");
export const ErrSendDisabled = registerError(CODESPACE, 5, "send transactions are disabled");
export const ErrDenomMetadataNotFound = registerError(CODESPACE, 6, "client denom metadata not found");
export const ErrInvalidKey = registerError(CODESPACE, 7, "invalid key");
export const ErrDuplicateEntry = registerError(CODESPACE, 8, "duplicate entry");
export const ErrMultipleSenders = registerError(CODESPACE, 9, "multiple senders not allowed");
