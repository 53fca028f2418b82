import { registerError } from "../../../core/errors.js";

/** x/distribution/types/errors.go. */
const CODESPACE = "distribution";

export const ErrEmptyDelegatorAddr = registerError(CODESPACE, 2, "delegator address is empty");
export const ErrEmptyWithdrawAddr = registerError(CODESPACE, 3, "withdraw address is empty");
export const ErrEmptyValidatorAddr = registerError(CODESPACE, 4, "validator address is empty");
export const ErrEmptyDelegationDistInfo = registerError(CODESPACE, 5, "no delegation distribution info");
export const ErrNoValidatorDistInfo = registerError(CODESPACE, 6, "no validator distribution info");
export const ErrNoValidatorCommission = registerError(CODESPACE, 7, "no validator commission to withdraw");
export const ErrSetWithdrawAddrDisabled = registerError(CODESPACE, 8, "set withdraw address disabled");
export const ErrBadDistribution = registerError(
  CODESPACE,
  9,
  "community pool does not have sufficient coins to distribute",
);
export const ErrInvalidProposalAmount = registerError(CODESPACE, 10, "invalid community pool spend proposal amount");
export const ErrEmptyProposalRecipient = registerError(
  CODESPACE,
  11,
  "invalid community pool spend proposal recipient",
);
export const ErrNoValidatorExists = registerError(CODESPACE, 12, "validator does not exist");
export const ErrNoDelegationExists = registerError(CODESPACE, 13, "delegation does not exist");
