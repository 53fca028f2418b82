import { registerError } from "../../core/errors.js";

/** Errors of this module. Clients match on the numbers: never reused, never changed. */
export const REPUTATION_CODESPACE = "reputation";

export const ErrInvalidParams = registerError(REPUTATION_CODESPACE, 2, "invalid parameters");
export const ErrInvalidKind = registerError(REPUTATION_CODESPACE, 3, "invalid kind of resource");
