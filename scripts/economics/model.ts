import type { Params } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { mulDivFloor } from "../../core/math/amount.js";
import type { Dec } from "../../core/math/dec.js";
import { DEC_ONE, decMulAmountFloor } from "../../core/math/dec.js";
import { nextBaseFee } from "../../modules/tokenomics/base-fee-curve.js";
import type { PricePoint } from "../../modules/tokenomics/clearing.js";
import { clearAuction, timeWeightedPrice } from "../../modules/tokenomics/clearing.js";
import { emissionPool } from "../../modules/tokenomics/emission.js";
import { feeParts } from "../../modules/tokenomics/fees.js";
import type { InflationCurve } from "../../modules/tokenomics/mint/minter.js";
import { annualProvisions, blockProvision, bondedRatio, nextInflation } from "../../modules/tokenomics/mint/minter.js";
import { curveOf } from "../../modules/tokenomics/params.js";
import { releasedAt } from "../../modules/tokenomics/schedule.js";
import { ALL_BPS, splitByBps } from "../../modules/tokenomics/split.js";
import type { Allocation } from "./assumptions.js";
import {
  ALLOCATIONS,
  BLOCKS_PER_DAY,
  DAYS_PER_YEAR,
  INITIAL_SUPPLY,
  MAX_BLOCK_GAS,
  START_BONDED,
  TREASURY_SPENT_PER_YEAR,
} from "./assumptions.js";
import type { Day } from "./stories.js";

/** What of the coins is where, in base units, and the rates of a day. */
export interface Figures {
  readonly supply: bigint;
  /** Neither bonded, nor held back by a schedule, nor in the treasury and the funds beside it. */
  readonly liquid: bigint;
  readonly bonded: bigint;
  /** Since genesis. */
  readonly minted: bigint;
  readonly burned: bigint;
  readonly treasury: bigint;
  /** Of a year. */
  readonly inflation: Dec;
  /** Base units for a unit of gas, at the end of the day. */
  readonly baseFee: Dec;
  /** What stakers get in a year for what is bonded, as things are on this day. */
  readonly stakersYield: number;
}

export interface ChainParams {
  readonly tokenomics: Params;
  readonly inflation: InflationCurve;
  readonly takeRateBps: number;
  readonly takeBurnBps: number;
}

/** The price moves with every block; so many of a day are reckoned, each for many. */
const SAMPLES_PER_DAY = 100;
const SECONDS_PER_DAY = 86_400n;
const BIDS = [DEC_ONE, (DEC_ONE * 97n) / 100n, (DEC_ONE * 93n) / 100n] as const;

/**
 * The coin's economy, day by day. All that the chain decides comes from the functions of modules/tokenomics; what people do is
 * assumed by a story.
 */
export class Economy {
  readonly #params: ChainParams;
  #day = 0;
  #supply = INITIAL_SUPPLY;
  #bonded = START_BONDED;
  #minted = 0n;
  #burned = 0n;
  #treasury = 0n;
  /** Development, reinvestment and community pool. */
  #otherFunds = 0n;
  /** Other coins of the treasury, in millionths of a dollar. */
  #otherCoins = 0n;
  #clearings: PricePoint[] = [];
  #inflation: Dec;
  #baseFee: Dec;
  #yield = 0;

  constructor(params: ChainParams, start: { readonly inflation: Dec }) {
    this.#params = params;
    this.#inflation = start.inflation;
    this.#baseFee = curveOf(params.tokenomics).floor;
  }

  /** What people have: neither held back by a schedule nor in a fund. */
  get #free(): bigint {
    const time = BigInt(this.#day) * SECONDS_PER_DAY;
    const held = ALLOCATIONS.reduce((sum, allocation) => sum + heldBack(allocation, time), 0n);
    return this.#supply - held - this.#treasury - this.#otherFunds;
  }

  get figures(): Figures {
    return {
      supply: this.#supply,
      liquid: this.#free - this.#bonded,
      bonded: this.#bonded,
      minted: this.#minted,
      burned: this.#burned,
      treasury: this.#treasury,
      inflation: this.#inflation,
      baseFee: this.#baseFee,
      stakersYield: this.#yield,
    };
  }

  /** One day of a story. */
  pass(day: Day): void {
    const fees = this.#chargeFees(day);
    const parts = feeParts(fees, this.#params.tokenomics, true);
    this.#burn(parts.burned);
    this.#treasury += parts.treasury;
    this.#otherFunds += parts.development + parts.community;
    this.#trade(day);
    const minted = this.#mint();
    this.#stake(day, minted + parts.stakers + parts.reflections);
    if (day.slashedBps > 0) {
      const slashed = mulDivFloor(this.#bonded, BigInt(day.slashedBps), BigInt(ALL_BPS));
      this.#bonded -= slashed;
      this.#burn(slashed);
    }
    this.#treasury -= mulDivFloor(this.#treasury, TREASURY_SPENT_PER_YEAR, 100n * BigInt(DAYS_PER_YEAR));
    if (day.buyback && this.#day % 7 === 6) this.#buyBack(day);
    this.#day++;
  }

  /** Base units that the day's blocks cost. The dearer gas is, the fewer want it. */
  #chargeFees({ gasDemand, gasAtAnyPrice, halfPrice }: Day): bigint {
    const curve = curveOf(this.#params.tokenomics);
    let fees = 0n;
    for (let i = 0; i < SAMPLES_PER_DAY; i++) {
      const price = Number(this.#baseFee) / 1e18;
      const wanted = gasDemand / (1 + price / halfPrice) + gasAtAnyPrice;
      const gas = BigInt(Math.floor(Math.min(MAX_BLOCK_GAS, wanted)));
      fees += decMulAmountFloor(gas, this.#baseFee);
      this.#baseFee = nextBaseFee(this.#baseFee, gas, curve);
    }
    return (fees * BigInt(BLOCKS_PER_DAY)) / BigInt(SAMPLES_PER_DAY);
  }

  /** The market's take: a part is burned, of which providers get less again; the rest is split. */
  #trade({ volume, inOtherCoinsBps, dollarsPerMillion }: Day): void {
    const { takeRateBps, takeBurnBps, tokenomics } = this.#params;
    const other = mulDivFloor(volume, BigInt(inOtherCoinsBps), BigInt(ALL_BPS));
    const take = mulDivFloor(volume - other, BigInt(takeRateBps), BigInt(ALL_BPS));
    const burned = mulDivFloor(take, BigInt(takeBurnBps), BigInt(ALL_BPS));
    this.#burn(burned);
    this.#make(emissionPool(burned, tokenomics.emission!));
    const { reinvestmentBps, developmentBps } = tokenomics.marketSplit!;
    const split = (amount: bigint) =>
      splitByBps(amount, { reinvestment: reinvestmentBps, development: developmentBps });
    const { parts, rest } = split(take - burned);
    this.#treasury += rest;
    this.#otherFunds += parts.reinvestment + parts.development;
    const otherTake = mulDivFloor(other, BigInt(takeRateBps), BigInt(ALL_BPS));
    this.#otherCoins += mulDivFloor(split(otherTake).rest, dollarsPerMillion, 1_000_000n);
  }

  #mint(): bigint {
    const blocksPerYear = BigInt(DAYS_PER_YEAR);
    const curve = { ...this.#params.inflation, blocksPerYear };
    this.#inflation = nextInflation(this.#inflation, bondedRatio(this.#bonded, this.#supply), curve);
    const minted = blockProvision(annualProvisions(this.#inflation, this.#supply), blocksPerYear);
    this.#make(minted);
    return minted;
  }

  /** The more there is to earn, the more of what is free is bonded; stakers leave faster than they come. */
  #stake({ askedYield, restakedBps }: Day, rewards: bigint): void {
    this.#yield = (Number(rewards) * DAYS_PER_YEAR) / Number(this.#bonded);
    this.#bonded += mulDivFloor(rewards, BigInt(restakedBps), BigInt(ALL_BPS));
    const wanted = this.#yield / (this.#yield + askedYield);
    const gap = BigInt(Math.floor(Number(this.#free) * wanted)) - this.#bonded;
    this.#bonded += gap / (gap > 0n ? 250n : 60n);
  }

  /** A weekly auction of a quarter of the other coins, at one price; the reserve follows the prices before. */
  #buyBack({ dollarsPerMillion }: Day): void {
    const lot = this.#otherCoins / 4n;
    if (lot === 0n) return;
    const now = BigInt(this.#day) * SECONDS_PER_DAY;
    // Base units of the coin for a millionth of a dollar.
    const fair = (DEC_ONE * 1_000_000n) / dollarsPerMillion;
    const discount = BigInt(ALL_BPS - this.#params.tokenomics.buyback!.maxDiscountBps);
    const reserve = ((timeWeightedPrice(this.#clearings, now) ?? 0n) * discount) / BigInt(ALL_BPS);
    const bids = BIDS.map((share, number) => ({
      bidder: `bidder ${number}`,
      number,
      quantity: lot / 2n + 1n,
      price: ((fair * share) / DEC_ONE) as Dec,
    })).filter(({ price }) => price >= reserve);
    const { price, sold, fills } = clearAuction(lot, bids);
    if (sold > 0n) this.#clearings = [...this.#clearings.slice(-7), { time: now, price }];
    this.#otherCoins -= sold;
    this.#burn(fills.reduce((sum, { cost }) => sum + cost, 0n));
  }

  #make(amount: bigint): void {
    this.#supply += amount;
    this.#minted += amount;
  }

  #burn(amount: bigint): void {
    this.#supply -= amount;
    this.#burned += amount;
  }
}

function heldBack({ total, schedule }: Allocation, time: bigint): bigint {
  return total - releasedAt(total, schedule, time);
}
