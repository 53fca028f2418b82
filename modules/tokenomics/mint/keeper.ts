import type { Minter, Params } from "@computronium/proto/cosmos/mint/v1beta1/mint_pb.js";
import { MinterSchema } from "@computronium/proto/cosmos/mint/v1beta1/mint_pb.js";

import type { AccAddress, Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import type { StoreReader } from "../../../core/collections/collections.js";
import { minAmount } from "../../../core/math/amount.js";
import type { Dec } from "../../../core/math/dec.js";
import { formatDec } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { event } from "../../../core/runtime/events.js";
import type { Bank, MintingPurse, Staking } from "../expected.js";
import { annualProvisions, blockProvision, bondedRatio, nextInflation } from "./minter.js";
import { inflationCurve } from "./params.js";
import { minter, mintParams } from "./state.js";

/** State without what genesis always writes. It means that the database is damaged. */
export class MissingMinterError extends Error {
  override readonly name = "MissingMinterError";
}

export interface MintDeps {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
  readonly bank: Bank;
  /** Of the account `mint`. */
  readonly purse: MintingPurse;
  /** Where distribution finds what is minted. */
  readonly feeCollector: AccAddress;
  readonly staking: Pick<Staking, "totalBonded" | "bondDenom">;
  /** How much may still be minted of the chain's denom. */
  readonly headroom: (ctx: ReadContext) => bigint;
}

/** Inflation by the schedule of cosmos-sdk 0.53 x/mint, to the last 10^-18. */
export class MintKeeper {
  readonly deps: MintDeps;

  constructor(deps: MintDeps) {
    this.deps = deps;
  }

  params(ctx: StoreReader): Params {
    return required(mintParams.get(ctx));
  }

  minter(ctx: StoreReader): Minter {
    return required(minter.get(ctx));
  }

  /**
   * Mints what the block brings. As long as nothing is bonded there is nobody whom it could pay, so nothing is minted and the
   * inflation stands still: the one difference from x/mint, which never meets that.
   */
  beginBlock(ctx: Context): void {
    const { bank, purse, feeCollector, staking, headroom } = this.deps;
    const bonded = staking.totalBonded(ctx);
    if (bonded === 0n) return;
    const params = this.params(ctx);
    const supply = bank.supplyOf(ctx, staking.bondDenom(ctx));
    const ratio = bondedRatio(bonded, supply);
    const before = BigInt(this.minter(ctx).inflation) as Dec;
    const inflation = nextInflation(before, ratio, inflationCurve(params));
    const provisions = annualProvisions(inflation, supply);
    minter.set(ctx, create(MinterSchema, { inflation: inflation.toString(), annualProvisions: provisions.toString() }));
    const amount = minAmount(blockProvision(provisions, params.blocksPerYear), headroom(ctx));
    if (amount > 0n) {
      const coin = { denom: params.mintDenom, amount };
      purse.mint(ctx, coin);
      purse.pay(ctx, feeCollector, coin);
    }
    ctx.events.emit(
      event(
        "mint",
        ["bonded_ratio", formatDec(ratio)],
        ["inflation", formatDec(inflation)],
        ["annual_provisions", formatDec(provisions)],
        ["amount", amount.toString()],
      ),
    );
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new MissingMinterError("mint has no state: genesis was not run");
  return value;
}
