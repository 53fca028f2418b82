import { setTimeout as sleep } from "node:timers/promises";

const CALL_TIMEOUT_MILLISECONDS = 15_000;

export interface TxResponse {
  readonly hash: string;
  readonly height: string;
  readonly tx_result: { readonly code: number; readonly log: string; readonly events?: readonly unknown[] };
}

export interface StatusResponse {
  readonly node_info: { readonly id: string; readonly version: string; readonly network: string };
  readonly sync_info: {
    readonly latest_block_height: string;
    readonly latest_app_hash: string;
    readonly catching_up: boolean;
  };
}

/** CometBFT's JSON-RPC, as far as tests need it. */
export class RpcClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async call<T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MILLISECONDS),
    });
    const { result, error } = (await response.json()) as { result?: T; error?: { message: string; data?: string } };
    if (error !== undefined) throw new Error(`${method}: ${error.message}: ${error.data ?? ""}`);
    return result as T;
  }

  status(): Promise<StatusResponse> {
    return this.call("status");
  }

  async height(): Promise<number> {
    return Number((await this.status()).sync_info.latest_block_height);
  }

  broadcast(tx: Uint8Array): Promise<{ readonly code: number; readonly log: string; readonly hash: string }> {
    return this.call("broadcast_tx_sync", { tx: Buffer.from(tx).toString("base64") });
  }

  async query(path: string, data: Uint8Array): Promise<{ code: number; log: string; value: Buffer; height: number }> {
    const { response } = await this.call<{
      response: { code?: number; log?: string; value?: string | null; height?: string };
    }>("abci_query", { path, data: Buffer.from(data).toString("hex") });
    const { code = 0, log = "", value, height = "0" } = response;
    return { code, log, value: Buffer.from(value ?? "", "base64"), height: Number(height) };
  }

  /** A committed transaction; waits until it is in a block and indexed. */
  async tx(hash: string, timeoutMilliseconds = 30_000): Promise<TxResponse> {
    return until(`transaction ${hash}`, timeoutMilliseconds, () =>
      this.call<TxResponse>("tx", { hash: Buffer.from(hash, "hex").toString("base64") }),
    );
  }
}

/** Tries until it succeeds; fails with the last error when the time is over. */
export async function until<T>(what: string, timeoutMilliseconds: number, attempt: () => Promise<T>): Promise<T> {
  const end = Date.now() + timeoutMilliseconds;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= end) throw new Error(`${what}: not in ${timeoutMilliseconds} ms`, { cause: error });
    }
    await sleep(50);
  }
}
