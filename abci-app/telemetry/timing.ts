import type { Registry } from "prom-client";
import { Counter } from "prom-client";

import { isPromise } from "../abci/application.js";
import type { MaybePromise } from "../abci/application.js";

/** Runs something, and tells how many seconds it took and what came of it, whether that comes at once or later. */
export function timed<T>(run: () => MaybePromise<T>, ended: (seconds: number, result: T) => void): MaybePromise<T> {
  const start = performance.now();
  const result = run();
  if (!isPromise(result)) {
    ended((performance.now() - start) / 1000, result);
    return result;
  }
  return result.then((value) => {
    ended((performance.now() - start) / 1000, value);
    return value;
  });
}

/** Sums of one kind of work. Whoever measures adds to the fields: nothing is looked up while the work is done. */
export interface WorkTotals {
  count: number;
  failed: number;
  milliseconds: number;
}

/**
 * Two counters over work that is too frequent for a look-up of labels each time: `<name>_total` with a label `result`, and
 * `<name>_seconds_total`.
 */
export class WorkCounters {
  readonly #totals: { readonly labels: Readonly<Record<string, string>>; readonly totals: WorkTotals }[] = [];

  constructor(
    registry: Registry,
    options: { readonly name: string; readonly what: string; readonly labelNames: readonly string[] },
  ) {
    const all = this.#totals;
    const { name, what, labelNames } = options;
    new Counter({
      name: `${name}_total`,
      help: what,
      labelNames: [...labelNames, "result"],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, totals } of all) {
          if (totals.count === 0) continue;
          this.inc({ ...labels, result: "ok" }, totals.count - totals.failed);
          this.inc({ ...labels, result: "failed" }, totals.failed);
        }
      },
    });
    new Counter({
      name: `${name}_seconds_total`,
      help: `${what}: time it took`,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, totals } of all) if (totals.count > 0) this.inc(labels, totals.milliseconds / 1000);
      },
    });
  }

  /** Sums that are shown with these labels. */
  of(labels: Readonly<Record<string, string>>): WorkTotals {
    const totals = { count: 0, failed: 0, milliseconds: 0 };
    this.#totals.push({ labels, totals });
    return totals;
  }
}

/** Runs a piece of such work. What it throws is counted as failed, and thrown on. */
export function measure<T>(totals: WorkTotals, run: () => T): T {
  const start = performance.now();
  try {
    return run();
  } catch (error) {
    totals.failed++;
    throw error;
  } finally {
    totals.count++;
    totals.milliseconds += performance.now() - start;
  }
}

/** Adds up what was measured apart. */
export function addTotals(to: WorkTotals, { count, failed, milliseconds }: Readonly<WorkTotals>): void {
  to.count += count;
  to.failed += failed;
  to.milliseconds += milliseconds;
}
