import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { gatewayJson } from "../../../core/codec/gateway-json.js";
import { fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import type { GrpcStatus } from "../../../core/runtime/status.js";
import { grpcStatusOf, StatusError } from "../../../core/runtime/status.js";
import type { QueryDesk } from "../desk.js";
import { BLOCK_HEIGHT_HEADER, parseHeight } from "../height.js";
import type { ApiLog } from "../log.js";
import type { RequestMetrics } from "../request-metrics.js";
import type { RestSettings } from "../settings.js";
import { CannotListenError, hostAndPort } from "../settings.js";
import { addCorsHeaders, answerPreflight } from "./cors.js";
import { Documentation } from "./documentation.js";
import { requestMessage } from "./request.js";
import type { MatchedRoute } from "./routes.js";
import { RestRoutes } from "./routes.js";
import { errorBody, httpStatusOf, NOT_IMPLEMENTED } from "./status.js";

const MILLISECONDS = 1000;
const OK = 200;

export interface RestOptions {
  readonly desk: QueryDesk;
  readonly settings: RestSettings;
  readonly log: ApiLog;
  readonly metrics?: RequestMetrics | undefined;
}

/** The REST gateway: the node's methods over HTTP, as their annotations say. */
export class RestServer {
  readonly #desk: QueryDesk;
  readonly #settings: RestSettings;
  readonly #log: ApiLog;
  readonly #metrics: RequestMetrics | undefined;
  readonly #routes: RestRoutes;
  readonly #documentation: Documentation | undefined;
  readonly #server: Server;

  private constructor({ desk, settings, log, metrics }: RestOptions) {
    this.#desk = desk;
    this.#settings = settings;
    this.#log = log;
    this.#metrics = metrics;
    this.#routes = new RestRoutes(desk.methods);
    this.#documentation = settings.swagger ? new Documentation(this.#routes.all) : undefined;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.maxConnections = settings.maxConnections;
    this.#server.requestTimeout = settings.readTimeoutSeconds * MILLISECONDS;
    this.#server.headersTimeout = settings.readTimeoutSeconds * MILLISECONDS;
  }

  /** Throws when nobody can listen there. */
  static async listen(options: RestOptions): Promise<RestServer> {
    const rest = new RestServer(options);
    const { settings } = options;
    const { host, port } = hostAndPort(settings.address);
    try {
      rest.#server.listen(port, host);
      await once(rest.#server, "listening");
    } catch (error) {
      throw new CannotListenError("api", settings.address, error);
    }
    return rest;
  }

  /** `http://127.0.0.1:1317` */
  get address(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), MILLISECONDS);
    await closed;
    clearTimeout(timer);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { writeTimeoutSeconds, anyOrigin } = this.#settings;
    if (writeTimeoutSeconds > 0) {
      response.setTimeout(writeTimeoutSeconds * MILLISECONDS, () => response.destroy());
    }
    try {
      if (anyOrigin) addCorsHeaders(response);
      if (anyOrigin && answerPreflight(request, response)) return;
      const [path = "", query = ""] = splitTarget(request.url ?? "/");
      if (this.#documentation?.answer(request, response, path) === true) return;
      const matched = this.#routes.find(request.method ?? "GET", segmentsOf(path));
      this.#measure(response, matched?.route.path);
      if (matched === undefined) return fail(response, NOT_IMPLEMENTED);
      await this.#answer(matched, { request, response, query: new URLSearchParams(query) });
    } catch (error) {
      const status = grpcStatusOf(error);
      if (status === undefined)
        this.#log.error({ path: request.url?.slice(0, MAX_LOGGED), fault: String(error) }, "REST request failed");
      fail(response, status ?? { code: 13, message: "internal error; see the node's log" });
    }
  }

  /** Counts the request when its answer is on its way, or nobody waits for it any more. */
  #measure(response: ServerResponse, method: string | undefined): void {
    const since = performance.now();
    const metrics = this.#metrics;
    if (metrics === undefined) return;
    response.once("close", () =>
      metrics.served({
        face: "rest",
        method,
        status: response.writableFinished ? String(response.statusCode) : "aborted",
        since,
      }),
    );
  }

  async #answer(
    matched: MatchedRoute,
    { request, response, query }: { request: IncomingMessage; response: ServerResponse; query: URLSearchParams },
  ): Promise<void> {
    const { method, path } = matched.route;
    const body = matched.route.body === "" ? "" : await readBody(request, this.#settings.maxBodyBytes);
    const message = requestMessage(matched, query, body);
    const answer = await this.#desk.answer({
      path,
      data: toBinary(method.input, message),
      height: heightOf(request),
      prove: false,
    });
    if (answer.status !== undefined) return fail(response, answer.status);
    const text = JSON.stringify(
      gatewayJson(method.output, fromBinary(method.output, answer.value ?? new Uint8Array(0))),
    );
    const height = (answer.height ?? 0n).toString();
    response.writeHead(OK, {
      "content-type": "application/json",
      "grpc-metadata-content-type": "application/grpc",
      [BLOCK_HEIGHT_HEADER]: height,
      [`grpc-metadata-${BLOCK_HEIGHT_HEADER}`]: height,
    });
    response.end(text);
  }
}

const MAX_LOGGED = 200;

function fail(response: ServerResponse, status: GrpcStatus): void {
  if (response.headersSent) return void response.destroy();
  // What is left of a body that nobody reads must not be taken for the next request.
  const left = response.req.complete ? {} : { connection: "close" };
  response.writeHead(httpStatusOf(status.code), { "content-type": "application/json", ...left });
  response.end(errorBody(status));
}

function splitTarget(target: string): readonly string[] {
  const cut = target.indexOf("?");
  return cut === -1 ? [target] : [target.slice(0, cut), target.slice(cut + 1)];
}

/** Parts of a path, decoded one by one, so that a slash that was escaped stays in its part. */
function segmentsOf(path: string): readonly string[] {
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    throw new StatusError("InvalidArgument", "the path is not well escaped");
  }
}

function heightOf(request: IncomingMessage): bigint {
  const value = request.headers[BLOCK_HEIGHT_HEADER] ?? request.headers[`grpc-metadata-${BLOCK_HEIGHT_HEADER}`];
  return parseHeight(value === undefined ? [] : Array.isArray(value) ? value : [value]);
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new StatusError("InvalidArgument", `the body has more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
