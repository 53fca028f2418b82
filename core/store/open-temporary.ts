import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PRUNING } from "./pruning.js";
import type { StateStoreOptions } from "./state-store.js";
import { StateStore } from "./state-store.js";

/** A store in a folder of its own that goes away with it: for tests and tools. It is the real one, on LMDB. */
export function openTemporary(
  storeNames: readonly string[],
  options: Partial<StateStoreOptions> = {},
): { readonly store: StateStore; readonly path: string; readonly close: () => Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), "computronium-state-"));
  const store = StateStore.open({ path, storeNames, cacheBytes: 64 << 20, pruning: PRUNING.nothing, ...options });
  return {
    store,
    path,
    close: async () => {
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
