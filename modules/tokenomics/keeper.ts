import type { Params } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import type { QuerySupplyOverviewResponse } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import type { StoreReader } from "../../core/collections/collections.js";
import { maxAmount } from "../../core/math/amount.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { Allocations } from "./allocations.js";
import { adoptBaseFeeParams, moveBaseFee } from "./base-fee.js";
import { Buyback } from "./buyback.js";
import { Emission } from "./emission.js";
import type {
  Bank,
  BurningPurse,
  CommunityPool,
  Delegate,
  Denoms,
  MintingPurse,
  Purse,
  Staking,
  Vesting,
} from "./expected.js";
import type { FeeAccounts } from "./fees.js";
import { handOverStakersFees, splitFees, splitMarketRevenue } from "./fees.js";
import { supplyOverview } from "./overview.js";
import { amountInState } from "./params.js";
import { Reflections } from "./reflections.js";
import { params } from "./state.js";
import type { SupplyCounters } from "./supply.js";

/** State without what genesis always writes. It means that the database is damaged. */
export class MissingStateError extends Error {
  override readonly name = "MissingStateError";
}

export interface TokenomicsDeps {
  readonly addresses: Addresses;
  /** May change the parameters and spend: the account of the governance module. */
  readonly authority: AccAddress;
  readonly denoms: (ctx: StoreReader) => Denoms;
  readonly bank: Bank;
  readonly vesting: Vesting;
  readonly counters: SupplyCounters;
  readonly staking: Staking;
  readonly delegate: Delegate;
  readonly community: CommunityPool;
  readonly communityPoolOf: (ctx: ReadContext, denom: string) => bigint;
  readonly moduleAccounts: ReadonlyMap<string, { readonly address: AccAddress }>;
  readonly purses: {
    readonly feeCollector: Purse;
    /** Of the module itself: it makes what is emitted, and burns. */
    readonly tokenomics: MintingPurse;
    readonly allocations: Purse;
    readonly reflections: Purse;
    readonly buyback: BurningPurse;
    readonly treasury: Purse;
    readonly development: Purse;
    readonly reinvestment: Purse;
    readonly marketRevenue: Purse;
  };
}

/** Above any amount that a chain could have. */
const UNBOUNDED = 1n << 255n;

/** The economy of the chain's coin: the only writer of its state outside genesis. */
export class TokenomicsKeeper {
  readonly deps: TokenomicsDeps;
  readonly allocations: Allocations;
  readonly reflections: Reflections;
  readonly emission: Emission;
  readonly buyback: Buyback;
  readonly #feeAccounts: FeeAccounts;

  constructor(deps: TokenomicsDeps) {
    const { addresses, purses, staking, delegate } = deps;
    const denomOf = (ctx: StoreReader) => deps.denoms(ctx).baseDenom;
    this.deps = deps;
    this.allocations = new Allocations({ purse: purses.allocations, addresses, denomOf });
    this.reflections = new Reflections({ purse: purses.reflections, addresses, staking, delegate, denomOf });
    this.emission = new Emission({
      purse: purses.tokenomics,
      addresses,
      denomOf,
      paramsOf: (ctx) => this.params(ctx).emission!,
      headroom: (ctx) => this.headroom(ctx),
    });
    this.buyback = new Buyback({
      purse: purses.buyback,
      treasury: purses.treasury,
      addresses,
      denomOf,
      paramsOf: (ctx) => this.params(ctx).buyback!,
    });
    this.#feeAccounts = {
      feeCollector: purses.feeCollector,
      marketRevenue: purses.marketRevenue,
      own: purses.tokenomics,
      treasury: purses.treasury.address,
      development: purses.development.address,
      reinvestment: purses.reinvestment.address,
      community: deps.community,
      reflect: (ctx, from, coin) => this.reflections.take(ctx, from, coin),
    };
  }

  params(ctx: StoreReader): Params {
    const current = params.get(ctx);
    if (current === undefined) throw new MissingStateError("tokenomics has no parameters");
    return current;
  }

  /** Sets parameters that were checked. The base fee follows at once. */
  setParams(ctx: Context, value: Params): void {
    params.set(ctx, value);
    adoptBaseFeeParams(ctx, value);
  }

  /** How much of the chain's denom may still be minted. */
  headroom(ctx: StoreReader): bigint {
    const bound = amountInState(this.params(ctx).maxSupply);
    if (bound === 0n) return UNBOUNDED;
    return maxAmount(bound - this.deps.bank.supplyOf(ctx, this.deps.denoms(ctx).baseDenom), 0n);
  }

  supplyOverview(ctx: ReadContext): QuerySupplyOverviewResponse {
    const { bank, vesting, counters, moduleAccounts, communityPoolOf, denoms } = this.deps;
    const { allocations } = this;
    return supplyOverview(ctx, denoms(ctx).baseDenom, {
      bank,
      vesting,
      counters,
      allocations,
      moduleAccounts,
      communityPool: communityPoolOf,
    });
  }

  /** Before distribution, which takes what is in the fee collector. In the first block it takes nothing: there was none before. */
  beginBlock(ctx: Context): void {
    if (ctx.block.height > 1n) handOverStakersFees(ctx, this.#feeAccounts);
  }

  endBlock(ctx: Context): void {
    const current = this.params(ctx);
    splitFees(ctx, this.#feeAccounts, current, this.deps.denoms(ctx).baseDenom);
    splitMarketRevenue(ctx, this.#feeAccounts, current);
    this.reflections.reflect(ctx);
    moveBaseFee(ctx, current, ctx.block.gasUsed ?? 0n);
    this.emission.endBlock(ctx);
    this.buyback.endBlock(ctx);
  }
}
