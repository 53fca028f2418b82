import type { Addresses } from "../../core/address.js";
import { wireChain } from "../app.js";
import { readChainConstants } from "../../modules/chain/index.js";
import type { QueryEnvironment } from "./answer.js";
import { openCommittedState } from "./committed-state.js";

/** What a query thread is started with. */
export interface QueryWorkerData {
  readonly path: string;
  readonly version: string;
  /** Undefined for no bound. */
  readonly gasLimit: bigint | undefined;
}

/** More than any query can use. */
const NO_GAS_LIMIT = BigInt(Number.MAX_SAFE_INTEGER);

/** The same chain as the node's over the same database, read-only. The address prefix is read with the first block. */
export function openQueryEnvironment(
  data: QueryWorkerData,
): QueryEnvironment & { readonly addresses: Addresses; close(): Promise<void> } {
  const { chain, addresses } = wireChain();
  const state = openCommittedState(data.path);
  let prefixKnown = false;
  return {
    chain,
    addresses,
    version: data.version,
    gasLimit: data.gasLimit ?? NO_GAS_LIMIT,
    state: {
      get version() {
        const { version } = state;
        if (!prefixKnown && version > 0) {
          addresses.usePrefix(readChainConstants(state.at(version)).bech32Prefix);
          prefixKnown = true;
        }
        return version;
      },
      get earliestVersion() {
        return state.earliestVersion;
      },
      at: (height) => state.at(height),
      blockAt: (height) => state.blockAt(height),
      prove: (storeName, key, height) => state.prove(storeName, key, height),
    },
    close: () => state.close(),
  };
}
