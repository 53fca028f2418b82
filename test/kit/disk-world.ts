import { wireChain } from "../../abci-app/app.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import { openTemporary } from "../../core/store/open-temporary.js";
import type { StateStore } from "../../core/store/state-store.js";
import type { HooksCost, WorldBlock } from "./stake-world.js";
import { StakeWorld } from "./stake-world.js";

/** What the hooks of a block asked of the stores, and how long its Merkle tree and its commit took. */
export interface DiskBlock extends HooksCost {
  readonly commitMilliseconds: number;
}

/** Of tree nodes in memory. */
const CACHE_BYTES = 1 << 30;

/** A {@link StakeWorld} on disk, in a temporary folder, that commits after every block: for millions of records. */
export class DiskWorld {
  readonly world: StakeWorld;
  readonly #close: () => Promise<void>;
  readonly #store: StateStore;
  #state: CacheMultiStore;

  constructor(validators: number) {
    const { store, close } = openTemporary(wireChain().chain.storeNames, { cacheBytes: CACHE_BYTES });
    this.#store = store;
    this.#close = close;
    this.#state = new CacheMultiStore(store.latest());
    this.world = new StakeWorld(() => this.#state, { validators });
    this.#commit();
  }

  block(block: WorldBlock = {}): DiskBlock {
    const cost = this.world.block(block);
    const from = performance.now();
    this.#commit();
    return { ...cost, commitMilliseconds: performance.now() - from };
  }

  async close(): Promise<void> {
    await this.#close();
  }

  #commit(): void {
    this.#store.prepare(this.#state.takeChanges(), { version: Number(this.world.height) });
    this.#store.commit();
    this.#state = new CacheMultiStore(this.#store.latest());
  }
}
