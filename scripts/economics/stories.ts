import { COIN, DAYS_PER_YEAR } from "./assumptions.js";

/** What people do on a day. */
export interface Day {
  /** Gas that the transactions of a block would use if it cost nothing. */
  readonly gasDemand: number;
  /** Gas of transactions that pay any price: somebody fills the blocks. */
  readonly gasAtAnyPrice: number;
  /** Base units for a unit of gas at which half of those stay away. */
  readonly halfPrice: number;
  /** Base units of work that the market settles, all coins counted at their worth. */
  readonly volume: bigint;
  /** What of it is paid in coins that came over IBC. */
  readonly inOtherCoinsBps: number;
  /** Millionths of a dollar for a million base units, which is a coin. */
  readonly dollarsPerMillion: bigint;
  /** What stakers ask for a year: where they get it, half of what is free is bonded. */
  readonly askedYield: number;
  /** What of their rewards they bond again at once. */
  readonly restakedBps: number;
  /** What of all bonded stake is slashed on this day. */
  readonly slashedBps: number;
  readonly buyback: boolean;
}

export interface Story {
  readonly name: string;
  readonly text: string;
  on(day: number): Day;
}

const QUIET: Day = {
  gasDemand: 5_000_000,
  gasAtAnyPrice: 0,
  halfPrice: 0.02,
  volume: 20_000n * COIN,
  inOtherCoinsBps: 2_000,
  dollarsPerMillion: 500_000n,
  askedYield: 0.05,
  restakedBps: 2_500,
  slashedBps: 0,
  buyback: false,
};

/** Grows by a share each year, day by day in equal steps within the year. */
function grown(start: number, perYear: number, day: number): number {
  let value = start;
  for (let year = Math.floor(day / DAYS_PER_YEAR); year > 0; year--) value *= perYear;
  return value * (1 + ((perYear - 1) * (day % DAYS_PER_YEAR)) / DAYS_PER_YEAR);
}

const coins = (amount: number): bigint => BigInt(Math.floor(amount)) * COIN;

const ATTACK_FROM = 3 * DAYS_PER_YEAR;
const FLOOD_DAYS = 60;
const FEAR_DAYS = 540;

export const STORIES: readonly Story[] = [
  {
    name: "quiet",
    text: "Few use it, and little changes: 50 transfers a second, 20,000 CPTM of work a day, both growing by 3 % a year.",
    on: (day) => ({ ...QUIET, gasDemand: grown(5_000_000, 1.03, day), volume: coins(grown(20_000, 1.03, day)) }),
  },
  {
    name: "growth",
    text:
      "Use doubles each year for six years and then grows by a tenth, the market's work with it; the coin's price follows more slowly. " +
      "From the second year on the treasury's other coins buy CPTM back.",
    on(day) {
      const early = Math.min(day, 6 * DAYS_PER_YEAR);
      const late = day - early;
      const times = grown(1, 2, early) * grown(1, 1.1, late);
      return {
        ...QUIET,
        gasDemand: 5_000_000 * times,
        volume: coins(20_000 * times),
        inOtherCoinsBps: 4_000,
        dollarsPerMillion: BigInt(Math.floor(500_000 * grown(1, 1.25, day))),
        buyback: day >= DAYS_PER_YEAR,
      };
    },
  },
  {
    name: "attack",
    text:
      `As quiet for three years. Then, for ${FLOOD_DAYS} days, somebody fills every block at any price, and validators with a third of the ` +
      "stake sign twice: five per cent of theirs is slashed on the first day and again on the thirtieth. Use falls to a fifth, the price to a " +
      `quarter, and stakers ask three times as much for ${FEAR_DAYS} days, then calm down over two years.`,
    on(day) {
      const since = day - ATTACK_FROM;
      const calm: Day = { ...QUIET, gasDemand: grown(5_000_000, 1.03, day), volume: coins(grown(20_000, 1.03, day)) };
      if (since < 0) return calm;
      const fear = since < FEAR_DAYS ? 1 : Math.max(0, 1 - (since - FEAR_DAYS) / (2 * DAYS_PER_YEAR));
      return {
        ...calm,
        gasDemand: calm.gasDemand * (1 - 0.8 * fear),
        gasAtAnyPrice: since < FLOOD_DAYS ? 120_000_000 : 0,
        volume: BigInt(Math.floor(Number(calm.volume) * (1 - 0.8 * fear))),
        dollarsPerMillion: BigInt(Math.floor(500_000 * (1 - 0.75 * fear))),
        askedYield: calm.askedYield * (1 + 2 * fear),
        // A third of the stake, five per cent of it.
        slashedBps: since === 0 || since === 30 ? 167 : 0,
      };
    },
  },
];
