#!/usr/bin/env node
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePorts } from "../localnet/ports.js";
import { PROFILES, plainSends } from "./chain/chain.js";
import { ComputroniumChain } from "./chain/computronium.js";
import { deriveAccounts } from "./load/accounts.js";
import { BlockFollower, sleep, type BlockSummary } from "./load/blocks.js";
import { RpcClient } from "./load/rpc.js";
import { loadSigner } from "./load/signer.js";
import { distribution, round } from "./load/statistics.js";
import { TransactionMaker } from "./load/transactions.js";
import { ratioOfP99 } from "./queries/confidence.js";
import { PacedSender } from "./queries/paced-sender.js";
import { QueryLoad } from "./queries/query-load.js";
import { conditions, RESULTS_FOLDER, writeResult } from "./results.js";

const USAGE = `Block time with and without queries over gRPC, at half of the measured capacity for transactions, alternating.

  node dist/bench/queries.js [--blocks 600] [--segment 50] [--queries 500] [--rate TX/S] [--accounts 100000]
                            [--clients-niceness 0]

  --blocks            blocks with queries, and as many without
  --segment           blocks between changes; the first two of each are left out
  --clients-niceness  lets the clients, which are on the node's machine here, give way to it as if they were elsewhere
  --rate              transactions a second; by default half of what bench/results/throughput-default.json measured
`;

const CHAIN_ID = "bench-1";
const PREFIX = "cosmos";
const DENOM = "stake";
const LEFT_OUT = 2;
/** Goal: queries move the 99th percentile of block time by at most this. */
const GOAL = 1.05;
const WARM_UP_BLOCKS = 10;
const POLL_MS = 50;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      blocks: { type: "string", default: "600" },
      segment: { type: "string", default: "50" },
      queries: { type: "string", default: "500" },
      accounts: { type: "string", default: "100000" },
      rate: { type: "string" },
      "clients-niceness": { type: "string", default: "0" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const settings: Settings = {
    clientsNiceness: Number(values["clients-niceness"]),
    blocks: Number(values.blocks),
    segment: Number(values.segment),
    queriesPerSecond: Number(values.queries),
    accounts: Number(values.accounts),
    transactionsPerSecond: values.rate === undefined ? halfOfCapacity() : Number(values.rate),
  };
  const measuredUnder = conditions();
  const result = await measure(settings);
  writeResult("queries", { conditions: measuredUnder, settings, ...result });
  const { blockSeconds, p99Ratio } = result;
  process.stdout.write(
    `block time p99: ${blockSeconds.without.p99} s without, ${blockSeconds.with.p99} s with ${settings.queriesPerSecond} queries/s; ` +
      `ratio ${p99Ratio.ratio} (95 %: ${p99Ratio.low} to ${p99Ratio.high}), goal at most ${GOAL}\n`,
  );
}

function halfOfCapacity(): number {
  const file = join(RESULTS_FOLDER, "throughput-default.json");
  if (!existsSync(file)) throw new Error(`${file} is missing: run dist/bench/throughput.js first, or give --rate`);
  const { summary } = JSON.parse(readFileSync(file, "utf8")) as {
    summary: { chain: string; medianCommittedPerSecond: number }[];
  };
  const ours = summary.find(({ chain }) => chain === "computronium");
  if (ours === undefined) throw new Error(`${file} has no figure for computronium: give --rate`);
  return Math.round(ours.medianCommittedPerSecond / 2);
}

interface Settings {
  readonly clientsNiceness: number;
  readonly blocks: number;
  readonly segment: number;
  readonly queriesPerSecond: number;
  readonly accounts: number;
  readonly transactionsPerSecond: number;
}

async function measure(settings: Settings) {
  const folder = mkdtempSync(join(tmpdir(), "computronium-queries-"));
  const signer = await loadSigner();
  const accounts = deriveAccounts(signer, { seed: "queries", count: settings.accounts, prefix: PREFIX });
  const addresses = accounts.map(({ address }) => address);
  const [grpcPort = 0] = await freePorts(1);
  const grpcAddress = `127.0.0.1:${grpcPort}`;
  const app = { ...PROFILES.default.app, "grpc.enable": true, "grpc.address": grpcAddress };
  const spec = { chainId: CHAIN_ID, addresses, denom: DENOM, prefix: PREFIX, balance: 1_000_000_000n };
  const prepared = await new ComputroniumChain().prepare(folder, { ...spec, profile: { ...PROFILES.default, app } });
  const maker = new TransactionMaker(signer, accounts, plainSends(CHAIN_ID, DENOM));
  const running = await prepared.start();
  setPriority(settings.clientsNiceness);
  const reader = new RpcClient(prepared.rpc, 2);
  const blocks: BlockSummary[] = [];
  const follower = await BlockFollower.start(reader, (block) => blocks.push(block));
  const sender = new PacedSender(prepared.rpc, maker, settings.transactionsPerSecond);
  const queries = new QueryLoad(grpcAddress, { addresses, denom: DENOM, perSecond: settings.queriesPerSecond });
  const pass = async (count: number): Promise<BlockSummary[]> => {
    const from = blocks.length;
    while (blocks.length < from + count) await sleep(POLL_MS);
    return blocks.slice(from, from + count);
  };
  try {
    sender.start();
    await pass(WARM_UP_BLOCKS);
    const segments: Record<"with" | "without", number[][]> = { with: [], without: [] };
    const rounds = Math.ceil(settings.blocks / (settings.segment - LEFT_OUT));
    for (let round = 1; round <= rounds; round++) {
      // The order changes, so that a drift falls on both.
      for (const kind of round % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const)) {
        if (kind === "with") queries.start();
        segments[kind].push(blockSeconds((await pass(settings.segment)).slice(LEFT_OUT - 1)));
        queries.pause();
      }
      process.stdout.write(`round ${round} of ${rounds}\n`);
    }
    return {
      blockSeconds: { with: distribution(segments.with.flat()), without: distribution(segments.without.flat()) },
      p99Ratio: ratioOfP99(segments.with, segments.without),
      goal: GOAL,
      transactions: {
        accepted: sender.accepted,
        committed: blocks.reduce((sum, { transactions }) => sum + transactions, 0),
        skipped: sender.skipped,
        refused: Object.fromEntries(sender.refused),
      },
      queries: {
        answered: queries.latencies.length,
        failed: queries.failed,
        skipped: queries.skipped,
        milliseconds: distribution(queries.latencies),
      },
    };
  } finally {
    sender.stop();
    queries.close();
    await follower.stop();
    reader.close();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds between the header times of blocks that follow each other. */
function blockSeconds(blocks: readonly BlockSummary[]): number[] {
  return blocks.slice(1).map((block, i) => round((block.headerTimeMs - (blocks[i]?.headerTimeMs ?? NaN)) / 1000));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
