#!/usr/bin/env node
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FIRST_ACCOUNT_NUMBER, outstandingOf, PROFILES, type ChainUnderTest, type Profile } from "./chain/chain.js";
import { ComputroniumChain } from "./chain/computronium.js";
import { SimdChain } from "./chain/simd.js";
import { Generator } from "./generator.js";
import { deriveAccounts } from "./load/accounts.js";
import type { LoadResult } from "./load/load.js";
import { loadSigner } from "./load/signer.js";
import { conditions, writeResult } from "./results.js";
import { compare, describe, summarize, type Run } from "./throughput-report.js";

const USAGE = `Committed bank sends a second: this node and simd (Go Cosmos SDK) on the same machine, alternating.

  node dist/bench/throughput.js [--seconds 60] [--runs 2] [--accounts 100000] [--profile default|tuned]
                                [--only computronium|simd|simd-c] [--c-signatures] [--keep FOLDER] [--no-verify]

  --c-signatures   also simd built with libsecp256k1
  --only NAME      measure one chain alone, and leave bench/results as it is
  --keep FOLDER    leave the home folders and logs there
  --no-verify      trust block headers: do not look for every transaction in the blocks afterwards
`;

const CHAIN_ID = "bench-1";
const SEED = "load";
const PREFIX = "cosmos";
const DENOM = "stake";
const BALANCE = 1_000_000_000n;
const CONNECTIONS = 4;
/** Transactions signed beforehand for each second of the load: more than the chain can commit. */
const SIGNED_PER_SECOND = { computronium: { default: 5_200, tuned: 14_000 }, simd: { default: 1_800, tuned: 2_500 } };
/** Blocks of nothing but the start's own work. */
const SETTLE_MS = 3_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      seconds: { type: "string", default: "60" },
      runs: { type: "string", default: "2" },
      accounts: { type: "string", default: "100000" },
      profile: { type: "string" },
      only: { type: "string" },
      "c-signatures": { type: "boolean", default: false },
      keep: { type: "string" },
      "no-verify": { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const measuredUnder = conditions();
  const chains = chooseChains(values.only, values["c-signatures"]);
  const profiles = values.profile === undefined ? Object.values(PROFILES) : [chooseProfile(values.profile)];
  const settings = { seconds: Number(values.seconds), accounts: Number(values.accounts), verify: !values["no-verify"] };
  const signer = await loadSigner();
  const accounts = deriveAccounts(signer, { seed: SEED, count: settings.accounts, prefix: PREFIX });
  const addresses = accounts.map((account) => account.address);
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), "computronium-bench-"));
  const runs: Run[] = [];
  try {
    for (let round = 1; round <= Number(values.runs); round++) {
      for (const profile of profiles) {
        for (const chain of chains) {
          const home = join(folder, `${chain.name}-${profile.name}-${round}`);
          const result = await measure(chain, profile, { ...settings, addresses, home });
          const run: Run = { chain: chain.name, profile: profile.name, result };
          runs.push(run);
          process.stdout.write(`${describe(run)}\n`);
          if (values.keep === undefined) rmSync(home, { recursive: true, force: true });
        }
      }
    }
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
  const ratios = compare(runs);
  for (const ratio of ratios) {
    process.stdout.write(`${ratio.profile}: computronium commits ${ratio.ratio} times what ${ratio.peer} does\n`);
  }
  const versions = Object.fromEntries(chains.map((chain) => [chain.name, chain.versions]));
  // What is measured alone is for looking at, not for the table.
  if (values.only !== undefined) return;
  // A file for each profile, so that one can be measured again without the other.
  for (const profile of profiles) {
    const ofProfile = <T extends { readonly profile: Profile["name"] }>(list: readonly T[]): T[] =>
      list.filter((entry) => entry.profile === profile.name);
    writeResult(`throughput-${profile.name}`, {
      conditions: measuredUnder,
      settings: {
        validators: 1,
        secondsOfLoad: settings.seconds,
        fundedAccounts: settings.accounts,
        message: "cosmos.bank.v1beta1.MsgSend, one in each transaction, SIGN_MODE_DIRECT",
        profile,
      },
      versions,
      summary: ofProfile(summarize(runs)),
      ratios: ofProfile(ratios),
      runs: ofProfile(runs),
    });
  }
}

function chooseChains(only: string | undefined, cSignatures: boolean): ChainUnderTest[] {
  switch (only) {
    case undefined: {
      const peers = [SimdChain.build({ cSignatures: false })];
      if (cSignatures) peers.push(SimdChain.build({ cSignatures: true }));
      return [new ComputroniumChain(), ...peers];
    }
    case "computronium":
    case "ours":
      return [new ComputroniumChain()];
    case "simd":
      return [SimdChain.build({ cSignatures: false })];
    case "simd-c":
      return [SimdChain.build({ cSignatures: true })];
    default:
      throw new Error(`--only ${only}: computronium, simd or simd-c`);
  }
}

function chooseProfile(name: string): Profile {
  if (name !== "default" && name !== "tuned") throw new Error(`--profile ${name}: default or tuned`);
  return PROFILES[name];
}

interface MeasureOptions {
  readonly home: string;
  readonly seconds: number;
  readonly accounts: number;
  readonly addresses: readonly string[];
  readonly verify: boolean;
}

/** Prepares a fresh chain, signs, starts it, loads it, stops it. */
async function measure(chain: ChainUnderTest, profile: Profile, options: MeasureOptions): Promise<LoadResult> {
  const { home, addresses, seconds, accounts } = options;
  const spec = { chainId: CHAIN_ID, addresses, denom: DENOM, prefix: PREFIX, balance: BALANCE, profile };
  const prepared = await chain.prepare(home, spec);
  const perSecond = SIGNED_PER_SECOND[chain.name === "computronium" ? "computronium" : "simd"][profile.name];
  const generator = await Generator.prepare({
    chainId: CHAIN_ID,
    firstAccountNumber: FIRST_ACCOUNT_NUMBER,
    seed: SEED,
    prefix: PREFIX,
    denom: DENOM,
    accounts,
    count: perSecond * seconds,
    seconds,
    maxOutstanding: outstandingOf(profile, prepared),
    batchSize: profile.batchSize,
    connections: CONNECTIONS,
    rpc: prepared.rpc,
    outFile: join(home, "load.json"),
    extra: options.verify ? [] : ["--no-verify"],
  });
  const running = await prepared.start();
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return await generator.fire(running.pid);
  } finally {
    await running.stop();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
