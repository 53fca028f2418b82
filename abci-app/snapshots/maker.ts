import { Worker } from "node:worker_threads";

import type { Logger } from "pino";

import type { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import type { StateStore } from "../../core/store/state-store.js";
import { endThread } from "../threads.js";
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

/** How far the making of snapshots is; sums since the start. */
export interface SnapshotProgress {
  made: number;
  failed: number;
  /** Heights that had their turn while another snapshot was still being made. */
  leftOut: number;
  /** Of the last one that was made; 0 before. */
  seconds: number;
  bytes: number;
  /** The one that is being made. */
  current: { readonly height: number; readonly chunks: number; readonly bytes: number } | undefined;
}

/** Makes snapshots on a thread of its own while blocks go on, one at a time. */
export class SnapshotMaker {
  readonly #options: SnapshotMakerOptions;
  #isClosed = false;
  readonly #progress: SnapshotProgress = { made: 0, failed: 0, leftOut: 0, seconds: 0, bytes: 0, current: undefined };
  #oldest: number | undefined;
  #newest: number | undefined;
  #current: { readonly worker: Worker; readonly ended: Promise<void> } | undefined;

  constructor(options: SnapshotMakerOptions) {
    this.#options = options;
    options.folder.discardUnfinished();
    this.#look();
  }

  /** Height of the newest snapshot that is kept; undefined for none. */
  get newest(): number | undefined {
    return this.#newest;
  }

  get progress(): Readonly<SnapshotProgress> {
    return this.#progress;
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
      this.#progress.leftOut++;
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
    const progress = this.#progress;
    progress.current = { height, chunks: 0, bytes: 0 };
    const ended = new Promise<void>((resolve) => {
      worker.on("message", ({ chunks, bytes, isDone }: SnapshotWorkerReply) => {
        progress.current = { height, chunks, bytes };
        if (!isDone) return;
        const milliseconds = Math.round(performance.now() - started);
        const deleted = folder.keepRecent(keepRecent);
        this.#look();
        Object.assign(progress, { made: progress.made + 1, seconds: milliseconds / 1000, bytes });
        log.info({ height, chunks, bytes, milliseconds, deleted }, "snapshot made");
      });
      worker.once("error", (error) => {
        if (this.#isClosed) return;
        progress.failed++;
        log.error({ height, err: error }, "no snapshot could be made of this height");
      });
      worker.once("exit", () => {
        unpin();
        progress.current = undefined;
        this.#current = undefined;
        resolve();
      });
    });
    this.#current = { worker, ended };
    await ended;
  }

  #look(): void {
    const kept = this.#options.folder.list();
    this.#newest = kept[0]?.height;
    this.#oldest = kept.at(-1)?.height;
  }

  /** Gives up the one that is being made. */
  async close(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    this.#isClosed = true;
    await endThread(current.worker);
    await current.ended;
    this.#options.folder.discardUnfinished();
  }
}
