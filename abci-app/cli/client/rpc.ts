import { z } from "zod";

import type { BroadcastAnswer } from "../../comet-rpc/broadcast.js";
import { broadcastAnswer } from "../../comet-rpc/broadcast.js";
import { callComet, CometUnreachableError } from "../../comet-rpc/client.js";
import { rpcUrl } from "../../node/comet-config.js";

const BOUNDS = {
  timeoutMilliseconds: 30_000,
  /** More than any page or block that a node answers with. */
  maxAnswerBytes: 128 << 20,
};

/** Text for bytes and 64-bit numbers, as CometBFT's JSON has them. */
const number64 = z.string().regex(/^-?\d+$/);
const queryAnswer = z.object({
  response: z.object({
    code: z.number().default(0),
    codespace: z.string().default(""),
    log: z.string().default(""),
    value: z.string().nullish(),
    height: number64.default("0"),
  }),
});

export interface QueryAnswer {
  readonly value: Uint8Array;
  /** Of the state that was asked. */
  readonly height: bigint;
}

/** A query that the application refused: its codespace, code and text. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly codespace: string;
  readonly code: number;

  constructor(answer: { readonly codespace: string; readonly code: number; readonly log: string }) {
    super(answer.log === "" ? `the query failed with ${answer.codespace} ${answer.code}` : answer.log);
    this.codespace = answer.codespace;
    this.code = answer.code;
  }
}

/** CometBFT's JSON-RPC, as far as the commands need it. */
export class NodeRpc {
  readonly url: string;

  /** @param node As client.toml has it: `tcp://localhost:26657` or a URL. */
  constructor(node: string) {
    this.url = rpcUrl(node);
  }

  /**
   * Calls a method and checks the answer's shape. Throws CometRpcError for what the node refuses, CometUnreachableError
   * when none answers.
   */
  async call<S extends z.ZodType>(
    method: string,
    schema: S,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<z.infer<S>> {
    try {
      return schema.parse(await callComet(this.url, { method, params }, BOUNDS));
    } catch (error) {
      if (!(error instanceof CometUnreachableError)) throw error;
      throw new CometUnreachableError(`no node answers at ${this.url}: ${error.message}; --node names another one`, {
        cause: error,
      });
    }
  }

  /** One query of the application. Throws {@link QueryError} when it refuses. */
  async abciQuery(path: string, data: Uint8Array, height = 0n): Promise<QueryAnswer> {
    const params = { path, data: Buffer.from(data).toString("hex"), height: height.toString(), prove: false };
    const { response } = await this.call("abci_query", queryAnswer, params);
    if (response.code !== 0) throw new QueryError(response);
    return { value: Buffer.from(response.value ?? "", "base64"), height: BigInt(response.height) };
  }

  /** Hands a transaction in: `sync` waits for CheckTx, `async` for nothing. */
  broadcast(mode: "sync" | "async", tx: Uint8Array): Promise<BroadcastAnswer> {
    return this.call(`broadcast_tx_${mode}`, broadcastAnswer, { tx: Buffer.from(tx).toString("base64") });
  }
}
