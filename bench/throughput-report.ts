import type { ChainUnderTest, Profile } from "./chain/chain.js";
import type { LoadResult } from "./load/load.js";
import { percentile, round } from "./load/statistics.js";

/** One load on one chain. */
export interface Run {
  readonly chain: ChainUnderTest["name"];
  readonly profile: Profile["name"];
  readonly result: LoadResult;
}

/** One line for the person who watches. */
export function describe({ chain, profile, result }: Run): string {
  const { committedPerSecond, committed, seconds, lost, blockIntervalSeconds: interval, cpu } = result;
  return (
    `${chain} (${profile}): ${committedPerSecond} committed tx/s (${committed} in ${seconds} s, ${lost} lost), ` +
    `block interval mean ${interval.mean} p99 ${interval.p99} s, ` +
    `CPU ${cpu.nodeMicrosecondsPerTransaction ?? "?"} µs/tx of the node, ${cpu.generatorSeconds} s of the generator`
  );
}

export interface Summary {
  readonly chain: ChainUnderTest["name"];
  readonly profile: Profile["name"];
  readonly medianCommittedPerSecond: number;
}

/** The median rate of each chain with each profile. */
export function summarize(runs: readonly Run[]): Summary[] {
  const rates = new Map<string, { chain: Run["chain"]; profile: Run["profile"]; values: number[] }>();
  for (const { chain, profile, result } of runs) {
    const group = rates.get(`${chain} ${profile}`) ?? { chain, profile, values: [] };
    group.values.push(result.committedPerSecond);
    rates.set(`${chain} ${profile}`, group);
  }
  return [...rates.values()].map(({ chain, profile, values }) => ({
    chain,
    profile,
    medianCommittedPerSecond: percentile(values, 0.5),
  }));
}

export interface Ratio {
  readonly profile: Profile["name"];
  readonly peer: ChainUnderTest["name"];
  readonly ratio: number;
}

/** Our median over each peer's, profile by profile. */
export function compare(runs: readonly Run[]): Ratio[] {
  const summary = summarize(runs);
  return summary
    .filter((entry) => entry.chain !== "computronium")
    .flatMap(({ chain, profile, medianCommittedPerSecond }) => {
      const ours = summary.find((entry) => entry.chain === "computronium" && entry.profile === profile);
      if (ours === undefined) return [];
      const ratio = round(ours.medianCommittedPerSecond / medianCommittedPerSecond);
      return [{ profile, peer: chain, ratio }];
    });
}
