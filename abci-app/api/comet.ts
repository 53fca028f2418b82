import type { z } from "zod";

import { StatusError } from "../../core/runtime/status.js";
import { callComet, CometAnswerTooLongError, CometUnreachableError } from "../comet-rpc/client.js";

const BOUNDS = {
  /** CometBFT is on this machine: no call takes longer. */
  timeoutMilliseconds: 10_000,
  /** A block of 4 MiB is three times that in base64 and JSON. */
  maxAnswerBytes: 64 << 20,
};

/** CometBFT's RPC as the services of this node ask it, over loopback. */
export class LocalComet {
  #url: string | undefined;

  /** @param url such as `http://127.0.0.1:26657`; calls are refused with Unavailable until it is known. */
  constructor(url?: string) {
    this.#url = url;
  }

  use(url: string): void {
    this.#url = url;
  }

  /**
   * Calls a method and checks the answer's shape. Throws CometRpcError for what CometBFT refuses, StatusError
   * Unavailable when it does not answer.
   */
  async call<S extends z.ZodType>(
    method: string,
    schema: S,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<z.infer<S>> {
    if (this.#url === undefined) throw new StatusError("Unavailable", "CometBFT has not been started yet");
    try {
      return schema.parse(await callComet(this.#url, { method, params }, BOUNDS));
    } catch (error) {
      if (error instanceof CometAnswerTooLongError) throw new StatusError("ResourceExhausted", error.message);
      if (!(error instanceof CometUnreachableError)) throw error;
      throw new StatusError("Unavailable", `CometBFT does not answer ${method}: ${error.message}`);
    }
  }
}
