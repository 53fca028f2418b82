import { registerError } from "../../../core/errors.js";

/** Codespace, numbers and texts of cosmos-sdk x/staking/types/errors.go: clients match on them. */
export const STAKING_CODESPACE = "staking";

const error = (code: number, description: string) => registerError(STAKING_CODESPACE, code, description);

export const ErrNoValidatorFound = error(3, "validator does not exist");
export const ErrValidatorOwnerExists = error(
  4,
  "validator already exist for this operator address; must use new validator operator address",
);
export const ErrValidatorPubKeyExists = error(
  5,
  "validator already exist for this pubkey; must use new validator pubkey",
);
export const ErrValidatorPubKeyTypeNotSupported = error(6, "validator pubkey type is not supported");
export const ErrValidatorJailed = error(7, "validator for this address is currently jailed");
export const ErrCommissionNegative = error(9, "commission must be positive");
export const ErrCommissionHuge = error(10, "commission cannot be more than 100%");
export const ErrCommissionGTMaxRate = error(11, "commission cannot be more than the max rate");
export const ErrCommissionUpdateTime = error(12, "commission cannot be changed more than once in 24h");
export const ErrCommissionChangeRateNegative = error(13, "commission change rate must be positive");
export const ErrCommissionChangeRateGTMaxRate = error(14, "commission change rate cannot be more than the max rate");
export const ErrCommissionGTMaxChangeRate = error(15, "commission cannot be changed more than max change rate");
export const ErrSelfDelegationBelowMinimum = error(
  16,
  "validator's self delegation must be greater than their minimum self delegation",
);
export const ErrMinSelfDelegationDecreased = error(17, "minimum self delegation cannot be decrease");
export const ErrNoDelegation = error(19, "no delegation for (address, validator) tuple");
export const ErrNoDelegatorForAddress = error(21, "delegator does not contain delegation");
export const ErrInsufficientShares = error(22, "insufficient delegation shares");
export const ErrNotEnoughDelegationShares = error(24, "not enough delegation shares");
export const ErrMaxUnbondingDelegationEntries = error(
  27,
  "too many unbonding delegation entries for (delegator, validator) tuple",
);
export const ErrSelfRedelegation = error(29, "cannot redelegate to the same validator");
export const ErrTinyRedelegationAmount = error(30, "too few tokens to redelegate (truncates to zero tokens)");
export const ErrBadRedelegationDst = error(31, "redelegation destination validator not found");
export const ErrTransitiveRedelegation = error(
  32,
  "redelegation to this validator already in progress; first redelegation to this validator must complete before next redelegation",
);
export const ErrMaxRedelegationEntries = error(
  33,
  "too many redelegation entries for (delegator, src-validator, dst-validator) tuple",
);
export const ErrDelegatorShareExRateInvalid = error(34, "cannot delegate to validators with invalid (zero) ex-rate");
export const ErrEmptyValidatorPubKey = error(39, "empty validator public key");
export const ErrCommissionLTMinRate = error(40, "commission cannot be less than min rate");
export const ErrBadRedelegationSrc = error(44, "redelegation source validator not found");
