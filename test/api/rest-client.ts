/** An answer of REST. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
}

export async function rest(url: string, init: RequestInit = {}): Promise<RestAnswer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  };
}

export function post(url: string, body: unknown): Promise<RestAnswer> {
  return rest(url, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
}
