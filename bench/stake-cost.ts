#!/usr/bin/env node
import { parseArgs } from "node:util";
import type { DiskBlock } from "../test/kit/disk-world.js";
import { DiskWorld } from "../test/kit/disk-world.js";
import type { WorldBlock } from "../test/kit/stake-world.js";
import { delegateInBulk } from "../test/kit/bulk-delegations.js";
import { DELEGATED } from "../test/kit/stake-world.js";
import { percentile, round } from "./load/statistics.js";
import { conditions, writeResult } from "./results.js";

const USAGE = `What staking asks of a block, for few and for many delegators of the same validators: store operations of the hooks, and time.

  node dist/bench/stake-cost.js [--few 1000] [--many 1000000] [--validators 20]

Building the state takes about a second for 1,000 delegators on an idle core, and half a GiB of disk for 250,000.
`;

const FEES = 1_000_000_000n;
const BATCH = 10_000;
const ORDINARY_BLOCKS = 15;
/** Blocks after a slash in which what left the validator may bear it. */
const BLOCKS_AFTER = 15;
/** One in so many delegates to a second validator, and leaves it before that is slashed: half undelegate, half redelegate. */
const ONE_LEAVES_OF = 20;

/** One in so many votes on the proposal. */
const ONE_VOTES_OF = 10;
/** Seconds beyond the voting period. */
const AFTER_THE_VOTE = 3n * 86_400n;

/** Store operations of the hooks of a block, and milliseconds of hooks and of Merkle tree and commit. */
interface BlockCost {
  readonly reads: number;
  readonly walked: number;
  readonly writes: number;
  readonly hooksMs: number;
  readonly commitMs: number;
}

/** Batches of `count` things, one a block. */
function inBatches(
  disk: DiskWorld,
  count: number,
  each: (ctx: Parameters<NonNullable<WorldBlock["between"]>>[0], i: number) => void,
): void {
  for (let from = 0; from < count; from += BATCH) {
    disk.block({
      between(ctx) {
        for (let i = from; i < Math.min(from + BATCH, count); i++) each(ctx, i);
      },
    });
    if ((from / BATCH) % 20 === 19) process.stderr.write(`  ${from + BATCH} of ${count}\n`);
  }
}

function costOf({ reads, walked, writes, milliseconds, commitMilliseconds }: DiskBlock): BlockCost {
  return { reads, walked, writes, hooksMs: round(milliseconds), commitMs: round(commitMilliseconds) };
}

function worst(blocks: readonly BlockCost[]): BlockCost {
  const of = (key: keyof BlockCost): number => Math.max(...blocks.map((block) => block[key]));
  return {
    reads: of("reads"),
    walked: of("walked"),
    writes: of("writes"),
    hooksMs: of("hooksMs"),
    commitMs: of("commitMs"),
  };
}

function median(blocks: readonly BlockCost[]): BlockCost {
  const of = (key: keyof BlockCost): number =>
    percentile(
      blocks.map((block) => block[key]),
      0.5,
    );
  return {
    reads: of("reads"),
    walked: of("walked"),
    writes: of("writes"),
    hooksMs: of("hooksMs"),
    commitMs: of("commitMs"),
  };
}

async function measure(delegators: number, validators: number) {
  const disk = new DiskWorld(validators);
  const { world } = disk;
  try {
    process.stderr.write(`${delegators} delegators\n`);
    const from = performance.now();
    for (let i = 0; i < delegators; i += BATCH) {
      const to = Math.min(i + BATCH, delegators);
      disk.block({ between: (ctx) => delegateInBulk(world, ctx, { from: i, to, validator: 0 }) });
      if ((i / BATCH) % 20 === 19) process.stderr.write(`  ${to} of ${delegators}\n`);
    }
    const leavers = Math.floor(delegators / ONE_LEAVES_OF);
    inBatches(disk, leavers, (ctx, i) => world.addDelegator(ctx, delegators + i, 1));
    const buildSeconds = round((performance.now() - from) / 1000);
    const run = (count: number): BlockCost[] => Array.from({ length: count }, () => costOf(disk.block({ fees: FEES })));
    run(3);
    const ordinary = median(run(ORDINARY_BLOCKS));
    const slash = costOf(disk.block({ fees: FEES, misbehavior: [world.doubleVote(0)] }));
    const afterSlash = worst(run(BLOCKS_AFTER));

    const voters = Math.floor(delegators / ONE_VOTES_OF);
    let proposal = 0n;
    disk.block({ between: (ctx) => void (proposal = world.propose(ctx)) });
    inBatches(disk, voters, (ctx, i) => world.vote(ctx, i, proposal));
    const tally = costOf(disk.block({ fees: FEES, seconds: AFTER_THE_VOTE }));
    const afterTally = worst(run(BLOCKS_AFTER));

    const double = world.doubleVote(1);
    inBatches(disk, leavers, (ctx, i) => {
      if (i % 2 === 0) world.undelegate(ctx, delegators + i, DELEGATED / 2n, 1);
      else world.redelegate(ctx, delegators + i, DELEGATED / 2n, 2 + (i % (validators - 2)), 1);
    });
    const slashOfLeft = costOf(disk.block({ fees: FEES, misbehavior: [double] }));
    const afterSlashOfLeft = worst(run(BLOCKS_AFTER));
    return {
      ...{ delegators, leavers, voters, buildSeconds },
      blocks: { ordinary, slash, afterSlash, tally, afterTally, slashOfLeft, afterSlashOfLeft },
    };
  } finally {
    await disk.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      few: { type: "string", default: "1000" },
      many: { type: "string", default: "1000000" },
      validators: { type: "string", default: "20" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const measuredUnder = conditions();
  const validators = Number(values.validators);
  const runs = [await measure(Number(values.few), validators), await measure(Number(values.many), validators)];
  writeResult("stake-cost", { conditions: measuredUnder, settings: { validators }, runs });
  process.stdout.write(`${JSON.stringify(runs, undefined, 2)}\n`);
}

await main();
