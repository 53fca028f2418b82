import type { AccAddress } from "../../core/address.js";

/** Work that was settled without a dispute: all that emission learns of. Only a module that settled it can make it. */
export interface SettledWork {
  readonly provider: AccAddress;
  /** What was burned of its payment. */
  readonly burned: { readonly denom: string; readonly amount: bigint };
}

/** Module accounts of this module, and those whose coins it splits or spends. */
export const TOKENOMICS_ACCOUNT = "tokenomics";
export const MINT_ACCOUNT = "mint";
export const ALLOCATIONS_ACCOUNT = "allocations";
export const REFLECTIONS_ACCOUNT = "reflections";
export const BUYBACK_ACCOUNT = "buyback";
export const DEVELOPMENT_ACCOUNT = "development";
export const REINVESTMENT_ACCOUNT = "reinvestment";
export const MARKET_REVENUE_ACCOUNT = "market_revenue";
export const TREASURY_ACCOUNT = "treasury";
