#!/usr/bin/env node
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import {
  CheckTxType,
  RequestCheckTxSchema,
  RequestCommitSchema,
  RequestFinalizeBlockSchema,
  RequestInitChainSchema,
  RequestPrepareProposalSchema,
  RequestProcessProposalSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import type { AbciApplication } from "../abci-app/abci/application.js";
import { wireChain } from "../abci-app/app.js";
import { createNodeApplication } from "../abci-app/node-application.js";
import { create } from "../core/codec/protobuf.js";
import { defaultAppState } from "../core/runtime/genesis.js";
import { FIRST_ACCOUNT_NUMBER, plainSends } from "./chain/chain.js";
import { fundAccounts, type FundableState } from "./chain/genesis.js";
import { deriveAccounts, sha256 } from "./load/accounts.js";
import { loadSigner } from "./load/signer.js";
import { percentile, round } from "./load/statistics.js";
import { TransactionMaker } from "./load/transactions.js";
import { conditions, writeResult } from "./results.js";

const USAGE = `Microseconds of the application's processor time for each bank send, call by call, without CometBFT and sockets.

  node dist/bench/application.js [--accounts 100000] [--block 5000] [--blocks 8]
`;

const CHAIN_ID = "bench-1";
const PREFIX = "cosmos";
const DENOM = "stake";
const PHASES = ["checkTx", "prepareProposal", "processProposal", "finalizeBlock", "commit", "recheckTx"] as const;
type Phase = (typeof PHASES)[number];
/** A start for the block times; one a second follow. */
const GENESIS_SECONDS = 1_750_000_000n;
const MAX_TX_BYTES = 4n * 1024n * 1024n;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      accounts: { type: "string", default: "100000" },
      block: { type: "string", default: "5000" },
      blocks: { type: "string", default: "8" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const measuredUnder = conditions();
  const sizes = { accounts: Number(values.accounts), perBlock: Number(values.block), blocks: Number(values.blocks) };
  const { maker, addresses } = await makeLoad(sizes.accounts);
  const folder = mkdtempSync(join(tmpdir(), "computronium-application-"));
  const log = pino({ level: "warn" });
  const node = await createNodeApplication({ path: folder, log, minGasPrices: [], queryWorkers: 0 });
  try {
    await startChain(node.application, addresses);
    const blockOf = (index: number): Uint8Array[] =>
      Array.from({ length: sizes.perBlock }, (_, i) => new Uint8Array(maker.make(index * sizes.perBlock + i)));
    const blocks: Record<Phase, number>[] = [];
    let next = blockOf(0);
    await checkAll(node.application, next, CheckTxType.NEW);
    for (let index = 1; index <= sizes.blocks; index++) {
      const txs = next;
      next = blockOf(index);
      // The mempool takes in the next block's transactions, and checks them again after this block's commit.
      const checkTx = await checkAll(node.application, next, CheckTxType.NEW);
      const calls = await runBlock(node.application, BigInt(index + 1), txs);
      const recheckTx = await checkAll(node.application, next, CheckTxType.RECHECK);
      blocks.push({ checkTx, recheckTx, ...calls });
    }
    const medians = PHASES.map((phase) => ({
      phase,
      microsecondsPerTransaction: round(
        percentile(
          blocks.map((block) => block[phase]),
          0.5,
        ),
      ),
    }));
    for (const { phase, microsecondsPerTransaction } of medians) {
      process.stdout.write(`${phase.padEnd(16)} ${microsecondsPerTransaction.toFixed(1).padStart(8)} µs/tx\n`);
    }
    writeResult("application", { conditions: measuredUnder, settings: sizes, medians });
  } finally {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeLoad(count: number): Promise<{ maker: TransactionMaker; addresses: string[] }> {
  const signer = await loadSigner();
  const accounts = deriveAccounts(signer, { seed: "application", count, prefix: PREFIX });
  const maker = new TransactionMaker(signer, accounts, plainSends(CHAIN_ID, DENOM));
  return { maker, addresses: accounts.map((account) => account.address) };
}

interface GenesisState extends FundableState {
  chain: { params: { bech32_prefix: string; fee_denom: string } };
}

/** Genesis and a first, empty block. */
async function startChain(application: AbciApplication, addresses: readonly string[]): Promise<void> {
  const state = defaultAppState(wireChain().chain) as unknown as GenesisState;
  state.chain.params.bech32_prefix = PREFIX;
  state.chain.params.fee_denom = DENOM;
  state.auth.accounts = [];
  state.bank.balances = [];
  fundAccounts(
    state,
    { addresses, denom: DENOM, balance: 1_000_000_000n },
    { firstAccountNumber: FIRST_ACCOUNT_NUMBER, alreadyFunded: 0n },
  );
  const appStateBytes = Buffer.from(JSON.stringify(state));
  await application.initChain(
    create(RequestInitChainSchema, { chainId: CHAIN_ID, initialHeight: 1n, appStateBytes, time: timeOf(1n) }),
  );
  await runBlock(application, 1n, []);
}

/** CheckTx of all, as they come over the socket: without waiting for answers. Processor time of one in microseconds. */
async function checkAll(application: AbciApplication, txs: readonly Uint8Array[], type: CheckTxType): Promise<number> {
  const before = process.cpuUsage();
  const results = await Promise.all(txs.map((tx) => application.checkTx(create(RequestCheckTxSchema, { tx, type }))));
  const { user, system } = process.cpuUsage(before);
  const failed = results.find(({ code }) => code !== 0);
  if (failed !== undefined) throw new Error(`transaction refused: ${failed.log}`);
  return (user + system) / txs.length;
}

async function runBlock(
  application: AbciApplication,
  height: bigint,
  txs: readonly Uint8Array[],
): Promise<Omit<Record<Phase, number>, "checkTx" | "recheckTx">> {
  const time = timeOf(height);
  const hash = sha256(`block ${height}`);
  const perTx = (cpu: NodeJS.CpuUsage): number => (cpu.user + cpu.system) / Math.max(txs.length, 1);
  let before = process.cpuUsage();
  const prepared = await application.prepareProposal(
    create(RequestPrepareProposalSchema, { height, time, txs: [...txs], maxTxBytes: MAX_TX_BYTES }),
  );
  const prepareProposal = perTx(process.cpuUsage(before));
  const proposed = [...(prepared.txs ?? [])] as Uint8Array[];
  if (proposed.length !== txs.length) throw new Error(`${proposed.length} of ${txs.length} transactions proposed`);

  before = process.cpuUsage();
  await application.processProposal(create(RequestProcessProposalSchema, { height, time, hash, txs: proposed }));
  const processProposal = perTx(process.cpuUsage(before));

  before = process.cpuUsage();
  const block = await application.finalizeBlock(
    create(RequestFinalizeBlockSchema, { height, time, hash, txs: proposed }),
  );
  const finalizeBlock = perTx(process.cpuUsage(before));
  const failed = block.txResults.find((result) => (result.code ?? 0) !== 0);
  if (failed !== undefined) throw new Error(`transaction failed in its block: ${failed.log}`);

  before = process.cpuUsage();
  await application.commit(create(RequestCommitSchema, {}));
  const commit = perTx(process.cpuUsage(before));
  return { prepareProposal, processProposal, finalizeBlock, commit };
}

function timeOf(height: bigint): { seconds: bigint; nanos: number } {
  return { seconds: GENESIS_SECONDS + height, nanos: 0 };
}

await main();
