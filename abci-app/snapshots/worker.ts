/** Entry of the thread that makes one snapshot. What it reads is pinned by the thread that owns the state. */
import { parentPort, workerData } from "node:worker_threads";

import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import { SnapshotFolder } from "../../core/store/snapshot/folder.js";

/** What the thread is started with. */
export interface SnapshotWorkerData {
  /** Folder of the state. */
  readonly statePath: string;
  readonly snapshotPath: string;
  readonly height: number;
}

/** Sent back once, at the end. */
export interface SnapshotWorkerReply {
  readonly chunks: number;
  readonly bytes: number;
}

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
const { statePath, snapshotPath, height } = workerData as SnapshotWorkerData;
const store = ReadonlyStateStore.open({ path: statePath });
const draft = new SnapshotFolder(snapshotPath).begin(height);
try {
  let bytes = 0;
  store.takeSnapshot(height, (index, chunk) => {
    draft.write(index, chunk);
    bytes += chunk.length;
  });
  const { chunkHashes } = draft.finish();
  const reply: SnapshotWorkerReply = { chunks: chunkHashes.length, bytes };
  port.postMessage(reply);
} catch (error) {
  draft.discard();
  throw error;
} finally {
  await store.close();
}
