/** Entry of the thread that makes one snapshot. What it reads is pinned by the thread that owns the state. */
import { parentPort, workerData } from "node:worker_threads";

import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import { giveWay, isAskedToEnd } from "../threads.js";

/** What the thread is started with. */
export interface SnapshotWorkerData {
  /** Folder of the state. */
  readonly statePath: string;
  readonly snapshotPath: string;
  readonly height: number;
}

/** Sent back after each chunk and once, `isDone`, at the end: what is written so far. */
export interface SnapshotWorkerReply {
  readonly chunks: number;
  readonly bytes: number;
  readonly isDone: boolean;
}

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
giveWay();
const { statePath, snapshotPath, height } = workerData as SnapshotWorkerData;
const store = ReadonlyStateStore.open({ path: statePath });
const draft = new SnapshotFolder(snapshotPath).begin(height);
try {
  let chunks = 0;
  let bytes = 0;
  const say = (isDone: boolean): void => port.postMessage({ chunks, bytes, isDone } satisfies SnapshotWorkerReply);
  store.takeSnapshot(height, (index, chunk) => {
    if (isAskedToEnd(port)) throw new Error("the snapshot is given up");
    draft.write(index, chunk);
    chunks++;
    bytes += chunk.length;
    say(false);
  });
  draft.finish();
  say(true);
} catch (error) {
  draft.discard();
  throw error;
} finally {
  await store.close();
}
