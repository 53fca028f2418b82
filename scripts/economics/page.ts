import { formatDec } from "../../core/math/dec.js";
import {
  ALLOCATIONS,
  chainParams,
  COIN,
  DAYS_PER_YEAR,
  INITIAL_SUPPLY,
  START_BONDED,
  TREASURY_SPENT_PER_YEAR,
} from "./assumptions.js";
import type { Figures } from "./model.js";
import { Economy } from "./model.js";
import type { Plot } from "./plot.js";
import { drawPlot } from "./plot.js";
import type { Story } from "./stories.js";
import { STORIES } from "./stories.js";

const YEARS = 10;
/** Points of a line. */
const POINTS_PER_YEAR = 24;

interface Told {
  readonly story: Story;
  /** At genesis, and then {@link POINTS_PER_YEAR} times a year. */
  readonly points: readonly Figures[];
}

/** Files by name: the page, and the plots that it shows. */
export function economicsFiles(): ReadonlyMap<string, string> {
  const told = STORIES.map(tell);
  const files = new Map<string, string>();
  for (const [name, plot] of Object.entries(plots(told))) files.set(`economics/${name}.svg`, drawPlot(plot));
  files.set("economics.md", page(told));
  return files;
}

function tell(story: Story): Told {
  const { startInflation, ...params } = chainParams();
  const economy = new Economy(params, { inflation: startInflation });
  const points = [economy.figures];
  const days = YEARS * DAYS_PER_YEAR;
  for (let day = 0; day < days; day++) {
    economy.pass(story.on(day));
    if (
      Math.floor(((day + 1) * POINTS_PER_YEAR) / DAYS_PER_YEAR) > Math.floor((day * POINTS_PER_YEAR) / DAYS_PER_YEAR)
    ) {
      points.push(economy.figures);
    }
  }
  return { story, points };
}

const inCoins = (amount: bigint): number => Number(amount / COIN);
const percent = (part: bigint, whole: bigint): number => Number((part * 100_000n) / whole) / 1_000;
const raw = (value: bigint): number => Number(value) / 1e18;

function plots(told: readonly Told[]): Readonly<Record<string, Plot>> {
  const lines = (of: (figures: Figures) => number) =>
    told.map(({ story, points }) => ({ name: story.name, values: points.map(of) }));
  return {
    supply: { title: "Supply", yLabel: "CPTM", years: YEARS, lines: lines(({ supply }) => inCoins(supply)) },
    liquid: {
      title: "Liquid: neither bonded, nor held back, nor in a fund",
      yLabel: "CPTM",
      years: YEARS,
      lines: lines(({ liquid }) => inCoins(liquid)),
      fromZero: true,
    },
    inflation: {
      title: "Inflation",
      yLabel: "per cent of the supply a year, minted for stakers",
      years: YEARS,
      lines: lines(({ inflation }) => raw(inflation * 100n)),
      fromZero: true,
    },
    burned: {
      title: "Burned since genesis",
      yLabel: "CPTM: fees, the market's take, slashing, buyback",
      years: YEARS,
      lines: lines(({ burned }) => inCoins(burned)),
      fromZero: true,
    },
    bonded: {
      title: "Stake ratio",
      yLabel: "per cent of the supply that is bonded",
      years: YEARS,
      lines: lines(({ bonded, supply }) => percent(bonded, supply)),
      fromZero: true,
    },
    treasury: {
      title: "Treasury",
      yLabel: "CPTM",
      years: YEARS,
      lines: lines(({ treasury }) => inCoins(treasury)),
      fromZero: true,
    },
    "base-fee": {
      title: "Base fee",
      yLabel: "ucptm for a unit of gas",
      years: YEARS,
      lines: lines(({ baseFee }) => raw(baseFee)),
      fromZero: true,
    },
  };
}

const PICTURES: readonly (readonly [string, string])[] = [
  ["supply", "The supply: what genesis gave out, and what was minted since, less what was burned"],
  ["inflation", "Inflation, which rises while less than two thirds of the supply are bonded, and falls above"],
  ["burned", "What was burned since genesis"],
  ["bonded", "The share of the supply that is bonded"],
  ["treasury", "What is in the treasury"],
  ["base-fee", "The base fee"],
  ["liquid", "What is liquid"],
];

function page(told: readonly Told[]): string {
  const { tokenomics, takeRateBps, takeBurnBps, inflation } = chainParams();
  const { feeSplit, baseFee } = tokenomics;
  const split = feeSplit!;
  const tables = told.map(({ story, points }) => table(story, points));
  const pictures = PICTURES.map(([name, text]) => `![${text}](economics/${name}.svg)`);
  const allocations = ALLOCATIONS.map(
    ({ name, total, schedule: { atStart, cliffSeconds, durationSeconds } }) =>
      `| ${name} | ${percent(total, INITIAL_SUPPLY)} % | ${percent(atStart, total)} % | ${years(cliffSeconds)} | ${years(durationSeconds)} |`,
  );
  const bps = (value: number) => `${value / 100} %`;
  return `# The coin over ten years

What the rules of [modules/tokenomics](../modules/tokenomics/README.md) do to supply, inflation, stake and treasury, if people do what
three stories assume. \`make economics\` makes this page and its plots anew; the functions that reckon here are those that the chain
runs. It is no forecast: the rules are exact, the people are invented.

${told.map(({ story }) => `- **${story.name}**: ${story.text}`).join("\n")}

${pictures.join("\n\n")}

${tables.join("\n\n")}

## What it shows

- Inflation has the whole supply as its measure, and in the first years most of that is held back by schedules: even if half of
  what is free is bonded, the goal is far away, inflation is at its upper bound, and the few who stake earn a lot. Whoever launches a chain with
  such schedules may want a lower goal, or a lower bound, and raise it as coins come free.
- In quiet times burning does not matter: fees at the floor of the base fee are a thousandth of what is minted. It takes full blocks: then the
  base fee finds a price within minutes, up to the cap that the DAO has set, and the supply stops growing.
- A flood of transactions is paid for by whoever sends it, at the cap within a few hundred blocks; the treasury and stakers gain by it, and everybody
  else waits. The cap decides how dear an attack is, and how dear the chain may become for its users.
- Slashing and fear lower the stake ratio within weeks; the mint schedule answers over years.

## What is assumed

| given out at genesis | of the supply | free at once | cliff | all free after |
| --- | --- | --- | --- | --- |
${allocations.join("\n")}

- ${inCoins(INITIAL_SUPPLY) / 1e6} million CPTM at genesis, laid out as \`computroniumd genesis\` does by default; ${inCoins(START_BONDED) / 1e6} million of them are bonded on
  the first day.
- Inflation between ${dec(inflation.inflationMin)} and ${dec(inflation.inflationMax)} a year, with ${dec(inflation.goalBonded)} of the supply as the
  goal, as a fresh chain has it.
- Fees: ${bps(split.burnBps)} burned, ${bps(split.stakersBps)} for stakers, ${bps(split.reflectionsBps)} reflected, ${bps(split.communityBps)} community,
  ${bps(split.treasuryBps)} treasury, ${bps(split.developmentBps)} development. The base fee is on, between ${baseFee!.floor.replace(/0+$/, "")} and ${baseFee!.cap.replace(/0+$/, "")} ucptm for
  a unit of gas, with ${Number(baseFee!.targetGas / 1_000_000n)} million gas a block as its target.
- The market takes ${bps(takeRateBps)} of the work, of which ${bps(takeBurnBps)} are burned and half of that is minted for the providers again.
- A block a second. The treasury spends ${TREASURY_SPENT_PER_YEAR} % of what it has in a year. Stakers bond a quarter of their rewards again, and come when the
  yield is above what they ask for (at 5 %, half of what is free is bonded), over months; they leave within weeks.
- Half of those who would send a transaction for nothing stay away at 0.02 ucptm for a unit of gas, which is 0.002 CPTM for a transfer.
`;
}

function dec(value: bigint): string {
  return `${Number(value / 10n ** 14n) / 100} %`;
}

function years(seconds: bigint): string {
  const count = Number(seconds) / 31_536_000;
  return count === 0 ? "none" : `${count} ${count === 1 ? "year" : "years"}`;
}

function table(story: Story, points: readonly Figures[]): string {
  const rows = [0, 1, 2, 3, 4, 5, 7, 10].map((year) => {
    const at = points[year * POINTS_PER_YEAR]!;
    const cells = [
      String(year),
      millions(at.supply),
      millions(at.liquid),
      `${percent(at.bonded, at.supply).toFixed(1)} %`,
      `${raw(at.inflation * 100n).toFixed(2)} %`,
      `${(at.stakersYield * 100).toFixed(2)} %`,
      millions(at.minted),
      millions(at.burned),
      millions(at.treasury),
      formatDec(at.baseFee).slice(0, 7),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return `## ${story.name[0]!.toUpperCase()}${story.name.slice(1)}

Millions of CPTM at the end of the year.

| year | supply | liquid | bonded | inflation | stakers' yield | minted | burned | treasury | base fee |
| ---- | ------ | ------ | ------ | --------- | -------------- | ------ | ------ | -------- | -------- |
${rows.join("\n")}`;
}

function millions(amount: bigint): string {
  return (Number(amount / COIN) / 1e6).toFixed(2);
}
