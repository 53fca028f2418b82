// A program: opens a chain's database, executes the rest of a run on it, and prints the height at which it began, then the app
// hash and all balances after each block. What stops it goes to standard error, and its status is then 3.
//
// Usage: node go-on.js RUN.json HOME
import { readFileSync } from "node:fs";
import { QueryAllBalancesRequestSchema } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";

import { create, toBinary } from "../../core/codec/protobuf.js";
import { parseRun } from "../determinism/run-file.js";
import { ScriptedChain } from "../kit/scripted-chain.js";

const [runFile, home] = process.argv.slice(2);
const run = parseRun(readFileSync(runFile!, "utf8"));

try {
  const chain = await ScriptedChain.start({ appState: run.appState, home: home!, application: { cacheBytes: 1 } });
  process.stdout.write(`${chain.height}\n`);
  for (const { txs } of run.blocks.slice(Number(chain.height))) {
    const { appHashHex } = await chain.block(txs);
    const balances: string[] = [];
    for (const address of run.actors) {
      const data = toBinary(QueryAllBalancesRequestSchema, create(QueryAllBalancesRequestSchema, { address }));
      const { value } = await chain.query("/cosmos.bank.v1beta1.Query/AllBalances", data);
      balances.push(Buffer.from(value ?? []).toString("hex"));
    }
    process.stdout.write(`${JSON.stringify([appHashHex, ...balances])}\n`);
  }
  await chain.close();
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exit(3);
}
