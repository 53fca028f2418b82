import type { BlockInfo, ExecMode } from "../runtime/context.js";
import { Context, NANOS_PER_SECOND } from "../runtime/context.js";
import { GasMeter } from "../runtime/gas.js";
import { CacheMultiStore } from "../store/branch.js";
import type { MultiStore, ReadonlyKvStore } from "../store/kv.js";

const EMPTY: ReadonlyKvStore = {
  get: () => undefined,
  has: () => false,
  iterate: () => [].values(),
};

/** Stores in memory that hold nothing yet, under any name. For tests of modules. */
export function memoryStores(): CacheMultiStore {
  return new CacheMultiStore({ store: () => EMPTY });
}

/** A block for tests: the second one of `test-1`, at a round time. */
export const TEST_BLOCK: BlockInfo = {
  chainId: "test-1",
  height: 2n,
  timeNanos: 1_800_000_000n * NANOS_PER_SECOND,
  proposerAddress: new Uint8Array(20),
};

/** A context over stores, in a block of `test-1` unless said otherwise, with as much gas as it wants. */
export function memoryContext(
  stores: MultiStore,
  options: { readonly block?: Partial<BlockInfo>; readonly mode?: ExecMode; readonly gas?: GasMeter } = {},
): Context {
  const block = { ...TEST_BLOCK, ...options.block };
  return new Context({ block, mode: options.mode ?? "finalize", gas: options.gas ?? GasMeter.unlimited(), stores });
}
