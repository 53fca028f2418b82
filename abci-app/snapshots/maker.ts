import { Worker } from "node:worker_threads";

import type { Logger } from "pino";

import type { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import type { StateStore } from "../../core/store/state-store.js";
import type { SnapshotWorkerData, SnapshotWorkerReply } from "./worker.js";

export interface SnapshotMakerOptions {
  readonly store: StateStore;
  /** Folder of the state, for the thread to open. */
  readonly statePath: string;
  readonly folder: SnapshotFolder;
  /** A snapshot is made after each height that this divides; 0 never. */
  readonly interval: number;
  /** Snapshots that are kept; 0 keeps all. */
  readonly keepRecent: number;
  readonly log: Logger;
}

/** Makes snapshots on a thread of its own while blocks go on, one at a time. */
export class SnapshotMaker {
  readonly #options: SnapshotMakerOptions;
  #oldest: number | undefined;
  #current: { readonly worker: Worker; readonly ended: Promise<void> } | undefined;

  constructor(options: SnapshotMakerOptions) {
    this.#options = options;
    options.folder.discardUnfinished();
    this.#oldest = options.folder.list().at(-1)?.height;
  }

  /** Height of the oldest snapshot that is kept; undefined for none. */
  get oldest(): number | undefined {
    return this.#oldest;
  }

  /** To be called after each commit. A height at which another snapshot is still being made is left out. */
  committed(height: number): void {
    const { interval, log } = this.#options;
    if (interval === 0 || height % interval !== 0) return;
    if (this.#current !== undefined) {
      log.warn(
        { height },
        "no snapshot of this height: the last one is still being made; snapshot-interval is too short",
      );
      return;
    }
    void this.make(height);
  }

  /** Makes the snapshot of a kept height. Resolves at its end, whatever came of it: the log says. */
  async make(height: number): Promise<void> {
    const { store, statePath, folder, keepRecent, log } = this.#options;
    const unpin = store.pin(height);
    const data: SnapshotWorkerData = { statePath, snapshotPath: folder.path, height };
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: data });
    const started = performance.now();
    const ended = new Promise<void>((resolve) => {
      worker.once("message", ({ chunks, bytes }: SnapshotWorkerReply) => {
        const milliseconds = Math.round(performance.now() - started);
        const deleted = folder.keepRecent(keepRecent);
        this.#oldest = folder.list().at(-1)?.height;
        log.info({ height, chunks, bytes, milliseconds, deleted }, "snapshot made");
      });
      worker.once("error", (error) => log.error({ height, err: error }, "no snapshot could be made of this height"));
      worker.once("exit", () => {
        unpin();
        this.#current = undefined;
        resolve();
      });
    });
    this.#current = { worker, ended };
    await ended;
  }

  /** Gives up the one that is being made. */
  async close(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    await current.worker.terminate();
    await current.ended;
    this.#options.folder.discardUnfinished();
  }
}
