import { registerError } from "../../../core/errors.js";

/** Codespace, numbers and texts of x/gov/types/errors.go. */
export const GOV_CODESPACE = "gov";

/** Of x/gov before 0.50; its successor shows the text of a storage library instead, without a code. */
export const ErrUnknownProposal = registerError(GOV_CODESPACE, 2, "unknown proposal");
export const ErrInactiveProposal = registerError(GOV_CODESPACE, 3, "inactive proposal");
export const ErrInvalidProposalContent = registerError(GOV_CODESPACE, 5, "invalid proposal content");
export const ErrInvalidProposalType = registerError(GOV_CODESPACE, 6, "invalid proposal type");
export const ErrInvalidVote = registerError(GOV_CODESPACE, 7, "invalid vote option");
export const ErrNoProposalHandlerExists = registerError(GOV_CODESPACE, 9, "no handler exists for proposal type");
export const ErrUnroutableProposalMsg = registerError(GOV_CODESPACE, 10, "proposal message not recognized by router");
export const ErrNoProposalMsgs = registerError(GOV_CODESPACE, 11, "no messages proposed");
export const ErrInvalidProposalMsg = registerError(GOV_CODESPACE, 12, "invalid proposal message");
// 13, ErrInvalidSigner, is ErrInvalidAuthority of core/errors.ts, since every module throws it.
export const ErrMetadataTooLong = registerError(GOV_CODESPACE, 15, "metadata too long");
export const ErrMinDepositTooSmall = registerError(GOV_CODESPACE, 16, "minimum deposit is too small");
export const ErrInvalidProposer = registerError(GOV_CODESPACE, 18, "invalid proposer");
export const ErrVotingPeriodEnded = registerError(GOV_CODESPACE, 20, "voting period already ended");
export const ErrInvalidProposal = registerError(GOV_CODESPACE, 21, "invalid proposal");
export const ErrSummaryTooLong = registerError(GOV_CODESPACE, 22, "summary too long");
export const ErrInvalidDepositDenom = registerError(GOV_CODESPACE, 23, "invalid deposit denom");
