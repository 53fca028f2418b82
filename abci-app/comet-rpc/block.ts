import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BlockSchema } from "@computronium/proto/tendermint/types/block_pb.js";
import type { BlockIDSchema } from "@computronium/proto/tendermint/types/types_pb.js";
import { z } from "zod";

import { cometTime, hex, int64 } from "./values.js";
import { evidence } from "./evidence.js";
import { blockId, commit, header } from "./header.js";

const base64 = z.string().transform((text) => Buffer.from(text, "base64"));

const block = z
  .object({
    header,
    data: z.object({ txs: z.array(base64).nullish() }),
    evidence: z.object({ evidence: z.array(evidence).nullish() }),
    last_commit: commit.nullish(),
  })
  .transform((json): MessageInitShape<typeof BlockSchema> => ({
    header: json.header,
    data: { txs: json.data.txs ?? [] },
    evidence: { evidence: json.evidence.evidence ?? [] },
    ...(json.last_commit === null || json.last_commit === undefined ? {} : { lastCommit: json.last_commit }),
  }));

/** CometBFT's answer to `block` (rpc/core/types ResultBlock), as the protobuf messages of the same block. */
export const blockAnswer = z.object({ block_id: blockId, block: block.nullable() }).transform(
  (
    json,
  ): {
    readonly blockId: MessageInitShape<typeof BlockIDSchema>;
    readonly block: MessageInitShape<typeof BlockSchema> | undefined;
  } => ({ blockId: json.block_id, block: json.block ?? undefined }),
);

/** The answer to `block_search`. */
export const blockSearchAnswer = z.object({
  blocks: z
    .array(blockAnswer)
    .nullish()
    .transform((blocks) => blocks ?? []),
  total_count: int64,
});

/** The answer to `header`. */
export const headerAnswer = z.object({ header: header.nullable() });

/** What is used of the answer to `status`. */
export const statusAnswer = z.object({
  node_info: z.object({
    protocol_version: z.object({ p2p: int64, block: int64, app: int64 }),
    id: z.string(),
    listen_addr: z.string(),
    network: z.string(),
    version: z.string(),
    channels: hex,
    moniker: z.string(),
    other: z.object({ tx_index: z.string(), rpc_address: z.string() }),
  }),
  sync_info: z.object({
    latest_block_height: int64,
    latest_block_time: cometTime,
    catching_up: z.boolean(),
  }),
});

/** The answer to `validators`; keys are of ed25519, as is everything that consensus of this chain may use. */
export const validatorsAnswer = z.object({
  block_height: int64,
  total: int64,
  validators: z.array(
    z.object({
      address: hex,
      pub_key: z.object({ type: z.literal("tendermint/PubKeyEd25519"), value: base64 }),
      voting_power: int64,
      proposer_priority: int64,
    }),
  ),
});
