#!/usr/bin/env node
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryPath } from "./chain/repository.js";
import type { Run } from "./throughput-report.js";
import type { Conditions } from "./results.js";
import { RESULTS_FOLDER } from "./results.js";
import type { Distribution } from "./load/statistics.js";

/** Writes what bench/results holds into bench/README.md, between these two lines. */
const BEGIN = "<!-- results -->";
const END = "<!-- end of results -->";

interface ThroughputFile {
  readonly conditions: Conditions;
  readonly settings: { readonly secondsOfLoad: number; readonly fundedAccounts: number };
  readonly ratios: readonly { readonly profile: string; readonly peer: string; readonly ratio: number }[];
  readonly runs: readonly Run[];
}

interface SignaturesFile {
  readonly conditions: Conditions;
  readonly medians: readonly { readonly implementation: string; readonly microsecondsMedian: number }[];
}

interface LatencyFile {
  readonly conditions: Conditions;
  readonly runs: readonly { readonly chain: string; readonly secondsToCommit: Distribution }[];
}

interface QueriesFile {
  readonly conditions: Conditions;
  readonly settings: {
    readonly queriesPerSecond: number;
    readonly transactionsPerSecond: number;
    readonly clientsNiceness: number;
  };
  readonly blockSeconds: { readonly with: Distribution; readonly without: Distribution };
  readonly p99Ratio: { readonly ratio: number; readonly low: number; readonly high: number };
  readonly queries: { readonly milliseconds: Distribution };
}

interface ApplicationFile {
  readonly conditions: Conditions;
  readonly settings: { readonly accounts: number; readonly perBlock: number };
  readonly medians: readonly { readonly phase: string; readonly microsecondsPerTransaction: number }[];
}

interface DatabaseSizeFile {
  readonly conditions: Conditions;
  readonly accounts: number;
  readonly fileBytesPerMillion: number;
  readonly compactedBytesPerMillion: number;
  readonly snapshotBytesPerMillion: number;
  readonly snapshotChunks: number;
  readonly snapshotSeconds: number;
}

interface StakeCostFile {
  readonly conditions: Conditions;
  readonly settings: { readonly validators: number };
  readonly runs: readonly {
    readonly delegators: number;
    readonly leavers: number;
    readonly voters: number;
    readonly blocks: Readonly<Record<keyof typeof STAKE_BLOCKS, StakeBlockCost>>;
  }[];
}

interface StakeBlockCost {
  readonly reads: number;
  readonly walked: number;
  readonly writes: number;
  readonly hooksMs: number;
  readonly commitMs: number;
}

const STAKE_BLOCKS = {
  ordinary: "ordinary, median",
  slash: "slash of the validator that all delegate to",
  afterSlash: "the worst behind it",
  tally: "tally of a proposal",
  afterTally: "the worst behind it, votes being cleared",
  slashOfLeft: "slash of a validator that many have left",
  afterSlashOfLeft: "the worst behind it, who left bearing it",
} as const;

interface TreeFile {
  readonly conditions: {
    readonly date: string;
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly loadAverage: readonly number[];
    readonly go: string;
  };
  readonly results: readonly {
    readonly keys: number;
    readonly updates: number;
    readonly oursTotalMs: number;
    readonly goTotalMs: number;
    readonly ratio: number;
    readonly rssMiB: number;
  }[];
}

function main(): void {
  const sections = [
    section<ThroughputFile>("throughput-default", "Bank sends, one validator, default settings", throughput),
    section<ThroughputFile>("throughput-tuned", "Bank sends, one validator, tuned", throughput),
    section<LatencyFile>("latency", "From broadcast to committed, light load", latency),
    section<QueriesFile>("queries", "Block time beside queries over gRPC", queries),
    section<ApplicationFile>("application", "The application alone, bank sends", application),
    section<DatabaseSizeFile>("database-size", "Size of the database", databaseSize),
    section<StakeCostFile>("stake-cost", "Stake: what the hooks of a block cost", stakeCost),
    treeSection(),
    section<SignaturesFile>("signatures", "secp256k1 verification", signatures),
  ];
  const path = repositoryPath("bench/README.md");
  const text = readFileSync(path, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${path} has lost the lines ${BEGIN} and ${END}`);
  const body = sections.filter((part) => part !== "").join("\n");
  writeFileSync(path, `${text.slice(0, begin + BEGIN.length)}\n\n${body}\n${text.slice(end)}`);
}

function section<File extends { readonly conditions: Conditions }>(
  name: string,
  title: string,
  lines: (file: File) => string[],
): string {
  const path = join(RESULTS_FOLDER, `${name}.json`);
  if (!existsSync(path)) return "";
  const file = JSON.parse(readFileSync(path, "utf8")) as File;
  return [`### ${title}`, "", ...lines(file), "", describe(file.conditions), ""].join("\n");
}

function describe({ date, revision, cpu, cores, memoryGiB, node, loadBefore }: Conditions): string {
  const machine = `${cores} cores of ${cpu}, ${memoryGiB} GiB, Node ${node}`;
  return `_${date.slice(0, 10)}, revision ${revision}, ${machine}; load average before: ${loadBefore}._`;
}

function throughput({ settings, runs, ratios }: ThroughputFile): string[] {
  const rows = runs.map(({ chain, profile, result }) => {
    const { committedPerSecond, lost, blockIntervalSeconds, cpu } = result;
    return row([
      profile,
      chain,
      Math.round(committedPerSecond),
      lost,
      `${blockIntervalSeconds.mean.toFixed(2)} / ${blockIntervalSeconds.p99.toFixed(2)}`,
      Math.round(cpu.nodeMicrosecondsPerTransaction ?? NaN),
      cpu.nodeResidentMiB ?? "",
    ]);
  });
  const compared = ratios.map(({ profile, peer, ratio }) => `${profile} settings: **${ratio} times ${peer}**.`);
  return [
    `${settings.fundedAccounts} funded accounts, ${settings.secondsOfLoad} s of load in each run, chains alternating.`,
    "",
    row(["settings", "chain", "committed tx/s", "lost", "block interval mean / p99, s", "node CPU µs/tx", "node MiB"]),
    row(["---", "---", "---:", "---:", "---:", "---:", "---:"]),
    ...rows,
    "",
    compared.join(" "),
  ];
}

function latency({ runs }: LatencyFile): string[] {
  return [
    row(["chain", "transactions", "p50, s", "p99, s"]),
    row(["---", "---:", "---:", "---:"]),
    ...runs.map(({ chain, secondsToCommit: { count, p50, p99 } }) => row([chain, count, p50, p99])),
  ];
}

function queries({ settings, blockSeconds, p99Ratio, queries: asked }: QueriesFile): string[] {
  const { ratio, low, high } = p99Ratio;
  const line = (name: string, { count, mean, p99 }: Distribution): string => row([name, count, mean, p99]);
  return [
    `${settings.transactionsPerSecond} transactions and ${settings.queriesPerSecond} queries a second; stretches with and without queries alternate.` +
      ` The clients are on the same cores, with a niceness of ${settings.clientsNiceness}.`,
    "",
    row(["", "blocks", "block time mean, s", "p99, s"]),
    row(["---", "---:", "---:", "---:"]),
    line("without queries", blockSeconds.without),
    line("with queries", blockSeconds.with),
    "",
    `p99 with queries is **${ratio} times** that without (95 % confidence: ${low} to ${high}; goal: at most 1.05). ` +
      `Answers took ${asked.milliseconds.p50} ms (p50), ${asked.milliseconds.p99} ms (p99).`,
  ];
}

function signatures({ medians }: SignaturesFile): string[] {
  return [
    row(["implementation", "µs a verification"]),
    row(["---", "---:"]),
    ...medians.map(({ implementation, microsecondsMedian }) => row([implementation, microsecondsMedian])),
  ];
}

function application({ settings, medians }: ApplicationFile): string[] {
  return [
    `${settings.accounts} accounts, blocks of ${settings.perBlock} transactions.`,
    "",
    row(["call", "CPU µs a transaction"]),
    row(["---", "---:"]),
    ...medians.map(({ phase, microsecondsPerTransaction }) => row([phase, microsecondsPerTransaction])),
  ];
}

function databaseSize(file: DatabaseSizeFile): string[] {
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  return [
    `${file.accounts} accounts that own one coin each (four entries an account: account, its number, balance, owner of the coin), one height.`,
    "",
    row(["a million accounts", "MiB"]),
    row(["---", "---:"]),
    row(["database as a block writes it", mebibytes(file.fileBytesPerMillion)]),
    row(["database, compacted", mebibytes(file.compactedBytesPerMillion)]),
    row(["snapshot for state sync", mebibytes(file.snapshotBytesPerMillion)]),
    "",
    `The snapshot of ${file.accounts} accounts took ${file.snapshotSeconds} s and has ${file.snapshotChunks} chunks.`,
  ];
}

function stakeCost({ settings, runs }: StakeCostFile): string[] {
  const kinds = Object.entries(STAKE_BLOCKS) as [keyof typeof STAKE_BLOCKS, string][];
  return [
    `${settings.validators} validators, all with votes and rewards in every block. Reads, entries walked over and writes are what the modules ask of their stores.`,
    "",
    row(["block", "delegators", "reads", "walked", "writes", "hooks, ms", "tree and commit, ms"]),
    row(["---", "---:", "---:", "---:", "---:", "---:", "---:"]),
    ...kinds.flatMap(([kind, name]) =>
      runs.map(({ delegators, blocks }) => {
        const { reads, walked, writes, hooksMs, commitMs } = blocks[kind];
        return row([name, delegators, reads, walked, writes, hooksMs.toFixed(1), commitMs.toFixed(1)]);
      }),
    ),
    "",
    runs
      .map((run) => `Of ${run.delegators}, ${run.voters} voted; ${run.leavers} more left another validator.`)
      .join(" "),
  ];
}

/** The file of bench/tree.ts, which has conditions of its own. */
function treeSection(): string {
  const path = join(RESULTS_FOLDER, "tree.json");
  if (!existsSync(path)) return "";
  const { conditions, results } = JSON.parse(readFileSync(path, "utf8")) as TreeFile;
  const { date, node, cpu, cores, loadAverage, go } = conditions;
  return [
    "### Merkle tree, random updates and Commit",
    "",
    row(["keys", "updates", "ours, ms", "Go's iavl, ms", "ratio", "our memory, MiB"]),
    row(["---:", "---:", "---:", "---:", "---:", "---:"]),
    ...results.map((r) => row([r.keys, r.updates, r.oursTotalMs, r.goTotalMs, r.ratio, r.rssMiB])),
    "",
    `_${date.slice(0, 10)}, ${cores} cores of ${cpu}, Node ${node}, ${go}; load average before: ${loadAverage[0] ?? "?"}._`,
    "",
  ].join("\n");
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

main();
