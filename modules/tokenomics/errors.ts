import { registerError } from "../../core/errors.js";

/** Errors of this module. Clients match on the numbers: never reused, never changed. */
export const TOKENOMICS_CODESPACE = "tokenomics";

export const ErrInvalidParams = registerError(TOKENOMICS_CODESPACE, 2, "invalid parameters");
export const ErrInvalidAmount = registerError(TOKENOMICS_CODESPACE, 3, "invalid amount");

export const ErrAllocationNotFound = registerError(TOKENOMICS_CODESPACE, 10, "allocation not found");
export const ErrNotReleased = registerError(TOKENOMICS_CODESPACE, 11, "not released yet");
export const ErrNotBeneficiary = registerError(TOKENOMICS_CODESPACE, 12, "not the beneficiary of the allocation");
export const ErrHasBeneficiary = registerError(TOKENOMICS_CODESPACE, 13, "the allocation belongs to its beneficiary");
export const ErrInvalidSchedule = registerError(TOKENOMICS_CODESPACE, 14, "invalid schedule");
export const ErrInvalidFund = registerError(TOKENOMICS_CODESPACE, 15, "no such fund");
export const ErrInvalidRecipient = registerError(
  TOKENOMICS_CODESPACE,
  16,
  "the recipient takes coins of its module only",
);

export const ErrNothingToClaim = registerError(TOKENOMICS_CODESPACE, 20, "nothing to claim");

export const ErrAuctionNotFound = registerError(TOKENOMICS_CODESPACE, 30, "auction not found");
export const ErrAuctionPhase = registerError(TOKENOMICS_CODESPACE, 31, "the auction is in another phase");
export const ErrBidExists = registerError(TOKENOMICS_CODESPACE, 32, "bid exists already");
export const ErrBidNotFound = registerError(TOKENOMICS_CODESPACE, 33, "bid not found");
export const ErrTooManyBids = registerError(TOKENOMICS_CODESPACE, 34, "the auction has too many bids");
export const ErrDepositTooSmall = registerError(TOKENOMICS_CODESPACE, 35, "deposit too small");
export const ErrWrongOpening = registerError(TOKENOMICS_CODESPACE, 36, "not what was sealed");
export const ErrBidTooLow = registerError(TOKENOMICS_CODESPACE, 37, "bid below the reserve price");
export const ErrInvalidCommitment = registerError(TOKENOMICS_CODESPACE, 38, "invalid commitment");
