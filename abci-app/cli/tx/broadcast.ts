import type { Client } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import { broadcastResponse } from "../client/tx-response.js";
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
  context.out(await formatted(broadcastResponse(answer), config.output));
  if (answer.code !== 0)
    throw new RefusedError(`the node refused it: ${answer.codespace} ${answer.code}: ${answer.log}`);
}
