import type { AccAddress } from "../../core/address.js";
import { moduleAddress } from "../../core/address.js";
import type { Coins } from "../../core/math/coins.js";

/** A public key as `Any` carries it: a type URL and the key's message. */
export interface AnyPubKey {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** What every account has. */
export interface Account {
  readonly address: AccAddress;
  /** Missing until the account signed its first transaction. */
  readonly pubKey: AnyPubKey | undefined;
  readonly accountNumber: bigint;
  /** The sequence number that its next ordered transaction must have. */
  readonly sequence: bigint;
  /** Set for the account of a module, which never signs. */
  readonly module?: ModuleIdentity;
  /** Set for an account whose owner cannot spend all of it yet. Never together with `module`, and for good. */
  readonly vesting?: Vesting;
}

/** What an account was given locked, and how it is set free; cosmos.vesting.v1beta1.BaseVestingAccount. */
export interface Vesting {
  readonly schedule: VestingSchedule;
  readonly original: Coins;
  /** Of what is delegated, the part that was free, and the part that was locked when it was delegated. */
  readonly delegatedFree: Coins;
  readonly delegatedVesting: Coins;
  /** Unix seconds from which on all is free; 0 for `permanent`, where nothing ever is. */
  readonly endTime: bigint;
}

/** Times are Unix seconds. */
export type VestingSchedule =
  | { readonly kind: "continuous"; readonly startTime: bigint }
  | { readonly kind: "delayed" }
  | { readonly kind: "periodic"; readonly startTime: bigint; readonly periods: readonly VestingPeriod[] }
  | { readonly kind: "permanent" };

/** One step of a periodic schedule: `amount` is free `length` seconds after the period before it. */
export interface VestingPeriod {
  readonly length: bigint;
  readonly amount: Coins;
}

/** Periods of one account, so that no spending of it costs more than a bounded walk over them. */
export const MAX_VESTING_PERIODS = 1000;

export interface ModuleIdentity {
  readonly name: string;
  readonly permissions: readonly ModulePermission[];
}

/** What a module account may do beyond holding coins; x/auth/types/permissions.go. */
export type ModulePermission = "minter" | "burner" | "staking";

export const MODULE_PERMISSIONS: readonly ModulePermission[] = ["minter", "burner", "staking"];

export interface AuthParams {
  readonly maxMemoCharacters: bigint;
  readonly txSigLimit: bigint;
  readonly txSizeCostPerByte: bigint;
  readonly sigVerifyCostEd25519: bigint;
  readonly sigVerifyCostSecp256k1: bigint;
}

/** The module account that takes the fees of transactions. */
export const FEE_COLLECTOR = "fee_collector";

/** Where governance acts from. Its messages alone change parameters. */
export const GOVERNANCE_MODULE = "gov";

/** A module account that the chain has. Declared where the chain is put together. */
export interface ModuleAccountSpec {
  readonly name: string;
  readonly permissions: readonly ModulePermission[];
}

/** The largest sequence number of an account, and the largest account number. */
export const MAX_U64 = (1n << 64n) - 1n;

/** The last second that a protobuf `int64` can tell. */
export const MAX_TIME = (1n << 63n) - 1n;

export function governanceAddress(): AccAddress {
  return moduleAddress(GOVERNANCE_MODULE);
}
