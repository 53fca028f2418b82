import type { Command } from "commander";
import { Option } from "commander";
import { z } from "zod";

import type { ConsAddress } from "../../../core/address.js";
import { hexToByteString } from "../../../core/bytes.js";
import type { Client } from "../client/client-flags.js";
import { addNodeFlag, addOutputFlag, clientFor } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import type { ToolContext } from "../options.js";
import { pageOf } from "./transactions.js";

const blockAnswer = z.object({ block: z.record(z.string(), z.unknown()).nullable() });
const searchAnswer = z.object({
  blocks: z.array(z.object({ block: z.record(z.string(), z.unknown()) })).nullish(),
  total_count: z.string(),
});
const validatorsAnswer = z.object({
  block_height: z.string(),
  total: z.string(),
  validators: z.array(
    z.object({
      address: z.string(),
      pub_key: z.object({ type: z.string(), value: z.string() }),
      voting_power: z.string(),
      proposer_priority: z.string(),
    }),
  ),
});

export function addBlockCommands(query: Command, context: ToolContext): void {
  const block = query
    .command("block")
    .argument("[block]", "height or hash; the latest without it")
    .description("a block as CometBFT's RPC shows it")
    .addOption(new Option("--type <type>", "what the argument is").choices(["height", "hash"]).default("height"))
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd query block 5 -o json\n  computroniumd query block --type=hash 9F86D0…",
    );
  addOutputFlag(addNodeFlag(block)).action(async (which: string | undefined) => {
    const { rpc, config } = clientFor(block, context);
    const { type } = block.opts<{ type: string }>();
    const answer =
      type === "hash"
        ? await rpc.call("block_by_hash", hashParams(which))
        : await rpc.call("block", heightParams(which));
    const found = blockAnswer.parse(answer).block;
    if (found === null) throw new Error(`there is no block ${which ?? ""}`);
    context.out(await formatted(found, config.output));
  });

  const blocks = query
    .command("blocks")
    .description("blocks by their events")
    .requiredOption("--query <expression>", "in CometBFT's language")
    .option("--page <number>", "from 1", "1")
    .option("--limit <count>", "entries of a page, at most 100", "100")
    .addOption(new Option("--order_by <order>", "by height").choices(["asc", "desc", ""]).default(""))
    .addHelpText(
      "after",
      '\nExample:\n  computroniumd query blocks --query "block.height > 5" --limit 10 --order_by desc',
    );
  addOutputFlag(addNodeFlag(blocks)).action(async () => {
    const { rpc, config } = clientFor(blocks, context);
    const { query: expression, order_by: order } = blocks.opts<{ query: string; order_by: string }>();
    const { page, limit } = pageOf(blocks);
    const params = { query: expression, page, per_page: limit, order_by: order };
    const { blocks: found, total_count: total } = searchAnswer.parse(await rpc.call("block_search", params));
    const list = (found ?? []).map(({ block: one }) => one);
    const pages = (BigInt(total) + BigInt(limit) - 1n) / BigInt(limit);
    const result = {
      total_count: total,
      count: String(list.length),
      page_number: page,
      page_total: pages.toString(),
      limit,
      blocks: list,
    };
    context.out(await formatted(result, config.output));
  });

  const results = query
    .command("block-results")
    .argument("[height]", "the latest without it")
    .description("what the transactions and hooks of a block did")
    .addHelpText("after", "\nExample:\n  computroniumd query block-results 5 -o json");
  addOutputFlag(addNodeFlag(results)).action(async (height: string | undefined) => {
    const { rpc, config } = clientFor(results, context);
    context.out(await formatted(await rpc.call("block_results", heightParams(height)), config.output));
  });

  const validators = query
    .command("comet-validator-set")
    .alias("tendermint-validator-set")
    .argument("[height]", "the latest without it")
    .description("who votes on blocks, and with which power")
    .option("--page <number>", "from 1", "1")
    .option("--limit <count>", "entries of a page, at most 100", "100")
    .addHelpText("after", "\nExample:\n  computroniumd query comet-validator-set 5 -o json");
  addOutputFlag(addNodeFlag(validators)).action(async (height: string | undefined) => {
    const client = clientFor(validators, context);
    const { page, limit } = pageOf(validators);
    const answer = await client.rpc.call("validators", { ...heightParams(height), page, per_page: limit });
    context.out(await formatted(validatorSet(client, answer), client.config.output));
  });
}

/** The SDK's ResultValidatorsOutput. */
function validatorSet({ addresses }: Client, answer: unknown): unknown {
  const { block_height: height, validators, total } = validatorsAnswer.parse(answer);
  return {
    block_height: height,
    validators: validators.map(({ address, pub_key: key, voting_power: power, proposer_priority: priority }) => ({
      address: addresses.consensus.encode(hexToByteString(address) as ConsAddress),
      pub_key: { "@type": "/cosmos.crypto.ed25519.PubKey", key: key.value },
      proposer_priority: priority,
      voting_power: power,
    })),
    total,
  };
}

function heightParams(height: string | undefined): Readonly<Record<string, string>> {
  if (height === undefined || height === "0") return {};
  if (!/^\d{1,18}$/.test(height)) throw new Error(`"${height}" is no height: a whole number is expected`);
  return { height };
}

function hashParams(hash: string | undefined): Readonly<Record<string, string>> {
  const hex = hash?.replace(/^0x/, "") ?? "";
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) throw new Error(`"${hash ?? ""}" is no block hash: 64 hexadecimal digits`);
  return { hash: Buffer.from(hex, "hex").toString("base64") };
}
