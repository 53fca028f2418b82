import { createHash, timingSafeEqual } from "node:crypto";
import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";

import { Agent, request } from "undici";

import type { ContentHash } from "../content-hash.js";
import { isPublicAddress } from "./addresses.js";
import { FetchError, type FetchFailure } from "./errors.js";

/** Resolves a name to all its addresses; a seam for tests. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface FetchOptions {
  readonly maxBytes: number;
  /** For the whole exchange, from resolving the name to the last byte. */
  readonly timeoutMilliseconds: number;
  /** Lets URLs lead into private ranges; for networks on one machine. Default false. */
  readonly allowPrivateAddresses?: boolean;
  readonly resolve?: Resolve;
}

/**
 * Fetches the content with this hash from a URL that a stranger chose. The name is resolved once, and the connection goes
 * to an address that was checked; redirects are not followed; size and time are bounded; the hash is computed while the
 * bytes arrive. Throws {@link FetchError}.
 */
export async function fetchContent(url: string, hash: ContentHash, options: FetchOptions): Promise<Uint8Array> {
  const target = parseUrl(url, options);
  const signal = AbortSignal.timeout(options.timeoutMilliseconds);
  const agent = new Agent({
    // One connection for one request. `lookup` is called for names only: address literals were checked by parseUrl.
    connect: { lookup: checkedLookup(options), timeout: options.timeoutMilliseconds, autoSelectFamily: true },
    pipelining: 0,
    maxHeaderSize: 16 << 10,
    headersTimeout: options.timeoutMilliseconds,
    bodyTimeout: options.timeoutMilliseconds,
  });
  try {
    // undici's request follows no redirects by itself.
    const response = await request(target, {
      dispatcher: agent,
      signal,
      headers: {
        accept: "application/octet-stream",
        "accept-encoding": "identity",
        "user-agent": "computronium-provider",
      },
    });
    if (response.statusCode !== 200)
      throw new FetchError(
        "status",
        `${target.origin} answered ${response.statusCode}; 200 is expected, redirects are not followed`,
      );
    const declared = Number(response.headers["content-length"] ?? 0);
    if (declared > options.maxBytes) throw tooLarge(options);
    const digest = createHash("sha256");
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > options.maxBytes) throw tooLarge(options);
      digest.update(chunk);
      chunks.push(chunk);
    }
    if (!timingSafeEqual(digest.digest(), Buffer.from(hash, "hex")))
      throw new FetchError("hash", `the content at ${target.origin} does not have the hash ${hash}`);
    return Buffer.concat(chunks, length);
  } catch (error) {
    throw asFetchError(error, signal);
  } finally {
    // Not close(): an answer that was cut short must not keep the connection.
    await agent.destroy();
  }
}

function parseUrl(url: string, options: FetchOptions): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || (target.protocol !== "http:" && target.protocol !== "https:"))
    throw new FetchError("url", `a job's URL is an http or https URL, not "${url.slice(0, 200)}"`);
  if (target.username || target.password) throw new FetchError("url", "a job's URL carries no user name or password");
  const literal = target.hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(literal) !== 0) checkAddress(literal, literal, options);
  target.hash = "";
  return target;
}

function checkAddress(address: string, host: string, options: FetchOptions): void {
  if (!options.allowPrivateAddresses && !isPublicAddress(address))
    throw new FetchError(
      "address",
      `${host} is at ${address}, which is no public address; the buyer can upload the job instead ` +
        "(allow_private_addresses permits such addresses)",
    );
}

/** A `lookup` for the connection: all addresses of the name are checked, and it connects to just those. */
function checkedLookup(options: FetchOptions): LookupFunction {
  const resolve = options.resolve ?? resolveBySystem;
  return (host, { all }, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        try {
          if (!first) throw new FetchError("connection", `${host} has no address`);
          // One bad address refuses all: which one is taken would otherwise be for the attacker to steer.
          for (const { address } of addresses) checkAddress(address, host, options);
        } catch (error) {
          return callback(error as Error, "");
        }
        return all ? callback(null, [...addresses]) : callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as Error, ""),
    );
  };
}

function resolveBySystem(host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

function tooLarge(options: FetchOptions): FetchError {
  return new FetchError("too-large", `the content is longer than ${options.maxBytes} bytes`);
}

function asFetchError(error: unknown, signal: AbortSignal): FetchError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof FetchError) return cause;
  const timedOut = signal.aborted || /Timeout/.test((error as Error).name);
  const failure: FetchFailure = timedOut ? "timeout" : "connection";
  return new FetchError(failure, timedOut ? "the buyer's server is too slow" : `no answer: ${String(error)}`, {
    cause: error,
  });
}
