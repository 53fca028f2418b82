import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TxResponseSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import { z } from "zod";

/** CometBFT's answer to `broadcast_tx_sync` and `broadcast_tx_async`. */
export const broadcastAnswer = z.object({
  code: z.number().default(0),
  codespace: z.string().default(""),
  data: z.string().default(""),
  log: z.string().default(""),
  hash: z.string(),
});

export type BroadcastAnswer = z.infer<typeof broadcastAnswer>;

/** The same as a TxResponse, as cosmos-sdk types.NewResponseFormatBroadcastTx makes it. */
export function broadcastResponse({ hash, log, ...same }: BroadcastAnswer): MessageInitShape<typeof TxResponseSchema> {
  return { ...same, rawLog: log, txhash: hash };
}
