#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { deriveAccounts } from "./accounts.js";
import { runLoad } from "./load.js";
import { presign, type BroadcastMethod } from "./presigned.js";
import { loadSigner } from "./signer.js";
import { TransactionMaker } from "./transactions.js";

const USAGE = `Bank sends against any chain with CometBFT's RPC.

  node dist/bench/load/main.js --chain-id ID [options]

  --rpc URL            RPC address; may be given several times (http://127.0.0.1:26657)
  --allow-remote       permit addresses that are not loopback: only where the operator of that node agreed
  --chain-id ID        chain id that is signed
  --seed TEXT          accounts are derived from it (load)
  --accounts N         how many of them take turns (100000); few of them means several transactions in flight each
  --first-account N    account number of the first (0)
  --prefix TEXT        bech32 prefix (cosmos)
  --denom TEXT         denom of amount and fee (stake)
  --fee N              fee of a transaction (500)
  --gas N              gas limit (120000)
  --seconds N          stop sending after this long (60)
  --count N            transactions signed beforehand, the most that can be sent (100000)
  --rate N             transactions a second at most (no limit)
  --outstanding N      sent and not committed at most (4500; keep it below the mempool's size)
  --batch N            calls in one request (10, CometBFT's default max_request_batch_size)
  --connections N      keep-alive connections (4)
  --sync               broadcast_tx_sync in place of broadcast_tx_async
  --pid N              a process of the node, to report its processor time; may be given several times
  --no-verify          do not read the blocks afterwards
  --wait               when everything is signed, say READY on standard output and wait for a line on standard
                       input, which may name a process as --pid does
  --out FILE           write the result there, not to standard output
`;

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      rpc: { type: "string", multiple: true, default: ["http://127.0.0.1:26657"] },
      "allow-remote": { type: "boolean", default: false },
      "chain-id": { type: "string" },
      seed: { type: "string", default: "load" },
      accounts: { type: "string", default: "100000" },
      "first-account": { type: "string", default: "0" },
      prefix: { type: "string", default: "cosmos" },
      denom: { type: "string", default: "stake" },
      fee: { type: "string", default: "500" },
      gas: { type: "string", default: "120000" },
      seconds: { type: "string", default: "60" },
      count: { type: "string", default: "100000" },
      rate: { type: "string" },
      outstanding: { type: "string", default: "4500" },
      batch: { type: "string", default: "10" },
      connections: { type: "string", default: "4" },
      sync: { type: "boolean", default: false },
      pid: { type: "string", multiple: true, default: [] },
      "no-verify": { type: "boolean", default: false },
      wait: { type: "boolean", default: false },
      out: { type: "string" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const chainId = values["chain-id"];
  if (chainId === undefined) throw new Error("--chain-id is needed: see --help");
  for (const rpc of values.rpc) {
    if (!values["allow-remote"] && !LOOPBACK.has(new URL(rpc).hostname)) {
      throw new Error(`${rpc} is not this machine: load for others' nodes only with their consent, and --allow-remote`);
    }
  }
  const signer = await loadSigner();
  const accounts = deriveAccounts(signer, {
    seed: values.seed,
    count: positive("--accounts", values.accounts),
    prefix: values.prefix,
  });
  const maker = new TransactionMaker(signer, accounts, {
    chainId,
    firstAccountNumber: Number(values["first-account"]),
    fee: { denom: values.denom, amount: BigInt(values.fee) },
    gasLimit: positive("--gas", values.gas),
    amount: { denom: values.denom, amount: 1n },
  });
  const method: BroadcastMethod = values.sync ? "broadcast_tx_sync" : "broadcast_tx_async";
  const count = positive("--count", values.count);
  const transactions = presign(maker, { count, method, onProgress: (done) => progress(`signed ${done} of ${count}`) });
  progress(`signed ${count} with ${signer.name}\n`);
  const pids = [...values.pid];
  if (values.wait) {
    process.stdout.write("READY\n");
    const line = await lineFromStandardInput();
    if (line !== "") pids.push(line);
  }
  const result = await runLoad(transactions, {
    rpc: values.rpc,
    pids: pids.map((pid) => positive("--pid", pid)),
    verify: !values["no-verify"],
    seconds: positive("--seconds", values.seconds),
    ratePerSecond: values.rate === undefined ? Infinity : positive("--rate", values.rate),
    maxOutstanding: positive("--outstanding", values.outstanding),
    batchSize: positive("--batch", values.batch),
    connections: positive("--connections", values.connections),
    onProgress: ({ seconds, accepted, committed, height }) =>
      progress(`${seconds.toFixed(0)} s: height ${height}, accepted ${accepted}, committed ${committed}`),
  });
  progress("\n");
  const json = `${JSON.stringify(result, undefined, 2)}\n`;
  if (values.out === undefined) process.stdout.write(json);
  else writeFileSync(values.out, json);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${option}: ${text} is not a positive number`);
  return value;
}

/** One line that overwrites itself, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function lineFromStandardInput(): Promise<string> {
  return new Promise((resolve) =>
    process.stdin.once("data", (data) => {
      process.stdin.destroy();
      resolve(data.toString().trim());
    }),
  );
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
