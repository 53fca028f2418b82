import { createHash } from "node:crypto";

import type { JsonValue } from "@bufbuild/protobuf";
import { TxResponseSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import { TxRawSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { z } from "zod";

import { messageToJson } from "../../../core/codec/json.js";
import { create, fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import type { BroadcastAnswer, NodeRpc } from "./rpc.js";

const attribute = z.object({ key: z.string(), value: z.string().nullish(), index: z.boolean().optional() });
const event = z.object({ type: z.string(), attributes: z.array(attribute).nullish() });

/** A transaction as CometBFT's index has it (ResultTx). */
export const indexedTxSchema = z.object({
  hash: z.string(),
  height: z.string(),
  tx: z.string(),
  tx_result: z.object({
    code: z.number().default(0),
    codespace: z.string().default(""),
    data: z.string().nullish(),
    log: z.string().default(""),
    info: z.string().default(""),
    gas_wanted: z.string().default("0"),
    gas_used: z.string().default("0"),
    events: z.array(event).nullish(),
  }),
});

export type IndexedTx = z.infer<typeof indexedTxSchema>;

const blockTime = z.object({ block: z.object({ header: z.object({ time: z.string() }) }) });

/** The SDK's TxResponse of a transaction that is in a block. */
export function indexedTxResponse(indexed: IndexedTx, timestamp: string): JsonValue {
  const { tx_result: result } = indexed;
  const bytes = Buffer.from(indexed.tx, "base64");
  const { signatures } = fromBinary(TxRawSchema, bytes);
  const tx = create(TxSchema, { ...fromBinary(TxSchema, bytes), signatures });
  return messageToJson(
    TxResponseSchema,
    create(TxResponseSchema, {
      height: BigInt(indexed.height),
      txhash: indexed.hash,
      codespace: result.codespace,
      code: result.code,
      data: Buffer.from(result.data ?? "", "base64")
        .toString("hex")
        .toUpperCase(),
      rawLog: result.log,
      info: result.info,
      gasWanted: BigInt(result.gas_wanted),
      gasUsed: BigInt(result.gas_used),
      tx: { typeUrl: "/cosmos.tx.v1beta1.Tx", value: toBinary(TxSchema, tx) },
      timestamp,
      events: (result.events ?? []).map(({ type, attributes }) => ({
        type,
        attributes: (attributes ?? []).map(({ key, value, index }) => ({
          key,
          value: value ?? "",
          index: index ?? false,
        })),
      })),
    }),
  );
}

/** The SDK's TxResponse of a transaction that was handed in. */
export function broadcastResponse({ hash, code, codespace, log, data }: BroadcastAnswer): JsonValue {
  return messageToJson(
    TxResponseSchema,
    create(TxResponseSchema, { txhash: hash, code, codespace, rawLog: log, data }),
  );
}

/** Time of a block in seconds, as TxResponse has it. */
export async function blockTimestamp(rpc: NodeRpc, height: string): Promise<string> {
  const { block } = blockTime.parse(await rpc.call("block", { height }));
  return block.header.time.replace(/\.\d+Z$/, "Z");
}

/** Upper-case hexadecimal SHA-256, by which a transaction is found again. */
export function txHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").toUpperCase();
}
