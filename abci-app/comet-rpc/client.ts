import { z } from "zod";

/** What CometBFT refused; the message is its own text and data. */
export class CometRpcError extends Error {
  override readonly name = "CometRpcError";
}

/** Nobody answers, or not as CometBFT does; the message says why. */
export class CometUnreachableError extends Error {
  override readonly name = "CometUnreachableError";
}

/** The answer is longer than the caller reads. */
export class CometAnswerTooLongError extends Error {
  override readonly name = "CometAnswerTooLongError";
}

const envelope = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string(), data: z.string().optional() }).nullish(),
});

export interface CallOptions {
  readonly timeoutMilliseconds: number;
  /** The longest answer that is read. */
  readonly maxAnswerBytes: number;
}

/**
 * One call of CometBFT's JSON-RPC. Throws {@link CometRpcError}, {@link CometUnreachableError} or
 * {@link CometAnswerTooLongError}.
 *
 * @param url Such as `http://127.0.0.1:26657`.
 */
export async function callComet(
  url: string,
  { method, params = {} }: { readonly method: string; readonly params?: Readonly<Record<string, unknown>> },
  { timeoutMilliseconds, maxAnswerBytes }: CallOptions,
): Promise<unknown> {
  let text: string;
  let status: number;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    status = response.status;
    text = await boundedText(response, maxAnswerBytes);
  } catch (error) {
    if (error instanceof CometAnswerTooLongError) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CometUnreachableError(cause, { cause: error });
  }
  const parsed = envelope.safeParse(parseJson(text));
  if (!parsed.success) throw new CometUnreachableError(`it answered ${status}, and not as CometBFT's RPC does`);
  const { error, result } = parsed.data;
  if (error !== null && error !== undefined) {
    const { message, data } = error;
    throw new CometRpcError(data === undefined || data === "" ? message : `${message}: ${data}`);
  }
  return result;
}

async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    const bytes = part as Uint8Array;
    size += bytes.length;
    if (size > maxBytes) throw new CometAnswerTooLongError(`CometBFT's answer has more than ${maxBytes} bytes`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
