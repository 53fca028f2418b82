import { z } from "zod";

import { StatusError } from "../../core/runtime/status.js";

/** An error that CometBFT answered with; `text` is its message and data. */
export class CometRpcError extends Error {
  override readonly name = "CometRpcError";
}

/** Calls to CometBFT's RPC, which is on this machine: none takes longer. */
const TIMEOUT_MILLISECONDS = 10_000;
/** The longest answer that is read: a block of 4 MiB is three times that in base64 and JSON. */
const MAX_ANSWER_BYTES = 64 << 20;

const envelope = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string(), data: z.string().optional() }).optional(),
});

/** CometBFT's JSON-RPC over loopback. */
export class CometRpc {
  #url: string | undefined;
  #nextId = 0;

  /** @param url such as `http://127.0.0.1:26657`; calls are refused with Unavailable until it is known. */
  constructor(url?: string) {
    this.#url = url;
  }

  use(url: string): void {
    this.#url = url;
  }

  /**
   * Calls a method and checks the answer's shape. Throws {@link CometRpcError} for what CometBFT refuses, StatusError
   * Unavailable when it does not answer.
   */
  async call<S extends z.ZodType>(
    method: string,
    schema: S,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<z.infer<S>> {
    const answer = envelope.parse(JSON.parse(await this.#post(method, params)));
    if (answer.error !== undefined) {
      const { message, data } = answer.error;
      throw new CometRpcError(data === undefined || data === "" ? message : `${message}: ${data}`);
    }
    return schema.parse(answer.result);
  }

  async #post(method: string, params: Readonly<Record<string, unknown>>): Promise<string> {
    if (this.#url === undefined) throw new StatusError("Unavailable", "CometBFT has not been started yet");
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: this.#nextId++, method, params }),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      return await readBounded(response);
    } catch (error) {
      if (error instanceof StatusError) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new StatusError("Unavailable", `CometBFT does not answer ${method}: ${cause}`);
    }
  }
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) {
      throw new StatusError("ResourceExhausted", `CometBFT's answer has more than ${MAX_ANSWER_BYTES} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
