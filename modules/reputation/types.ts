import type { AccAddress } from "../../core/address.js";

/** How a lease or a purchase went, as far as the provider can help it. */
export type ReceiptOutcome = "good" | "bad";

/** A settled dealing: all that reputation learns of. Only a module that settled one can make it. */
export interface Receipt {
  readonly provider: AccAddress;
  readonly tenant: AccAddress;
  /** Kind of resource, such as `compute/data-centre`. */
  readonly kind: string;
  readonly outcome: ReceiptOutcome;
  /**
   * What the outcome cost those who could have made it up, and what the receipt weighs by: for a good one the fees that the
   * chain took from the payment, for a bad one what the provider lost of its bond.
   */
  readonly cost: { readonly denom: string; readonly amount: bigint };
  /** Seconds of settled work. */
  readonly seconds: bigint;
}
