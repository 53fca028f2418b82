import type { Registry } from "prom-client";
import { Gauge } from "prom-client";

import type { StateStore } from "../../core/store/state-store.js";

/** The state database, looked at when somebody asks: a few system calls. */
export function observeStore(store: StateStore, registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `computronium_store_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge("file_bytes", "Size of the state database", () => store.stats().fileBytes);
  gauge("free_bytes", "Of the state database: pages to be used again", () => store.stats().freeBytes);
  gauge("cached_nodes", "Tree nodes of the latest state in memory", () => store.stats().cachedNodes);
  gauge("cached_bytes", "Memory of those nodes and their values", () => store.stats().cachedBytes);
  gauge("earliest_height", "Lowest height that can be queried", () => store.earliestVersion);
  gauge("pruned_height", "Up to it all data of heights given up is deleted", () => store.stats().prunedHeight);
  gauge("heights_to_prune", "Heights given up whose data is still to be deleted", () => store.stats().heightsToPrune);
}
