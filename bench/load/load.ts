import { BlockFollower, sleep, type BlockSummary } from "./blocks.js";
import { Broadcaster, type BroadcastLimits } from "./broadcaster.js";
import type { Presigned } from "./presigned.js";
import { processTreeUsage } from "./process-cpu.js";
import { RpcClient } from "./rpc.js";
import { distribution, round, type Distribution } from "./statistics.js";
import { verifyBlocks, type Verdict } from "./verify.js";

export interface LoadOptions extends BroadcastLimits {
  /** RPC addresses; connections are spread over them, blocks are read from the first. */
  readonly rpc: readonly string[];
  /** Processes of the node, to report the processor time that they and their children used. */
  readonly pids: readonly number[];
  /** Whether to read every block and its results afterwards and look for every transaction. */
  readonly verify: boolean;
  readonly onProgress?: (progress: LoadProgress) => void;
}

export interface LoadProgress {
  readonly seconds: number;
  readonly accepted: number;
  readonly committed: number;
  readonly height: number;
}

export interface LoadResult {
  /** Transactions committed a second, from the first broadcast until the block with the last of them was seen. */
  readonly committedPerSecond: number;
  readonly committed: number;
  readonly seconds: number;
  readonly accepted: number;
  /** Accepted by the node but never committed. */
  readonly lost: number;
  readonly refusedForFullMempool: number;
  /** Requests that the node did not answer in time. */
  readonly unansweredRequests: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly firstHeight: number;
  readonly lastHeight: number;
  /** Seconds between the header times of consecutive blocks, from the first with load to the one after the last. */
  readonly blockIntervalSeconds: Distribution;
  readonly transactionsPerBlock: Distribution;
  readonly verdict?: Verdict;
  readonly cpu: {
    /** Processor seconds of the load generator during the load. */
    readonly generatorSeconds: number;
    readonly nodeSeconds?: number;
    readonly nodeMicrosecondsPerTransaction?: number;
    readonly nodeResidentMiB?: number;
  };
}

/** How long the chain may commit nothing while transactions are outstanding before these count as lost. */
const STALL_MS = 15_000;

/** Sends the transactions, waits until every accepted one is committed, and reports. */
export async function runLoad(transactions: Presigned, options: LoadOptions): Promise<LoadResult> {
  const clients = options.rpc.map((url) => new RpcClient(url, options.connections));
  const reader = new RpcClient(options.rpc[0] ?? "", 2);
  const broadcaster = new Broadcaster(clients, transactions, options);
  let committed = 0;
  let lastCommitMs = performance.now();
  const follower = await BlockFollower.start(reader, (block) => {
    if (block.transactions === 0) return;
    committed += block.transactions;
    lastCommitMs = block.seenAtMs;
    broadcaster.committed(block.transactions);
  });
  const startedMs = performance.now();
  const ownCpu = process.cpuUsage();
  const nodeBefore = processTreeUsage(options.pids);
  const timer = setInterval(() => {
    const seconds = (performance.now() - startedMs) / 1000;
    options.onProgress?.({ seconds, accepted: broadcaster.accepted, committed, height: follower.height });
  }, 1000);
  try {
    lastCommitMs = startedMs;
    await broadcaster.run();
    while (broadcaster.outstanding > 0 && performance.now() - lastCommitMs < STALL_MS) await sleep(20);
  } finally {
    clearInterval(timer);
  }
  const cpu = process.cpuUsage(ownCpu);
  const nodeAfter = processTreeUsage(options.pids);
  const seconds = (lastCommitMs - startedMs) / 1000;
  await waitForNextBlock(follower);
  await follower.stop();

  const loaded = loadedBlocks(follower.blocks);
  const heights = loaded.filter((block) => block.transactions > 0).map((block) => block.height);
  const verdict = options.verify ? await verifyBlocks(reader, transactions, broadcaster.sent, heights) : undefined;
  for (const client of [...clients, reader]) client.close();
  const nodeSeconds = (nodeAfter?.cpuSeconds ?? 0) - (nodeBefore?.cpuSeconds ?? 0);
  const counted = verdict?.succeeded ?? committed;
  return {
    committedPerSecond: round(counted / seconds),
    committed: counted,
    seconds: round(seconds),
    accepted: broadcaster.accepted,
    lost: broadcaster.outstanding,
    refusedForFullMempool: broadcaster.refusedFull,
    unansweredRequests: broadcaster.unanswered,
    rejected: Object.fromEntries(broadcaster.rejected),
    firstHeight: loaded[0]?.height ?? 0,
    lastHeight: heights.at(-1) ?? 0,
    blockIntervalSeconds: distribution(intervals(loaded)),
    transactionsPerBlock: distribution(loaded.slice(0, -1).map((block) => block.transactions)),
    ...(verdict === undefined ? {} : { verdict }),
    cpu: {
      generatorSeconds: round((cpu.user + cpu.system) / 1e6),
      ...(options.pids.length === 0
        ? {}
        : {
            nodeSeconds: round(nodeSeconds),
            nodeMicrosecondsPerTransaction: round((nodeSeconds * 1e6) / counted),
            nodeResidentMiB: Math.round((nodeAfter?.residentBytes ?? 0) / 2 ** 20),
          }),
    },
  };
}

/** The header that follows the last loaded block says when that block was voted; it ends the last interval. */
async function waitForNextBlock(follower: BlockFollower): Promise<void> {
  const height = follower.height;
  for (let waited = 0; follower.height === height && waited < STALL_MS; waited += 50) await sleep(50);
}

/** From the first block with transactions to the one after the last. */
function loadedBlocks(blocks: readonly BlockSummary[]): readonly BlockSummary[] {
  const first = blocks.findIndex((block) => block.transactions > 0);
  const last = blocks.findLastIndex((block) => block.transactions > 0);
  return first < 0 ? [] : blocks.slice(first, last + 2);
}

function intervals(blocks: readonly BlockSummary[]): number[] {
  return blocks.slice(1).map((block, index) => (block.headerTimeMs - (blocks[index]?.headerTimeMs ?? NaN)) / 1000);
}
