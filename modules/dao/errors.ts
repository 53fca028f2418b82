import { registerError } from "../../core/errors.js";

/** Codespace of what goes beyond cosmos.gov. Clients match on the numbers: never reused, never changed. */
export const DAO_CODESPACE = "dao";

export const ErrInvalidParams = registerError(DAO_CODESPACE, 2, "invalid parameters");
export const ErrTooManyActive = registerError(DAO_CODESPACE, 3, "too many proposals are being voted on");
export const ErrTooManyVotes = registerError(DAO_CODESPACE, 4, "too many votes on active proposals");
