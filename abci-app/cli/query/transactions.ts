import { setTimeout as sleep } from "node:timers/promises";

import type { JsonValue } from "@bufbuild/protobuf";
import type { Command } from "commander";
import { Option } from "commander";
import { z } from "zod";

import { addNodeFlag, addOutputFlag, clientFor } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import type { NodeRpc } from "../client/rpc.js";
import { RpcError } from "../client/rpc.js";
import { blockTimestamp, indexedTxResponse, indexedTxSchema } from "../client/tx-response.js";
import type { ToolContext } from "../options.js";
import { nanosOfDuration } from "../proto/duration.js";

const POLL_MILLISECONDS = 200;
const NANOS_PER_MILLISECOND = 1_000_000n;
const MAX_LIMIT = 100n;
const searchAnswer = z.object({ txs: z.array(indexedTxSchema).nullish(), total_count: z.string() });

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
    .requiredOption("--query <expression>", "in CometBFT's language")
    .option("--page <number>", "from 1", "1")
    .option("--limit <count>", `entries of a page, at most ${MAX_LIMIT}`, "100")
    .addOption(new Option("--order_by <order>", "by height and index").choices(["asc", "desc", ""]).default(""))
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd query txs --query \"message.sender='cptm1…'\" --limit 10\n" +
        "  computroniumd query txs --query \"message.action='/cosmos.bank.v1beta1.MsgSend' AND tx.height>100\" --order_by desc",
    );
  addOutputFlag(addNodeFlag(txs)).action(async () => {
    const { rpc, config } = clientFor(txs, context);
    const { query: expression, order_by: order } = txs.opts<{ query: string; order_by: string }>();
    context.out(await formatted(await searchTxs(rpc, { expression, order, ...pageOf(txs) }), config.output));
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

/** --page and --limit as CometBFT takes them. */
export function pageOf(command: Command): { readonly page: string; readonly limit: string } {
  const { page, limit } = command.opts<{ page: string; limit: string }>();
  if (!/^[1-9]\d{0,8}$/.test(page)) throw new Error(`--page is "${page}": expected a number from 1`);
  if (!/^[1-9]\d{0,8}$/.test(limit) || BigInt(limit) > MAX_LIMIT)
    throw new Error(`--limit is "${limit}": expected a number from 1 to ${MAX_LIMIT}`);
  return { page, limit };
}

async function txByHash(rpc: NodeRpc, text: string): Promise<JsonValue> {
  const hash = text.replace(/^0x/, "");
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw new Error(`"${text}" is no transaction hash: 64 hexadecimal digits`);
  const found = indexedTxSchema.parse(await rpc.call("tx", { hash: Buffer.from(hash, "hex").toString("base64") }));
  return indexedTxResponse(found, await blockTimestamp(rpc, found.height));
}

async function txByEvent(rpc: NodeRpc, type: string, text: string): Promise<JsonValue> {
  if (text.includes("'")) throw new Error("a quote cannot stand in it");
  const params = { query: `tx.${type}='${text}'`, page: "1", per_page: "1" };
  const [found] = searchAnswer.parse(await rpc.call("tx_search", params)).txs ?? [];
  if (found === undefined) throw new Error(`found no transaction with ${type} ${text}`);
  return indexedTxResponse(found, await blockTimestamp(rpc, found.height));
}

/** The SDK's SearchTxsResult. */
async function searchTxs(
  rpc: NodeRpc,
  {
    expression,
    order,
    page,
    limit,
  }: { readonly expression: string; readonly order: string; readonly page: string; readonly limit: string },
): Promise<JsonValue> {
  const params = { query: expression, page, per_page: limit, order_by: order };
  const { txs, total_count: total } = searchAnswer.parse(await rpc.call("tx_search", params));
  const timestamps = new Map<string, string>();
  const found: JsonValue[] = [];
  for (const tx of txs ?? []) {
    let timestamp = timestamps.get(tx.height);
    if (timestamp === undefined) timestamps.set(tx.height, (timestamp = await blockTimestamp(rpc, tx.height)));
    found.push(indexedTxResponse(tx, timestamp));
  }
  const pages = (BigInt(total) + BigInt(limit) - 1n) / BigInt(limit);
  return {
    total_count: total,
    count: String(found.length),
    page_number: page,
    page_total: pages.toString(),
    limit,
    txs: found,
  };
}

async function waitForTx(rpc: NodeRpc, hash: string, milliseconds: number): Promise<JsonValue> {
  for (const end = Date.now() + milliseconds; ;) {
    try {
      return await txByHash(rpc, hash);
    } catch (error) {
      if (!(error instanceof RpcError) || !error.message.includes("not found")) throw error;
      if (Date.now() >= end)
        throw new Error(`transaction ${hash} is in no block after ${milliseconds} ms`, { cause: error });
    }
    await sleep(POLL_MILLISECONDS);
  }
}
