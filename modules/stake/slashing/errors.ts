import { registerError } from "../../../core/errors.js";

/** Codespace, numbers and texts of cosmos-sdk x/slashing/types/errors.go. */
export const SLASHING_CODESPACE = "slashing";

const error = (code: number, description: string) => registerError(SLASHING_CODESPACE, code, description);

export const ErrValidatorJailed = error(4, "validator still jailed; cannot be unjailed");
export const ErrValidatorNotJailed = error(5, "validator not jailed; cannot be unjailed");
export const ErrSelfDelegationTooLowToUnjail = error(
  7,
  "validator's self delegation less than minimum; cannot be unjailed",
);
