import { registerError } from "../../core/errors.js";

/** Errors of this module. Clients match on the numbers: never reused, never changed. */
export const MARKETPLACE_CODESPACE = "marketplace";

export const ErrInvalidAttributes = registerError(MARKETPLACE_CODESPACE, 2, "invalid provider attributes");
export const ErrInvalidRate = registerError(MARKETPLACE_CODESPACE, 3, "invalid rate");
export const ErrInvalidAmount = registerError(MARKETPLACE_CODESPACE, 4, "invalid amount");
export const ErrInvalidRequirements = registerError(MARKETPLACE_CODESPACE, 5, "invalid requirements");
export const ErrInvalidHash = registerError(MARKETPLACE_CODESPACE, 6, "invalid hash");
export const ErrInvalidEndpoint = registerError(MARKETPLACE_CODESPACE, 7, "invalid endpoint");
export const ErrInvalidDuration = registerError(MARKETPLACE_CODESPACE, 8, "invalid duration");
export const ErrInvalidJob = registerError(MARKETPLACE_CODESPACE, 9, "invalid job");
export const ErrInvalidParams = registerError(MARKETPLACE_CODESPACE, 10, "invalid parameters");

export const ErrProviderExists = registerError(MARKETPLACE_CODESPACE, 20, "provider is registered already");
export const ErrProviderNotFound = registerError(MARKETPLACE_CODESPACE, 21, "provider not found");
export const ErrProviderNotOnline = registerError(MARKETPLACE_CODESPACE, 22, "provider is not online");
export const ErrBondTooSmall = registerError(MARKETPLACE_CODESPACE, 23, "bond too small");
export const ErrOpenLeases = registerError(MARKETPLACE_CODESPACE, 24, "provider has open leases");
export const ErrTooManyLeases = registerError(MARKETPLACE_CODESPACE, 25, "provider has too many open leases");
export const ErrProviderUnbonding = registerError(MARKETPLACE_CODESPACE, 26, "provider is unbonding");

export const ErrOrderNotFound = registerError(MARKETPLACE_CODESPACE, 40, "order not found");
export const ErrOrderNotOpen = registerError(MARKETPLACE_CODESPACE, 41, "order is not open");
export const ErrNotOwner = registerError(MARKETPLACE_CODESPACE, 42, "not the owner of the order");
export const ErrTooManyOrders = registerError(MARKETPLACE_CODESPACE, 43, "too many open orders");
export const ErrDenomNotAccepted = registerError(MARKETPLACE_CODESPACE, 44, "denom is not accepted");
export const ErrBudgetTooSmall = registerError(MARKETPLACE_CODESPACE, 45, "budget too small");

export const ErrBidNotFound = registerError(MARKETPLACE_CODESPACE, 60, "bid not found");
export const ErrBidNotOpen = registerError(MARKETPLACE_CODESPACE, 61, "bid is not open");
export const ErrPriceAboveMax = registerError(MARKETPLACE_CODESPACE, 62, "price is above the maximum of the order");
export const ErrRequirementsNotMet = registerError(
  MARKETPLACE_CODESPACE,
  63,
  "provider does not meet the requirements",
);
export const ErrTrustTooLow = registerError(MARKETPLACE_CODESPACE, 64, "reputation of the provider is too low");
export const ErrTooManyBids = registerError(MARKETPLACE_CODESPACE, 65, "order has too many bids");
export const ErrSelfDealing = registerError(MARKETPLACE_CODESPACE, 66, "provider and tenant are the same account");
export const ErrPriceChanged = registerError(MARKETPLACE_CODESPACE, 67, "price of the bid is another one");

export const ErrLeaseNotFound = registerError(MARKETPLACE_CODESPACE, 80, "lease not found");
export const ErrLeaseState = registerError(MARKETPLACE_CODESPACE, 81, "lease is in a state that does not allow it");
export const ErrNotTenant = registerError(MARKETPLACE_CODESPACE, 82, "not the tenant of the lease");
export const ErrNotProvider = registerError(MARKETPLACE_CODESPACE, 83, "not the provider of the lease");
export const ErrManifestMismatch = registerError(MARKETPLACE_CODESPACE, 84, "manifest is not that of the order");
export const ErrUsageSequence = registerError(
  MARKETPLACE_CODESPACE,
  85,
  "number of the claim is not above the last one",
);
export const ErrUsageDecreasing = registerError(MARKETPLACE_CODESPACE, 86, "usage cannot become less");
export const ErrUsageNotClaimed = registerError(MARKETPLACE_CODESPACE, 87, "usage was not claimed");
export const ErrResultExists = registerError(MARKETPLACE_CODESPACE, 88, "result was delivered already");

export const ErrEscrowNotFound = registerError(MARKETPLACE_CODESPACE, 100, "escrow account not found");
