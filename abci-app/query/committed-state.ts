import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import { decodeBlockInfo } from "../driver/block-state.js";
import type { CommittedState } from "./answer.js";

/** The committed heights of the database at `path`, for queries. */
export function openCommittedState(path: string): CommittedState & { close(): Promise<void> } {
  const store = ReadonlyStateStore.open({ path });
  return {
    get version() {
      return store.version;
    },
    get earliestVersion() {
      return store.earliestVersion;
    },
    at: (height) => store.at(height),
    blockAt: (height) => decodeBlockInfo(store.metaAt(height)),
    prove: (storeName, key, height) => store.prove(storeName, key, height),
    close: () => store.close(),
  };
}
