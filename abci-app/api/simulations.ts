import type { TxResult } from "../driver/tx-result.js";

/** More simulations than this wait for none: they are refused. */
const MAX_WAITING = 1000;
/** After a simulation the next one waits so many times as long, so that all of them take at most a fifth of the thread. */
const REST_FACTOR = 4;
const LONGEST_REST_MILLISECONDS = 1000;

/** Too many simulations wait already. */
export class SimulationOverload extends Error {
  override readonly name = "SimulationOverload";
}

/**
 * Simulations run on top of what the mempool has accepted, which only the consensus thread knows. They run there one by
 * one, with pauses in which blocks and transactions have their turn.
 */
export class Simulations {
  readonly #run: (txBytes: Uint8Array) => TxResult;
  readonly #waiting: { txBytes: Uint8Array; resolve: (result: TxResult) => void; reject: (error: unknown) => void }[] =
    [];
  #timer: NodeJS.Timeout | undefined;

  constructor(run: (txBytes: Uint8Array) => TxResult) {
    this.#run = run;
  }

  /** Rejects with {@link SimulationOverload}, or with what `run` threw. */
  async simulate(txBytes: Uint8Array): Promise<TxResult> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new SimulationOverload(`${MAX_WAITING} simulations are waiting; try again later`);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ txBytes, resolve, reject });
      this.#timer ??= setTimeout(() => this.#next(), 0);
    });
  }

  /** Those that wait are refused. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { reject } of this.#waiting.splice(0)) reject(new SimulationOverload("the node is stopping"));
  }

  #next(): void {
    this.#timer = undefined;
    const one = this.#waiting.shift();
    if (one === undefined) return;
    const started = performance.now();
    try {
      one.resolve(this.#run(one.txBytes));
    } catch (error) {
      one.reject(error);
    }
    if (this.#waiting.length === 0) return;
    const pause = Math.min(LONGEST_REST_MILLISECONDS, (performance.now() - started) * REST_FACTOR);
    this.#timer = setTimeout(() => this.#next(), pause);
  }
}
