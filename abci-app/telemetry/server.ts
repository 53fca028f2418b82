import type { Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Logger } from "pino";

/** What a page answers. */
export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** More are for somebody who does not mean well. */
const MAX_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;

/** A few pages over HTTP, for machines that watch this one. Reads only. */
export class TelemetryServer {
  readonly #server: Server;
  readonly #log: Logger;

  private constructor(server: Server, log: Logger) {
    this.#server = server;
    this.#log = log;
  }

  /**
   * Begins to listen.
   *
   * @param address host:port; a host in brackets is an IPv6 address, port 0 any that is free
   * @param pages path → what it answers
   */
  static async listen(
    address: string,
    pages: Readonly<Record<string, () => Promise<Page>>>,
    log: Logger,
  ): Promise<TelemetryServer> {
    const server = createServer((request, response) => {
      const path = (request.url ?? "").split("?", 1)[0] ?? "";
      const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
      if (page === undefined) return send(response, plain(404, `there is ${Object.keys(pages).join(", ")}`));
      if (request.method !== "GET" && request.method !== "HEAD") return send(response, plain(405, "GET or HEAD"));
      page().then(
        (answer) => send(response, answer),
        (error: unknown) => {
          log.error({ err: error, path }, "a page of the telemetry could not be made");
          send(response, plain(500, "see the node's log"));
        },
      );
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.requestTimeout = REQUEST_TIMEOUT_MILLISECONDS;
    server.headersTimeout = REQUEST_TIMEOUT_MILLISECONDS;
    const split = address.lastIndexOf(":");
    const host = address.slice(0, split).replace(/^\[(.*)\]$/, "$1");
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) =>
        reject(new Error(`telemetry.address ${address}: ${error.message}`, { cause: error })),
      );
      server.listen({ host, port: Number(address.slice(split + 1)) }, resolve);
    });
    server.on("error", (error) => log.error({ err: error }, "the telemetry's listener failed"));
    const made = new TelemetryServer(server, log);
    log.info({ url: made.url, pages: Object.keys(pages) }, "telemetry is served");
    return made;
  }

  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    this.#log.debug("telemetry is no longer served");
  }
}

function plain(status: number, text: string): Page {
  return { status, contentType: "text/plain; charset=utf-8", body: `${text}\n` };
}

/** Node leaves the body of an answer to HEAD out. */
function send(response: ServerResponse, { status, contentType, body }: Page): void {
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}
