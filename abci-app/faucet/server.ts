import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isIPv6 } from "node:net";

import { z } from "zod";

import type { WindowLimit } from "./limits.js";

const MAX_BODY_BYTES = 4096;
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;

/** The faucet cannot give now; `status` is that of HTTP. */
export class FaucetError extends Error {
  override readonly name = "FaucetError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface FaucetOptions {
  readonly chainId: string;
  /** What one request gets, as `1000000ucptm`. */
  readonly amount: string;
  /** Of the account that gives. */
  readonly address: string;
  /** The address as the chain writes it. Throws for what is none. */
  readonly checkAddress: (text: string) => string;
  /** Sends; resolves with the hash when it is in a block. Throws {@link FaucetError}. */
  readonly give: (address: string) => Promise<string>;
  readonly perAddress: WindowLimit;
  readonly perClient: WindowLimit;
  /** Behind a reverse proxy: the client is the last address in X-Forwarded-For. */
  readonly trustProxy: boolean;
  readonly log: (line: string) => void;
}

/** `POST /credit` as cosmjs's FaucetClient sends it; `denom` is ignored, since all of `amount` is given. */
const creditRequest = z.object({ address: z.string().max(256), denom: z.string().max(128).optional() });

/** The HTTP server of a faucet, listening. `POST /credit {"address":"…"}`, `GET /status`; any web page may ask. */
export async function startFaucetServer(
  options: FaucetOptions,
  listen: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MILLISECONDS }, (request, response) => {
    answer(options, request)
      .then(({ status, body, headers }) => reply(response, status, body, headers))
      .catch((error: unknown) => {
        options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
        reply(response, 500, { error: "the faucet is at fault" });
      });
  });
  server.listen(listen.port, listen.host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const host = isIPv6(listen.host) ? `[${listen.host}]` : listen.host;
  return { url: `http://${host}:${port}`, close: () => closed(server) };
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answer(options: FaucetOptions, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? "/").split("?")[0];
  if (request.method === "OPTIONS") return { status: 204, body: {} };
  if (request.method === "GET" && (path === "/status" || path === "/" || path === "/healthz")) {
    const { chainId, amount, address } = options;
    return { status: 200, body: { status: "ok", chain_id: chainId, amount, address } };
  }
  if (path !== "/credit" && path !== "/")
    return { status: 404, body: { error: "POST /credit and GET /status are here" } };
  if (request.method !== "POST")
    return { status: 405, body: { error: "use POST" }, headers: { allow: "POST, OPTIONS" } };
  try {
    const { address } = await creditOf(options, request);
    return await credit(options, address, clientOf(request, options.trustProxy));
  } catch (error) {
    if (error instanceof FaucetError) return { status: error.status, body: { error: error.message } };
    throw error;
  }
}

async function creditOf(options: FaucetOptions, request: IncomingMessage): Promise<{ readonly address: string }> {
  let json: unknown;
  try {
    json = JSON.parse(await bodyOf(request));
  } catch (error) {
    if (error instanceof FaucetError) throw error;
    throw new FaucetError(400, 'the body is no JSON such as {"address":"…"}');
  }
  const parsed = creditRequest.safeParse(json);
  if (!parsed.success) throw new FaucetError(400, 'the body is not {"address":"…"}');
  try {
    return { address: options.checkAddress(parsed.data.address) };
  } catch (error) {
    throw new FaucetError(400, error instanceof Error ? error.message : String(error));
  }
}

/** Limits are taken before coins are given, and given back when that fails. */
async function credit(
  { perAddress, perClient, give, log, amount }: FaucetOptions,
  address: string,
  client: string,
): Promise<Answer> {
  for (const [limit, key, whose] of [
    [perClient, client, "this machine"],
    [perAddress, address, "this address"],
  ] as const) {
    const taken = limit.take(key);
    if (taken.ok) continue;
    if (limit === perAddress) perClient.giveBack(client);
    const seconds = Math.ceil(taken.retryMilliseconds / 1000);
    return {
      status: 429,
      body: { error: `${whose} has had its share; again in ${seconds} s` },
      headers: { "retry-after": String(seconds) },
    };
  }
  try {
    const hash = await give(address);
    log(`${amount} to ${address} for ${client}: ${hash}`);
    return { status: 200, body: { amount, address, txhash: hash } };
  } catch (error) {
    perAddress.giveBack(address);
    perClient.giveBack(client);
    throw error;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new FaucetError(413, `the body has more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Who asks. Of IPv6 the first 64 bits: the rest is the client's own choice. */
export function clientOf(request: Pick<IncomingMessage, "headers" | "socket">, trustProxy: boolean): string {
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  const address =
    trustProxy && forwarded !== undefined && forwarded !== "" ? forwarded : (request.socket.remoteAddress ?? "");
  const plain = address.replace(/^::ffff:/, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const first = head.split(":").filter((part) => part !== "");
  const last = (tail ?? "").split(":").filter((part) => part !== "");
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => "0");
  return `${[...first, ...zeros, ...last].slice(0, 4).join(":")}::/64`;
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "content-type",
    ...headers,
  });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

async function closed(server: Server): Promise<void> {
  const end = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await end;
}
