import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TxResponseSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import type { Tx } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { z } from "zod";

import { fromBinary } from "../../core/codec/protobuf.js";
import { packAny } from "../../core/codec/registry.js";
import { base64OrNull, int64 } from "./values.js";

const event = z.object({
  type: z.string(),
  attributes: z
    .array(z.object({ key: z.string(), value: z.string().nullish(), index: z.boolean().nullish() }))
    .nullish(),
});

/** CometBFT's `ResultTx`: a transaction of its index. */
export const resultTx = z.object({
  hash: z.string().regex(/^[0-9A-F]{64}$/),
  height: int64,
  tx: base64OrNull,
  tx_result: z.object({
    code: z.number().default(0),
    codespace: z.string().default(""),
    data: base64OrNull,
    log: z.string().default(""),
    info: z.string().default(""),
    gas_wanted: int64.default(0n),
    gas_used: int64.default(0n),
    events: z.array(event).nullish(),
  }),
});

export type ResultTx = z.infer<typeof resultTx>;

/** The answer to `tx_search`. */
export const txSearchAnswer = z.object({
  txs: z
    .array(resultTx)
    .nullish()
    .transform((txs) => txs ?? []),
  total_count: int64,
});

/** A transaction and its TxResponse, as cosmos-sdk types.NewResponseResultTx makes it. */
export function txResponse(
  found: ResultTx,
  blockTimeSeconds: bigint,
): { readonly tx: Tx; readonly txResponse: MessageInitShape<typeof TxResponseSchema> } {
  const { tx_result: result } = found;
  const tx = fromBinary(TxSchema, found.tx);
  return {
    tx,
    txResponse: {
      height: found.height,
      txhash: found.hash,
      codespace: result.codespace,
      code: result.code,
      data: result.data.toString("hex").toUpperCase(),
      rawLog: result.log,
      info: result.info,
      gasWanted: result.gas_wanted,
      gasUsed: result.gas_used,
      tx: packAny(TxSchema, tx),
      timestamp: rfc3339(blockTimeSeconds),
      events: (result.events ?? []).map(({ type, attributes }) => ({
        type,
        attributes: (attributes ?? []).map(({ key, value, index }) => ({
          key,
          value: value ?? "",
          index: index ?? false,
        })),
      })),
    },
  };
}

const MILLISECONDS = 1000;

/** Go's time.RFC3339: whole seconds. */
function rfc3339(unixSeconds: bigint): string {
  return new Date(Number(unixSeconds) * MILLISECONDS).toISOString().replace(/\.\d+Z$/, "Z");
}
