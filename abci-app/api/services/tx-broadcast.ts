import { createHash } from "node:crypto";

import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { TxResponseSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import type { BroadcastTxRequestSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { BroadcastMode } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";

import type { ErrorKind } from "../../../core/errors.js";
import { ErrMempoolIsFull, ErrTxInMempoolCache, ErrTxTooLarge } from "../../../core/errors.js";
import { invalidArgument, StatusError } from "../../../core/runtime/status.js";
import { broadcastAnswer, broadcastResponse } from "../../comet-rpc/broadcast.js";
import { CometRpcError } from "../../comet-rpc/client.js";
import type { NodeEnvironment } from "./environment.js";

/** What CometBFT says before it asks the application, and the code for it (client.CheckCometError). */
const REFUSALS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/tx already exists in cache/i, ErrTxInMempoolCache],
  [/mempool is full/i, ErrMempoolIsFull],
  [/tx too large/i, ErrTxTooLarge],
];

const METHODS: Partial<Record<BroadcastMode, string>> = {
  [BroadcastMode.SYNC]: "broadcast_tx_sync",
  [BroadcastMode.ASYNC]: "broadcast_tx_async",
};

/** `cosmos.tx.v1beta1.Service/BroadcastTx`. A transaction that CheckTx refuses is an answer with its code. */
export async function broadcastTx(
  { comet }: NodeEnvironment,
  { txBytes, mode }: MessageShape<typeof BroadcastTxRequestSchema>,
): Promise<{ txResponse: MessageInitShape<typeof TxResponseSchema> }> {
  if (txBytes.length === 0) throw invalidArgument("invalid empty tx");
  const method = METHODS[mode];
  if (method === undefined) {
    const name = BroadcastMode[mode] ?? String(mode);
    throw new StatusError(
      "Unknown",
      `unsupported return type ${name.toLowerCase()}; supported types: sync, async (BROADCAST_MODE_SYNC, BROADCAST_MODE_ASYNC)`,
    );
  }
  try {
    const answer = await comet.call(method, broadcastAnswer, { tx: Buffer.from(txBytes).toString("base64") });
    return { txResponse: broadcastResponse(answer) };
  } catch (error) {
    if (!(error instanceof CometRpcError)) throw error;
    const kind = REFUSALS.find(([pattern]) => pattern.test(error.message))?.[1];
    if (kind === undefined) throw new StatusError("Unknown", error.message);
    const txhash = createHash("sha256").update(txBytes).digest("hex").toUpperCase();
    return { txResponse: { code: kind.code, codespace: kind.codespace, txhash } };
  }
}
