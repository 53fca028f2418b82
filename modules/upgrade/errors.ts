import { registerError } from "../../core/errors.js";

/** Numbers and texts of cosmossdk.io/x/upgrade/types/errors.go. */
export const ErrModuleVersionNotFound = registerError("upgrade", 2, "module version not found");
export const ErrInvalidSigner = registerError(
  "upgrade",
  6,
  "expected authority account as only signer for proposal message",
);
