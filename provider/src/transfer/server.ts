import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Logger } from "pino";

import { hashContent, isContentHash, type ContentHash } from "../content-hash.js";
import { ContentMismatchError, StoreFullError, type ContentStore } from "./content-store.js";
import { MAX_BUNDLE_BYTES } from "./job-bundle.js";
import { RateLimit } from "./rate-limit.js";
import {
  EXPIRES_HEADER,
  PUBLIC_KEY_HEADER,
  SIGNATURE_HEADER,
  verifyRequest,
  type RequestClaim,
} from "./request-signature.js";

/** What the chain says about a lease with this provider. */
export interface LeaseView {
  /** The tenant's address: the only one who may upload the job and fetch the result. */
  readonly tenant: string;
  /** The hash of the job, where the lease names one already. */
  readonly jobHash: ContentHash | undefined;
  /** True while a job may be uploaded. */
  readonly acceptsJob: boolean;
  readonly resultHash: ContentHash | undefined;
  /** Why there will be no result, for the tenant to read. */
  readonly failure?: string | undefined;
}

/** Who the tenant of a lease is; the worker answers from the chain's state. */
export interface LeaseDirectory {
  find(leaseId: bigint): Promise<LeaseView | undefined>;
  /** A job arrived, checked, and is in the store. */
  uploaded(leaseId: bigint, hash: ContentHash): void;
  /** The tenant says where the job with this lease's hash can be fetched. */
  announced(leaseId: bigint, url: string): void;
}

export interface TransferServerOptions {
  readonly chainId: string;
  /** This provider's address. */
  readonly provider: string;
  readonly store: ContentStore;
  readonly leases: LeaseDirectory;
  readonly logger: Logger;
  /** Answered at GET /v1/provider: what a buyer may want to know before it bids. */
  readonly description: Readonly<Record<string, unknown>>;
  readonly maxUploadBytes?: number;
  /** For a whole request, the upload included. Default 120 s. */
  readonly requestTimeoutMilliseconds?: number;
  /** For the request line and headers. Default 10 s. */
  readonly headersTimeoutMilliseconds?: number;
  readonly burstPerAddress?: number;
  readonly requestsPerSecondPerAddress?: number;
}

/** The header in which an upload announces its SHA-256, and a result tells it. */
export const CONTENT_HASH_HEADER = "x-computronium-content-hash";
/** A signature may be valid for so long, so that a stolen one is soon of no use. */
export const MAX_SIGNATURE_AGE_SECONDS = 600;
const MAX_CONCURRENT_UPLOADS = 8;
const MAX_URL_BODY_BYTES = 4096;
const EMPTY_HASH = hashContent(new Uint8Array());

/** An answer other than success; `code` is stable. */
class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The provider's HTTP server, for buyers who cannot be reached themselves:
 *   PUT /v1/leases/{leaseId}/job      the tenant uploads the job bundle
 *   PUT /v1/leases/{leaseId}/job-url  the tenant says where the job bundle can be fetched: {"url":"…"}
 *   GET /v1/leases/{leaseId}/result   the tenant fetches the result
 *   GET /v1/provider                  what this provider is
 * Errors are JSON: {"error":{"code":"…","message":"…"}}.
 */
export class TransferServer {
  private readonly server: Server;
  private readonly rate: RateLimit;
  private uploads = 0;
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: TransferServerOptions) {
    this.rate = new RateLimit({
      burst: options.burstPerAddress ?? 60,
      perSecond: options.requestsPerSecondPerAddress ?? 5,
      maxKeys: 10_000,
    });
    const headersTimeout = options.headersTimeoutMilliseconds ?? 10_000;
    this.server = createServer(
      {
        headersTimeout,
        requestTimeout: options.requestTimeoutMilliseconds ?? 120_000,
        connectionsCheckingInterval: Math.min(1000, headersTimeout),
        keepAliveTimeout: 5_000,
        maxHeaderSize: 8 << 10,
      },
      (request, response) => {
        const answer = this.answer(request, response).finally(() => this.underWay.delete(answer));
        this.underWay.add(answer);
      },
    );
    this.server.maxConnections = 256;
    this.server.maxRequestsPerSocket = 100;
  }

  /** Resolves to the port. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Ends all connections, and resolves when nothing of them is under way any more. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
    await Promise.allSettled(this.underWay);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    try {
      if (!this.rate.take(request.socket.remoteAddress ?? "")) {
        response.setHeader("retry-after", "1");
        throw new HttpError(429, "too-many-requests", "too many requests from this address; wait a second");
      }
      await this.route(request, response);
    } catch (error) {
      this.answerError(request, response, error);
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ""] = (request.url ?? "").split("?");
    const lease = /^\/v1\/leases\/(0|[1-9]\d{0,19})\/(job|job-url|result)$/.exec(path);
    const method = request.method ?? "";
    if (path === "/v1/provider" && method === "GET") return sendJson(response, 200, this.options.description);
    if (lease?.[2] === "job" && method === "PUT") return this.putJob(BigInt(lease[1] ?? ""), request, response);
    if (lease?.[2] === "job-url" && method === "PUT") return this.putJobUrl(BigInt(lease[1] ?? ""), request, response);
    if (lease?.[2] === "result" && method === "GET") return this.getResult(BigInt(lease[1] ?? ""), request, response);
    if (lease || path === "/v1/provider") throw new HttpError(405, "method", `${method} is not possible here`);
    throw new HttpError(404, "not-found", "there is nothing here; see PUT /v1/leases/{id}/job and GET …/result");
  }

  private async putJob(leaseId: bigint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { store, leases } = this.options;
    const length = bodyLength(request, this.options.maxUploadBytes ?? MAX_BUNDLE_BYTES);
    const hash = header(request, CONTENT_HASH_HEADER);
    if (!isContentHash(hash))
      throw new HttpError(400, "content-hash", `the header ${CONTENT_HASH_HEADER} is 64 lower-case hexadecimal digits`);

    // Everything is checked before the first byte of the body is read: a stranger can't make us store anything.
    const lease = await this.authenticate(leaseId, "put-job", hash, request);
    if (lease.jobHash !== undefined && lease.jobHash !== hash)
      throw new HttpError(409, "other-job", `lease ${leaseId} is for the job ${lease.jobHash}`);
    if (!lease.acceptsJob) throw new HttpError(409, "no-job-expected", `lease ${leaseId} takes no job any more`);
    if (this.uploads >= MAX_CONCURRENT_UPLOADS) throw new HttpError(503, "busy", "too many uploads at once; try again");
    this.uploads++;
    try {
      await store.putStream(hash, length, request as AsyncIterable<Uint8Array>);
    } finally {
      this.uploads--;
    }
    leases.uploaded(leaseId, hash);
    sendJson(response, 201, { hash });
  }

  private async putJobUrl(leaseId: bigint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    bodyLength(request, MAX_URL_BODY_BYTES);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk); // Node holds it to its Content-Length
    const body = Buffer.concat(chunks);
    const lease = await this.authenticate(leaseId, "put-job-url", hashContent(body), request);
    if (!lease.acceptsJob) throw new HttpError(409, "no-job-expected", `lease ${leaseId} takes no job any more`);
    this.options.leases.announced(leaseId, parseUrlBody(body));
    sendJson(response, 202, {});
  }

  private async getResult(leaseId: bigint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const lease = await this.authenticate(leaseId, "get-result", EMPTY_HASH, request);
    if (lease.failure !== undefined) throw new HttpError(409, "job-failed", lease.failure);
    const result = lease.resultHash && (await this.options.store.get(lease.resultHash));
    if (!lease.resultHash || !result)
      throw new HttpError(404, "no-result", `lease ${leaseId} has no result here yet; ask again later`);
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": result.length,
      "x-content-type-options": "nosniff",
      [CONTENT_HASH_HEADER]: lease.resultHash,
    });
    response.end(result);
  }

  private async authenticate(
    leaseId: bigint,
    action: RequestClaim["action"],
    bodyHash: ContentHash,
    request: IncomingMessage,
  ): Promise<LeaseView> {
    const publicKey = Buffer.from(header(request, PUBLIC_KEY_HEADER), "base64");
    const signature = Buffer.from(header(request, SIGNATURE_HEADER), "base64");
    const expires = header(request, EXPIRES_HEADER);
    const expiresAtSeconds = /^\d{1,12}$/.test(expires) ? Number(expires) : NaN;
    const now = Date.now() / 1000;
    if (!(expiresAtSeconds >= now && expiresAtSeconds <= now + MAX_SIGNATURE_AGE_SECONDS))
      throw new HttpError(
        401,
        "expired",
        `the header ${EXPIRES_HEADER} is a Unix time within the next ${MAX_SIGNATURE_AGE_SECONDS} seconds`,
      );
    const lease = await this.options.leases.find(leaseId);
    const { chainId, provider } = this.options;
    const claim: RequestClaim = { chainId, provider, leaseId, action, bodyHash, expiresAtSeconds };
    // One answer for "no such lease" and "not yours": strangers learn nothing here.
    if (!lease || !verifyRequest(claim, lease.tenant, { publicKey, signature }))
      throw new HttpError(401, "signature", `no lease ${leaseId} whose tenant signed this request`);
    return lease;
  }

  private answerError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const known = toHttpError(error);
    if (!known) this.options.logger.error({ err: error, url: request.url }, "request failed");
    const { status, code, message } = known ?? new HttpError(500, "internal", "the provider failed; try again later");
    if (response.headersSent || request.socket.destroyed) return void request.socket.destroy();
    // The body may be unread: close rather than let a stranger's bytes be taken for the next request.
    response.setHeader("connection", "close");
    sendJson(response, status, { error: { code, message } });
  }
}

function toHttpError(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error;
  if (error instanceof ContentMismatchError) return new HttpError(422, "content-mismatch", error.message);
  if (error instanceof StoreFullError) return new HttpError(507, "store-full", "the provider has no room; try later");
  if ((error as NodeJS.ErrnoException).code === "ECONNRESET")
    return new HttpError(400, "aborted", "the upload broke off");
  return undefined;
}

function bodyLength(request: IncomingMessage, most: number): number {
  const length = Number(request.headers["content-length"] ?? NaN);
  if (!Number.isSafeInteger(length)) throw new HttpError(411, "length-required", "an upload says its Content-Length");
  if (length > most) throw new HttpError(413, "too-large", `an upload has at most ${most} bytes, not ${length}`);
  return length;
}

function parseUrlBody(body: Buffer): string {
  try {
    const { url } = JSON.parse(body.toString("utf8")) as { url?: unknown };
    if (typeof url === "string") return url;
  } catch {
    // answered below
  }
  throw new HttpError(400, "url", 'the body is {"url":"https://…"}');
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
  response.end(bytes);
}
