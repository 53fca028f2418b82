import { Agent, request } from "node:http";

/** The RPC address of a node, over a bounded number of keep-alive connections. */
export class RpcClient {
  readonly url: URL;
  readonly #agent: Agent;

  constructor(url: string, maxConnections: number) {
    this.url = new URL(url);
    if (this.url.protocol !== "http:") throw new Error(`${url}: only http:// addresses are supported`);
    this.#agent = new Agent({ keepAlive: true, maxSockets: maxConnections, noDelay: true });
  }

  /** POSTs a JSON body made of parts; the answer's bytes. Fails on any status but 200 and after 60 s. */
  async post(parts: readonly Buffer[]): Promise<Buffer> {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const { promise, resolve, reject } = withResolvers<Buffer>();
    const outgoing = request(
      this.url,
      {
        method: "POST",
        agent: this.#agent,
        headers: { "content-type": "application/json", "content-length": length },
        timeout: 60_000,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const body = Buffer.concat(chunks);
          if (incoming.statusCode === 200) resolve(body);
          else reject(new Error(`${this.url.host} answered ${incoming.statusCode}: ${body.toString().slice(0, 300)}`));
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${this.url.host}: no answer within 60 s`)));
    outgoing.on("error", reject);
    for (const part of parts) outgoing.write(part);
    outgoing.end();
    return promise;
  }

  /** One JSON-RPC call; its result. */
  async call<Result>(method: string, params: Record<string, unknown> = {}): Promise<Result> {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
    const answer = JSON.parse((await this.post([body])).toString("utf8")) as RpcAnswer<Result>;
    if (answer.error !== undefined) {
      throw new Error(`${method}: ${answer.error.message} ${answer.error.data ?? ""}`.trim());
    }
    return answer.result as Result;
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface RpcAnswer<Result> {
  readonly result?: Result;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
