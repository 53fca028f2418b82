import type { JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import { BlockSchema } from "@computronium/proto/tendermint/types/block_pb.js";
import type { Command } from "commander";
import { Option } from "commander";
import { z } from "zod";

import type { ConsAddress } from "../../../core/address.js";
import { toByteString } from "../../../core/bytes.js";
import { gatewayJson } from "../../../core/codec/gateway-json.js";
import { create } from "../../../core/codec/protobuf.js";
import { blockAnswer, blockSearchAnswer, validatorsAnswer } from "../../comet-rpc/block.js";
import type { Client } from "../client/client-flags.js";
import { addNodeFlag, addOutputFlag, clientFor } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import type { ToolContext } from "../options.js";
import { addPageOfFlags, addSearchFlags, pageOf, readSearch, searchParams, searchResult } from "./search.js";

/** A hash, which no height is as long as. */
const HASH = /^(0x)?[0-9a-fA-F]{64}$/;

export function addBlockCommands(query: Command, context: ToolContext): void {
  const block = query
    .command("block")
    .argument("[block]", "height or hash; the latest without it")
    .description("a block, as the Cosmos SDK shows it")
    .addOption(new Option("--type <type>", "what the argument is (default: as it looks)").choices(["height", "hash"]))
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd query block 5 -o json\n  computroniumd query block 9F86D081884C7D65…",
    );
  addOutputFlag(addNodeFlag(block)).action(async (which: string | undefined) => {
    const { rpc, config } = clientFor(block, context);
    const { type = HASH.test(which ?? "") ? "hash" : "height" } = block.opts<{ type?: string }>();
    const { block: found } =
      type === "hash"
        ? await rpc.call("block_by_hash", blockAnswer, hashParams(which))
        : await rpc.call("block", blockAnswer, heightParams(which));
    if (found === undefined) throw new Error(`there is no block ${which ?? ""}`);
    context.out(await formatted(blockJson(found), config.output));
  });

  const blocks = query
    .command("blocks")
    .description("blocks by their events")
    .addHelpText(
      "after",
      '\nExample:\n  computroniumd query blocks --query "block.height > 5" --limit 10 --order_by desc',
    );
  addOutputFlag(addNodeFlag(addSearchFlags(blocks))).action(async () => {
    const { rpc, config } = clientFor(blocks, context);
    const search = readSearch(blocks);
    const { blocks: found, total_count: total } = await rpc.call(
      "block_search",
      blockSearchAnswer,
      searchParams(search),
    );
    const list = found.flatMap((one) => (one.block === undefined ? [] : [blockJson(one.block)]));
    context.out(await formatted({ ...searchResult(search, total, list.length), blocks: list }, config.output));
  });

  const results = query
    .command("block-results")
    .argument("[height]", "the latest without it")
    .description("what the transactions and hooks of a block did")
    .addHelpText("after", "\nExample:\n  computroniumd query block-results 5 -o json");
  addOutputFlag(addNodeFlag(results)).action(async (height: string | undefined) => {
    const { rpc, config } = clientFor(results, context);
    context.out(await formatted(await rpc.call("block_results", z.unknown(), heightParams(height)), config.output));
  });

  const validators = query
    .command("comet-validator-set")
    .alias("tendermint-validator-set")
    .argument("[height]", "the latest without it")
    .description("who votes on blocks, and with which power")
    .addHelpText("after", "\nExample:\n  computroniumd query comet-validator-set 5 -o json");
  addOutputFlag(addNodeFlag(addPageOfFlags(validators))).action(async (height: string | undefined) => {
    const client = clientFor(validators, context);
    const { page, limit } = pageOf(validators);
    const answer = await client.rpc.call("validators", validatorsAnswer, {
      ...heightParams(height),
      page,
      per_page: limit,
    });
    context.out(await formatted(validatorSet(client, answer), client.config.output));
  });
}

/** A block as PrintProto of the SDK writes tendermint.types.Block. */
function blockJson(block: MessageInitShape<typeof BlockSchema>): JsonValue {
  return gatewayJson(BlockSchema, create(BlockSchema, block));
}

/** The SDK's ResultValidatorsOutput. */
function validatorSet(
  { addresses }: Client,
  { block_height: height, validators, total }: z.infer<typeof validatorsAnswer>,
): JsonValue {
  return {
    block_height: height.toString(),
    validators: validators.map(({ address, pub_key: key, voting_power: power, proposer_priority: priority }) => ({
      address: addresses.consensus.encode(toByteString(address) as ConsAddress),
      pub_key: { "@type": "/cosmos.crypto.ed25519.PubKey", key: key.value.toString("base64") },
      proposer_priority: priority.toString(),
      voting_power: power.toString(),
    })),
    total: total.toString(),
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
