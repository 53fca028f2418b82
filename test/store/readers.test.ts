// Tier: test. Budget: 15 s. Threads read and prove at many heights while the owner of the state commits and prunes.
import { expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { StateStore } from "../../core/store/state-store.js";
import type { ReaderCounts, ToReader } from "./reader-thread.js";
import { changesOf, STORES } from "./readers-model.js";

const PROGRAM = resolve(import.meta.dirname, "reader-thread.js");
const THREADS = 2;
const BLOCKS = 400;
/** Few heights, given up a few at a time: pruning is always at the readers' heels. */
const PRUNING = { keepRecent: 12, interval: 4 };

class Reader {
  readonly #worker: Worker;
  readonly #result: Promise<ReaderCounts>;

  constructor(path: string, seed: number) {
    this.#worker = new Worker(PROGRAM, { workerData: { path, seed } });
    this.#result = new Promise((done, fail) => {
      this.#worker.once("message", done);
      this.#worker.once("error", fail);
    });
    // It is awaited at the end.
    this.#result.catch(() => undefined);
  }

  tell(message: ToReader): void {
    this.#worker.postMessage(message);
  }

  /** What it saw; rejects when an answer was wrong. */
  async end(): Promise<ReaderCounts> {
    this.tell("end");
    return this.#result;
  }
}

it("Readers in other threads get the values and proofs of each kept height, and an error of its own for any other", async () => {
  const path = mkdtempSync(join(tmpdir(), "computronium-readers-"));
  const store = StateStore.open({ path, storeNames: [...STORES], pruning: PRUNING });
  try {
    store.prepare(changesOf(1));
    const { appHash } = store.commit();
    const readers = Array.from({ length: THREADS }, (_, i) => new Reader(path, 77 + i));
    for (const reader of readers) reader.tell({ height: 1, appHash });
    while (store.version < BLOCKS) {
      store.prepare(changesOf(store.version + 1));
      const { version, appHash } = store.commit();
      for (const reader of readers) reader.tell({ height: version, appHash });
      // Pruning has its turn here, too.
      await nextTurn();
    }
    for (const reader of readers) {
      const counts = await reader.end();
      expect(counts.presences).toBeGreaterThan(100);
      expect(counts.absences).toBeGreaterThan(20);
      expect(counts.heights).toBeGreaterThan(50);
      expect(counts.iterations).toBeGreaterThan(10);
      expect(counts.refused).toBeGreaterThan(10);
      expect(counts.outlived).toBeGreaterThan(2);
    }
    expect(store.earliestVersion).toBeGreaterThan(BLOCKS - 20);
    store.verify();
  } finally {
    await store.close();
    rmSync(path, { recursive: true });
  }
});
