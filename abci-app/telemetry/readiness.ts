import { z } from "zod";

/** What `/ready` answers. */
export interface Readiness {
  readonly ready: boolean;
  /** Last committed height; 0 for none since the start. */
  readonly height: string;
  /** Seconds since that Commit; null before the first one since the start. */
  readonly secondsSinceCommit: number | null;
  /** As CometBFT says; null when it does not answer. */
  readonly catchingUp: boolean | null;
  /** Why not; empty when ready. */
  readonly reasons: readonly string[];
}

const statusAnswer = z.object({ result: z.object({ sync_info: z.object({ catching_up: z.boolean() }) }) });
const STATUS_TIMEOUT_MILLISECONDS = 2_000;

/** Whether this node is one that clients should be sent to. */
export class ReadinessCheck {
  readonly #maxAgeSeconds: number;
  #rpc: string | undefined;
  #last: { readonly height: bigint; readonly at: number } | undefined;
  #asking: Promise<boolean | null> | undefined;

  /** @param maxAgeSeconds of the last Commit; 0 for any. */
  constructor(maxAgeSeconds: number) {
    this.#maxAgeSeconds = maxAgeSeconds;
  }

  /** Where CometBFT is asked (`http://…`). */
  useRpc(address: string): void {
    this.#rpc = address;
  }

  committed(height: bigint): void {
    this.#last = { height, at: performance.now() };
  }

  async read(): Promise<Readiness> {
    // However many ask at the same time, CometBFT is asked once.
    this.#asking ??= this.#catchingUp().finally(() => (this.#asking = undefined));
    const catchingUp = await this.#asking;
    const age = this.#last === undefined ? null : (performance.now() - this.#last.at) / 1000;
    const reasons: string[] = [];
    if (age === null) reasons.push("no block was committed since the node started");
    else if (this.#maxAgeSeconds > 0 && age > this.#maxAgeSeconds)
      reasons.push(`the last block was committed ${Math.floor(age)} s ago`);
    if (catchingUp === null) reasons.push("CometBFT's RPC does not answer");
    else if (catchingUp) reasons.push("the node is catching up with the chain");
    return {
      ready: reasons.length === 0,
      height: String(this.#last?.height ?? 0n),
      secondsSinceCommit: age === null ? null : Math.round(age * 1000) / 1000,
      catchingUp,
      reasons,
    };
  }

  async #catchingUp(): Promise<boolean | null> {
    if (this.#rpc === undefined) return null;
    try {
      const response = await fetch(`${this.#rpc}/status`, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MILLISECONDS) });
      return statusAnswer.parse(await response.json()).result.sync_info.catching_up;
    } catch {
      return null;
    }
  }
}
