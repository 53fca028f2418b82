// A program: executes the run in a file, under the conditions of this process and those in its arguments, and prints every
// block's result as a line of JSON.
//
// Usage: node execute.js RUN.json CONDITIONS.json
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SimulateRequestSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { CheckTxType, RequestCheckTxSchema } from "@computronium/proto/tendermint/abci/types_pb.js";

import { create, toBinary } from "../../core/codec/protobuf.js";
import type { ScriptedBlock } from "../kit/scripted-chain.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { parseRun } from "./run-file.js";
import { MetricsRegistry } from "../../abci-app/telemetry/metrics-registry.js";

export interface Conditions {
  /** Bytes for the cache of the state. */
  readonly cacheBytes?: number;
  /** Whether another thread verifies signatures ahead of CheckTx. */
  readonly signatureThread?: boolean;
  /** The database and everything in memory is opened anew before each block. */
  readonly reopens?: boolean;
  /**
   * The transactions of each block, and some of the next, come through the mempool before and are executed ahead: in the order of the
   * block, or in another in every second one. The last line of standard error says how many results were taken over.
   */
  readonly ahead?: "in order" | "out of order";
  /** What mempool, proposers and clients ask for between the blocks and within them. */
  readonly interleaves?: boolean;
  /** Whether everything is measured. */
  readonly metrics?: boolean;
}

const [runFile, conditionsText] = process.argv.slice(2);
const run = parseRun(readFileSync(runFile!, "utf8"));
const conditions = JSON.parse(conditionsText!) as Conditions;
const home = mkdtempSync(join(tmpdir(), "computronium-determinism-"));
const { cacheBytes, signatureThread = false } = conditions;
const open = async () => {
  const metrics = conditions.metrics === true ? new MetricsRegistry() : undefined;
  const application = {
    signatureThread,
    executeAhead: conditions.ahead !== undefined || conditions.interleaves === true,
    metrics,
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
  };
  return ScriptedChain.start({ appState: run.appState, home, application });
};

async function disturb(chain: ScriptedChain, txs: readonly Uint8Array[], next: readonly Uint8Array[]): Promise<void> {
  for (const tx of [...txs, ...next]) {
    await chain.checkTx(tx);
    const request = create(SimulateRequestSchema, { txBytes: tx });
    await chain.query("/cosmos.tx.v1beta1.Service/Simulate", toBinary(SimulateRequestSchema, request));
  }
  // A block that nobody decides on, with accounts and orders that it alone would make.
  await chain.propose([...next].reverse());
  await chain.query("/cosmos.bank.v1beta1.Query/TotalSupply");
}

async function fillMempool(chain: ScriptedChain, txs: readonly Uint8Array[], reversed: boolean): Promise<void> {
  for (const tx of reversed ? [...txs].reverse() : txs) await chain.checkTx(tx);
  // Far more turns of the event loop than it takes to execute them all.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
}

let chain = await open();
try {
  for (const [index, { seconds, txs }] of run.blocks.entries()) {
    const next = run.blocks[index + 1]?.txs ?? [];
    if (conditions.reopens === true && index > 0) {
      const { time } = chain;
      await chain.close();
      chain = await open();
      chain.time = time;
    }
    if (conditions.interleaves === true) await disturb(chain, txs, next);
    if (conditions.ahead !== undefined) {
      const isReversed = conditions.ahead === "out of order" && index % 2 === 1;
      await fillMempool(chain, [...txs, ...next.slice(0, 2)], isReversed);
    }
    const finalized = chain.finalize(txs, { seconds: BigInt(seconds) });
    if (conditions.interleaves === true) await disturb(chain, next, txs);
    const block = await finalized;
    if (conditions.interleaves === true) await disturb(chain, next, txs);
    await chain.commit();
    if (conditions.interleaves === true) {
      for (const tx of next) {
        await chain.app.checkTx(create(RequestCheckTxSchema, { tx, type: CheckTxType.RECHECK }));
      }
    }
    process.stdout.write(`${lineOf(block)}\n`);
  }
  process.stderr.write(`${chain.node.takenAhead}\n`);
} finally {
  await chain.close();
  rmSync(home, { recursive: true });
}

/** All that CometBFT hashes, stores or indexes of a block, and more. */
function lineOf({ height, appHashHex, txResults, events, validatorUpdates }: ScriptedBlock): string {
  return JSON.stringify({ height, appHashHex, events, validatorUpdates, txResults }, (_, value: unknown) => {
    if (typeof value === "bigint") return String(value);
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  });
}
