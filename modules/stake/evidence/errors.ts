import { registerError } from "../../../core/errors.js";

/** Codespace, numbers and texts of cosmossdk.io/x/evidence/types/errors.go. */
export const EVIDENCE_CODESPACE = "evidence";

export const ErrNoEvidenceHandlerExists = registerError(
  EVIDENCE_CODESPACE,
  2,
  "unregistered handler for evidence type",
);
export const ErrInvalidEvidence = registerError(EVIDENCE_CODESPACE, 3, "invalid evidence");
export const ErrEvidenceExists = registerError(EVIDENCE_CODESPACE, 5, "evidence already exists");
