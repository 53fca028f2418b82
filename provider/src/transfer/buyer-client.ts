import { request } from "undici";

import { hashContent, type ContentHash } from "../content-hash.js";
import { LIMIT_CEILINGS } from "../sandbox/limits.js";
import { EXPIRES_HEADER, PUBLIC_KEY_HEADER, SIGNATURE_HEADER } from "./request-signature.js";
import type { RequestClaim, RequestSignature } from "./request-signature.js";
import { CONTENT_HASH_HEADER } from "./server.js";

/** Signs a claim as the tenant: `signRequest` with a key, or a wallet's amino signer over `signDocument`. */
export type SignClaim = (claim: RequestClaim) => RequestSignature | Promise<RequestSignature>;

export interface ProviderEndpoint {
  /** Base URL of the provider's transfer server, as it stands in the provider's registration. */
  readonly url: string;
  readonly chainId: string;
  /** The provider's address. */
  readonly provider: string;
}

/** The provider answered with an error; `code` is one of the server's stable codes. */
export class ProviderAnswerError extends Error {
  override readonly name = "ProviderAnswerError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const SIGNATURE_LIFETIME_SECONDS = 120;
const TIMEOUT_MILLISECONDS = 120_000;

/** Uploads a job bundle for a lease. Throws {@link ProviderAnswerError}. */
export async function uploadJob(
  endpoint: ProviderEndpoint,
  leaseId: bigint,
  bundle: Uint8Array,
  sign: SignClaim,
): Promise<ContentHash> {
  const hash = hashContent(bundle);
  const headers = await signedHeaders(endpoint, leaseId, "put-job", hash, sign);
  const response = await request(new URL(`/v1/leases/${leaseId}/job`, endpoint.url), {
    method: "PUT",
    headers: { ...headers, "content-type": "application/octet-stream", [CONTENT_HASH_HEADER]: hash },
    body: bundle,
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  const bytes = await boundedBody(response.body);
  if (response.statusCode !== 201) throw answerError(response.statusCode, bytes);
  return hash;
}

/** Tells the provider where it can fetch the job of a lease, instead of uploading it. Throws {@link ProviderAnswerError}. */
export async function announceJobUrl(
  endpoint: ProviderEndpoint,
  leaseId: bigint,
  jobUrl: string,
  sign: SignClaim,
): Promise<void> {
  const body = Buffer.from(JSON.stringify({ url: jobUrl }));
  const headers = await signedHeaders(endpoint, leaseId, "put-job-url", hashContent(body), sign);
  const response = await request(new URL(`/v1/leases/${leaseId}/job-url`, endpoint.url), {
    method: "PUT",
    headers: { ...headers, "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  const bytes = await boundedBody(response.body);
  if (response.statusCode !== 202) throw answerError(response.statusCode, bytes);
}

/**
 * Fetches a lease's result and checks it against the hash that the provider put on the chain.
 * Throws {@link ProviderAnswerError}; its code is `content-mismatch` when the bytes are not those of the hash.
 */
export async function fetchResult(
  endpoint: ProviderEndpoint,
  leaseId: bigint,
  expected: ContentHash,
  sign: SignClaim,
): Promise<Uint8Array> {
  const headers = await signedHeaders(endpoint, leaseId, "get-result", hashContent(new Uint8Array()), sign);
  const response = await request(new URL(`/v1/leases/${leaseId}/result`, endpoint.url), {
    headers,
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  const bytes = await boundedBody(response.body);
  if (response.statusCode !== 200) throw answerError(response.statusCode, bytes);
  const actual = hashContent(bytes);
  if (actual !== expected)
    throw new ProviderAnswerError(
      200,
      "content-mismatch",
      `the result has the hash ${actual}, the chain says ${expected}`,
    );
  return bytes;
}

/** A provider is no friend: its answer is read up to the longest result that there can be. */
async function boundedBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LIMIT_CEILINGS.outputBytes) throw new ProviderAnswerError(200, "too-large", "the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function signedHeaders(
  { chainId, provider }: ProviderEndpoint,
  leaseId: bigint,
  action: RequestClaim["action"],
  bodyHash: ContentHash,
  sign: SignClaim,
): Promise<Record<string, string>> {
  const expiresAtSeconds = Math.floor(Date.now() / 1000) + SIGNATURE_LIFETIME_SECONDS;
  const { publicKey, signature } = await sign({ chainId, provider, leaseId, action, bodyHash, expiresAtSeconds });
  return {
    [PUBLIC_KEY_HEADER]: Buffer.from(publicKey).toString("base64"),
    [SIGNATURE_HEADER]: Buffer.from(signature).toString("base64"),
    [EXPIRES_HEADER]: String(expiresAtSeconds),
  };
}

function answerError(status: number, bytes: Buffer): ProviderAnswerError {
  try {
    const { error } = JSON.parse(bytes.toString("utf8")) as { error: { code: string; message: string } };
    return new ProviderAnswerError(status, error.code, error.message);
  } catch {
    return new ProviderAnswerError(status, "unknown", `the provider answered with status ${status}`);
  }
}
