import type { AccAddress } from "../../../core/address.js";
import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";
import type { StoreReader } from "../../../core/collections/collections.js";
import type { Coin } from "../../../core/math/coins.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";

/** The purse of a pool of stake; the bank's StakingPurse. Amounts are positive. All throw `sdk` 5 where there is too little. */
export interface StakePurse {
  readonly address: AccAddress;
  /** From an account into the pool; what vesting locks goes first. */
  delegate(ctx: Context, from: AccAddress, coin: Coin): void;
  /** Back to an account, where vesting locks again what it locked before. */
  undelegate(ctx: Context, to: AccAddress, coin: Coin): void;
  /** To another module's account. */
  pay(ctx: Context, to: AccAddress, coin: Coin): void;
  /** Out of existence. */
  burn(ctx: Context, coin: Coin): void;
  balance(ctx: ReadContext, denom: string): bigint;
}

/** Makes the account of a pool where genesis names none. */
export type EnsureAccount = (ctx: Context, moduleName: string) => void;

export type ReadConsensusParams = (stores: StoreReader) => ConsensusParams | undefined;
