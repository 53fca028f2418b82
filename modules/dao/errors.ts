import { registerError } from "../../core/errors.js";

/** Codespace of what goes beyond cosmos.gov. Clients match on the numbers: never reused, never changed. */
export const DAO_CODESPACE = "dao";

export const ErrInvalidParams = registerError(DAO_CODESPACE, 2, "invalid parameters");
export const ErrTooManyActive = registerError(DAO_CODESPACE, 3, "too many proposals are being voted on");
export const ErrTooManyVotes = registerError(DAO_CODESPACE, 4, "too many votes on active proposals");
export const ErrOverBudget = registerError(DAO_CODESPACE, 5, "more than the budget allows");
export const ErrBudgetNotOpen = registerError(DAO_CODESPACE, 6, "the budget is not open");
export const ErrWrongState = registerError(DAO_CODESPACE, 7, "not possible in this state");
export const ErrTooLate = registerError(DAO_CODESPACE, 8, "the deadline has passed");
export const ErrNotPausable = registerError(DAO_CODESPACE, 9, "the guardian cannot pause this");
