#!/usr/bin/env node
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PROFILES, type ChainUnderTest, plainSends } from "./chain/chain.js";
import { ComputroniumChain } from "./chain/computronium.js";
import { SimdChain } from "./chain/simd.js";
import { deriveAccounts, sha256 } from "./load/accounts.js";
import { sleep } from "./load/blocks.js";
import { CommitWatcher } from "./load/commit-watcher.js";
import { RpcClient } from "./load/rpc.js";
import { loadSigner } from "./load/signer.js";
import { distribution, type Distribution } from "./load/statistics.js";
import { TransactionMaker } from "./load/transactions.js";
import { conditions, writeResult } from "./results.js";

const USAGE = `Seconds from broadcast to the notice that the block with the transaction is committed, under light load.

  node dist/bench/latency.js [--transactions 100] [--only computronium|simd]
`;

const CHAIN_ID = "bench-1";
const SEED = "latency";
const PREFIX = "cosmos";
const DENOM = "stake";
const ACCOUNTS = 1_000;
/** A little over 5 transactions a second at irregular moments of the block, the same ones in every run. */
const MEAN_PAUSE_MS = 190;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      transactions: { type: "string", default: "100" },
      only: { type: "string" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const measuredUnder = conditions();
  const chains = chooseChains(values.only);
  const runs: { chain: string; versions: object; secondsToCommit: Distribution }[] = [];
  for (const chain of chains) {
    const secondsToCommit = await measure(chain, Number(values.transactions));
    runs.push({ chain: chain.name, versions: chain.versions, secondsToCommit });
    process.stdout.write(`${chain.name}: p50 ${secondsToCommit.p50} s, p99 ${secondsToCommit.p99} s\n`);
  }
  // What is measured alone is for looking at, not for the table.
  if (values.only !== undefined) return;
  writeResult("latency", { conditions: measuredUnder, commitTimeout: "1s", validators: 1, runs });
}

function chooseChains(only: string | undefined): ChainUnderTest[] {
  switch (only) {
    case undefined:
      return [new ComputroniumChain(), SimdChain.build({ cSignatures: false })];
    case "computronium":
      return [new ComputroniumChain()];
    case "simd":
      return [SimdChain.build({ cSignatures: false })];
    default:
      throw new Error(`--only ${only}: computronium or simd`);
  }
}

async function measure(chain: ChainUnderTest, count: number): Promise<Distribution> {
  const home = mkdtempSync(join(tmpdir(), "computronium-latency-"));
  const signer = await loadSigner();
  const accounts = deriveAccounts(signer, { seed: SEED, count: ACCOUNTS, prefix: PREFIX });
  const addresses = accounts.map((account) => account.address);
  const spec = {
    chainId: CHAIN_ID,
    addresses,
    denom: DENOM,
    prefix: PREFIX,
    balance: 1_000_000_000n,
    profile: PROFILES.default,
  };
  const prepared = await chain.prepare(home, spec);
  const maker = new TransactionMaker(signer, accounts, plainSends(CHAIN_ID, DENOM));
  const running = await prepared.start();
  const client = new RpcClient(prepared.rpc, 2);
  const watcher = await CommitWatcher.open(prepared.rpc);
  try {
    const waiting: Promise<number>[] = [];
    for (let index = 0; index < count; index++) {
      const tx = maker.make(index).toString("base64");
      const sentMs = performance.now();
      waiting.push(watcher.committed(tx).then((committedMs) => (committedMs - sentMs) / 1000));
      const answer = await client.call<{ code: number; log: string }>("broadcast_tx_sync", { tx });
      if (answer.code !== 0) throw new Error(`transaction refused: ${answer.log}`);
      await sleep(MEAN_PAUSE_MS * 2 * (sha256(`pause ${index}`).readUInt32BE(0) / 2 ** 32));
    }
    return distribution(await Promise.all(waiting));
  } finally {
    watcher.close();
    client.close();
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
