import { z } from "zod";

import { rpcUrl } from "../../node/comet-config.js";

const TIMEOUT_MILLISECONDS = 30_000;
/** More than any page or block that a node answers with. */
const MAX_ANSWER_BYTES = 128 << 20;

/** The node did not answer, or answered with an error of CometBFT's. */
export class RpcError extends Error {
  override readonly name = "RpcError";
}

const envelope = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.string().optional() }).nullish(),
});

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
const broadcastAnswer = z.object({
  code: z.number().default(0),
  codespace: z.string().default(""),
  log: z.string().default(""),
  data: z.string().default(""),
  hash: z.string(),
});

export interface QueryAnswer {
  readonly value: Uint8Array;
  /** Of the state that was asked. */
  readonly height: bigint;
}

export type BroadcastAnswer = z.infer<typeof broadcastAnswer>;

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

  async call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    let text: string;
    let status: number;
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      status = response.status;
      text = await boundedText(response);
    } catch (error) {
      if (error instanceof RpcError) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new RpcError(`no node answers at ${this.url}: ${cause}; --node names another one`, { cause: error });
    }
    const parsed = envelope.safeParse(parseJson(text));
    if (!parsed.success) throw new RpcError(`${this.url} answered ${status}, and not as CometBFT's RPC does`);
    const { error, result } = parsed.data;
    if (error !== null && error !== undefined) {
      throw new RpcError([error.message, error.data].filter((part) => part !== undefined && part !== "").join(": "));
    }
    return result;
  }

  /** One query of the application. Throws {@link QueryError} when it refuses. */
  async abciQuery(path: string, data: Uint8Array, height = 0n): Promise<QueryAnswer> {
    const params = { path, data: Buffer.from(data).toString("hex"), height: height.toString(), prove: false };
    const { response } = queryAnswer.parse(await this.call("abci_query", params));
    if (response.code !== 0) throw new QueryError(response);
    return { value: Buffer.from(response.value ?? "", "base64"), height: BigInt(response.height) };
  }

  /** Hands a transaction in: `sync` waits for CheckTx, `async` for nothing. */
  async broadcast(mode: "sync" | "async", tx: Uint8Array): Promise<BroadcastAnswer> {
    return broadcastAnswer.parse(await this.call(`broadcast_tx_${mode}`, { tx: Buffer.from(tx).toString("base64") }));
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > MAX_ANSWER_BYTES) throw new RpcError(`the node's answer has more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
