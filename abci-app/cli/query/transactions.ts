import { setTimeout as sleep } from "node:timers/promises";

import type { JsonValue } from "@bufbuild/protobuf";
import { TxResponseSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import type { Command } from "commander";
import { Option } from "commander";

import { gatewayJson } from "../../../core/codec/gateway-json.js";
import { create } from "../../../core/codec/protobuf.js";
import { headerAnswer } from "../../comet-rpc/block.js";
import { CometRpcError } from "../../comet-rpc/client.js";
import type { ResultTx } from "../../comet-rpc/transaction.js";
import { resultTx, txResponse, txSearchAnswer } from "../../comet-rpc/transaction.js";
import { addNodeFlag, addOutputFlag, clientFor } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import type { NodeRpc } from "../client/rpc.js";
import type { ToolContext } from "../options.js";
import { nanosOfDuration } from "../proto/duration.js";
import type { Search } from "./search.js";
import { addSearchFlags, readSearch, searchParams, searchResult } from "./search.js";

const POLL_MILLISECONDS = 200;
const NANOS_PER_MILLISECOND = 1_000_000n;

export function addTransactionCommands(query: Command, context: ToolContext): void {
  const tx = query
    .command("tx")
    .argument(
      "<hash>",
      "of the transaction; with --type acc_seq address/sequence, with --type signature a signature in base64",
    )
    .description("a transaction that is in a block")
    .addOption(
      new Option("--type <type>", "what the argument is").choices(["hash", "acc_seq", "signature"]).default("hash"),
    )
    .addHelpText("after", "\nExample:\n  computroniumd query tx 9F86D081884C7D65… -o json");
  addOutputFlag(addNodeFlag(tx)).action(async (text: string) => {
    const { rpc, config } = clientFor(tx, context);
    const { type } = tx.opts<{ type: string }>();
    context.out(
      await formatted(type === "hash" ? await txByHash(rpc, text) : await txByEvent(rpc, type, text), config.output),
    );
  });

  const txs = query
    .command("txs")
    .description("transactions by their events")
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd query txs --query \"message.sender='cptm1…'\" --limit 10\n" +
        "  computroniumd query txs --query \"message.action='/cosmos.bank.v1beta1.MsgSend' AND tx.height>100\" --order_by desc",
    );
  addOutputFlag(addNodeFlag(addSearchFlags(txs))).action(async () => {
    const { rpc, config } = clientFor(txs, context);
    context.out(await formatted(await searchTxs(rpc, readSearch(txs)), config.output));
  });

  const wait = query
    .command("wait-tx")
    .alias("event-query-tx-for")
    .argument("<hash>", "of the transaction")
    .description("wait until a transaction is in a block, and print it; status 1 when the time is over")
    .option("--timeout <duration>", "how long", "15s")
    .addHelpText("after", "\nExample:\n  computroniumd query wait-tx 9F86D081884C7D65… --timeout 30s");
  addOutputFlag(addNodeFlag(wait)).action(async (hash: string) => {
    const { rpc, config } = clientFor(wait, context);
    const { timeout } = wait.opts<{ timeout: string }>();
    const nanos = nanosOfDuration(timeout);
    if (nanos === undefined) throw new Error(`--timeout is "${timeout}": expected a duration such as 15s`);
    context.out(await formatted(await waitForTx(rpc, hash, Number(nanos / NANOS_PER_MILLISECOND)), config.output));
  });
}

async function txByHash(rpc: NodeRpc, text: string): Promise<JsonValue> {
  const hash = text.replace(/^0x/, "");
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw new Error(`"${text}" is no transaction hash: 64 hexadecimal digits`);
  const found = await rpc.call("tx", resultTx, { hash: Buffer.from(hash, "hex").toString("base64") });
  return txJson(found, await blockTime(rpc, found.height));
}

async function txByEvent(rpc: NodeRpc, type: string, text: string): Promise<JsonValue> {
  if (text.includes("'")) throw new Error("a quote cannot stand in it");
  const params = { query: `tx.${type}='${text}'`, page: "1", per_page: "1" };
  const [found] = (await rpc.call("tx_search", txSearchAnswer, params)).txs;
  if (found === undefined) throw new Error(`found no transaction with ${type} ${text}`);
  return txJson(found, await blockTime(rpc, found.height));
}

/** The SDK's SearchTxsResult. */
async function searchTxs(rpc: NodeRpc, search: Search): Promise<JsonValue> {
  const { txs, total_count: total } = await rpc.call("tx_search", txSearchAnswer, searchParams(search));
  const times = new Map<bigint, bigint>();
  for (const { height } of txs) {
    if (!times.has(height)) times.set(height, await blockTime(rpc, height));
  }
  const found = txs.map((tx) => txJson(tx, times.get(tx.height) ?? 0n));
  return { ...searchResult(search, total, found.length), txs: found };
}

function txJson(found: ResultTx, blockTimeSeconds: bigint): JsonValue {
  return gatewayJson(TxResponseSchema, create(TxResponseSchema, txResponse(found, blockTimeSeconds).txResponse));
}

async function blockTime(rpc: NodeRpc, height: bigint): Promise<bigint> {
  const { header } = await rpc.call("header", headerAnswer, { height: height.toString() });
  return header?.time.seconds ?? 0n;
}

async function waitForTx(rpc: NodeRpc, hash: string, milliseconds: number): Promise<JsonValue> {
  for (const end = Date.now() + milliseconds; ;) {
    try {
      return await txByHash(rpc, hash);
    } catch (error) {
      if (!(error instanceof CometRpcError) || !error.message.includes("not found")) throw error;
      if (Date.now() >= end)
        throw new Error(`transaction ${hash} is in no block after ${milliseconds} ms`, { cause: error });
    }
    await sleep(POLL_MILLISECONDS);
  }
}
