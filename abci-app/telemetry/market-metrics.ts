import { Worker } from "node:worker_threads";

import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { Gauge } from "prom-client";

import { endThread } from "../threads.js";
import type { MarketReport } from "./market-thread.js";

/** What is in the market, as a thread of its own counts it; a fault there costs these figures and nothing else. */
export class MarketMetrics {
  readonly #worker: Worker;
  readonly #gauges: Readonly<Record<"orders" | "leases" | "providers", Gauge<"state">>>;
  readonly #sums: Readonly<Record<"escrowed" | "bonded", Gauge<"denom">>>;
  readonly #height: Gauge;
  readonly #complete: Gauge;

  constructor(options: { readonly path: string; readonly registry: Registry; readonly log: Logger }) {
    const registers = [options.registry];
    const byState = (name: string) =>
      new Gauge({
        name: `computronium_market_${name}`,
        help: `${name[0]?.toUpperCase()}${name.slice(1)} in the market's state, by their own state`,
        labelNames: ["state"],
        registers,
      });
    const byDenom = (name: string, help: string) =>
      new Gauge({ name: `computronium_market_${name}`, help, labelNames: ["denom"], registers });
    this.#gauges = { orders: byState("orders"), leases: byState("leases"), providers: byState("providers") };
    this.#sums = {
      escrowed: byDenom("escrowed", "Coins in escrow, in base units"),
      bonded: byDenom("bonded", "Bonds of providers, in base units"),
    };
    this.#height = new Gauge({
      name: "computronium_market_figures_height",
      help: "Height at which the market was counted last",
      registers,
    });
    this.#complete = new Gauge({
      name: "computronium_market_figures_complete",
      help: "1 when all of the market was counted, 0 when some state has more records than are counted",
      registers,
    });
    this.#worker = new Worker(new URL("./market-thread.js", import.meta.url), { workerData: { path: options.path } });
    this.#worker.on("message", (report: MarketReport) => this.#show(report));
    this.#worker.on("error", (error) =>
      options.log.error({ err: error }, "the thread that counts the market failed; its figures stay as they are"),
    );
  }

  async close(): Promise<void> {
    await endThread(this.#worker);
  }

  #show(report: MarketReport): void {
    for (const kind of ["orders", "leases", "providers"] as const) {
      for (const [state, count] of report[kind]) this.#gauges[kind].set({ state }, count);
    }
    for (const kind of ["escrowed", "bonded"] as const) {
      // A denom of which nothing is left is no longer there.
      this.#sums[kind].reset();
      // Figures for a graph: beyond 2^53 they are rounded.
      for (const [denom, amount] of report[kind]) this.#sums[kind].set({ denom }, Number(amount));
    }
    this.#height.set(report.height);
    this.#complete.set(report.complete ? 1 : 0);
  }
}
