import { TxResponseSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";

import { gatewayJson } from "../../../core/codec/gateway-json.js";
import { create } from "../../../core/codec/protobuf.js";
import { broadcastResponse } from "../../comet-rpc/broadcast.js";
import type { Client } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import type { ToolContext } from "../options.js";

/** A node refused the transaction; its answer was printed. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** Hands a transaction in and prints the answer. Throws {@link RefusedError} when the node's check refuses it. */
export async function broadcast(
  { rpc, config }: Pick<Client, "rpc" | "config">,
  context: ToolContext,
  bytes: Uint8Array,
): Promise<void> {
  const answer = await rpc.broadcast(config["broadcast-mode"], bytes);
  context.out(
    await formatted(gatewayJson(TxResponseSchema, create(TxResponseSchema, broadcastResponse(answer))), config.output),
  );
  if (answer.code !== 0)
    throw new RefusedError(`the node refused it: ${answer.codespace} ${answer.code}: ${answer.log}`);
}
