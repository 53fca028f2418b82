import type { AccAddress, Addresses } from "../../../core/address.js";
import type { StakingReader } from "../types.js";
import type { BankReader, CollectedFees, Purse } from "./expected.js";

/** What distribution works with; put together in `app.ts`. */
export interface DistributionDeps {
  readonly addresses: Addresses;
  /** Whoever may change parameters and spend the community pool. */
  readonly authority: AccAddress;
  readonly staking: StakingReader;
  readonly bank: BankReader;
  /** Of the account that holds all rewards and the community pool. */
  readonly purse: Purse;
  readonly fees: CollectedFees;
}

/** State that contradicts itself. It means a fault of this program, or a damaged database: the node must not go on. */
export class CorruptDistributionError extends Error {
  override readonly name = "CorruptDistributionError";
}

/** Kinds of coins in the community pool and in rewards: every block walks over them. */
export const MAX_DENOMS = 64;

/**
 * Base units of one denom that validators are given at a time. Far beyond any supply that means something, and so far below
 * 2^256 that what a unit of stake has earned, a sum over all times, stays within a decimal even where all stake is one unit.
 */
export const MAX_REWARD = 1n << 192n;
