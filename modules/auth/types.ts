import type { AccAddress } from "../../core/address.js";
import { moduleAddress } from "../../core/address.js";

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
}

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

export function governanceAddress(): AccAddress {
  return moduleAddress(GOVERNANCE_MODULE);
}
