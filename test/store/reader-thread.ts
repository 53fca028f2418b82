// A thread: reads random keys at random heights while its owner commits and prunes, and checks all that it gets against what
// that height must hold. Ends with an exception at the first wrong answer.
import { setImmediate as nextTurn } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";

import { HeightNotKept } from "../../core/store/errors.js";
import type { ReadonlyMultiStore } from "../../core/store/kv.js";
import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import { verifies } from "../../core/store/verify-proof.test-support.js";
import { SeededRandom } from "../kit/random.js";
import { KEYS, keyOf, STORES, valueAt } from "./readers-model.js";

/** A block that was committed before it was sent, or the end. */
export type ToReader = { readonly height: number; readonly appHash: Uint8Array } | "end";

/** What a reader saw; a number of each. */
export interface ReaderCounts {
  readonly values: number;
  readonly iterations: number;
  readonly presences: number;
  readonly absences: number;
  /** Views that were held until their height was pruned. */
  readonly outlived: number;
  /** Heights that were refused from the beginning. */
  readonly refused: number;
  /** Different heights at which proofs were verified. */
  readonly heights: number;
}

/** A view is kept for so many reads, longer than its height is. */
const READS_OF_A_VIEW = 1_000;

const { path, seed } = workerData as { readonly path: string; readonly seed: number };
const random = new SeededRandom(seed);
const reader = ReadonlyStateStore.open({ path });
const appHashes = new Map<number, Uint8Array>();
const heights = new Set<number>();
const counts = { values: 0, iterations: 0, presences: 0, absences: 0, outlived: 0, refused: 0 };
let isEnding = false;

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}

function require(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`wrong answer: ${what}`);
}

/** Runs a read; false when its height is not kept, which must then be so. */
function isKept(height: number, read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!(error instanceof HeightNotKept)) throw error;
    require(height < reader.earliestVersion, `height ${height} is refused, ${reader.earliestVersion} is kept`);
    return false;
  }
}

function readValue(view: ReadonlyMultiStore, height: number): void {
  const name = random.pick(STORES);
  const n = random.below(KEYS);
  require(same(view.store(name).get(keyOf(n)), valueAt(name, n, height)), `${name} ${n} at ${height}`);
  counts.values++;
}

function readAll(height: number): void {
  const name = random.pick(STORES);
  const found = new Map([...reader.at(height).store(name).iterate({})].map(([key, value]) => [key, value]));
  for (let n = 0; n < KEYS; n++) {
    require(same(found.get(keyOf(n)), valueAt(name, n, height)), `iteration over ${name} at ${height}, ${n}`);
    found.delete(keyOf(n));
  }
  require(found.size === 0, `iteration over ${name} at ${height} has keys that nobody wrote`);
  counts.iterations++;
}

function prove(height: number): void {
  const name = random.pick(STORES);
  const n = random.below(KEYS);
  const proof = reader.prove(name, keyOf(n), height);
  const value = valueAt(name, n, height);
  require(same(proof.value, value), `proven value of ${name} ${n} at ${height}`);
  require(verifies(proof, name, keyOf(n), appHashes.get(height)!), `proof of ${name} ${n} at ${height}`);
  heights.add(height);
  if (value === undefined) counts.absences++;
  else counts.presences++;
}

/** Heights of which the app hash is known: those that are kept and, now and then, one that no longer is. */
function pickHeight(): number {
  const latest = appHashes.size;
  const earliest = Math.max(1, Math.min(reader.earliestVersion, latest));
  return random.below(10) === 0 ? 1 + random.below(latest) : earliest + random.below(latest - earliest + 1);
}

async function readAway(): Promise<void> {
  let held: { height: number; view: ReadonlyMultiStore; reads: number } | undefined;
  while (!isEnding) {
    await nextTurn();
    if (appHashes.size === 0) continue;
    const height = pickHeight();
    const isServed = isKept(height, () => {
      prove(height);
      readValue(reader.at(height), height);
      if (random.below(8) === 0) readAll(height);
    });
    if (!isServed) counts.refused++;
    if (held === undefined) {
      // One of the oldest: it will be pruned while it is held.
      const oldest = Math.max(1, reader.earliestVersion);
      isKept(oldest, () => (held = { height: oldest, view: reader.at(oldest), reads: 0 }));
      continue;
    }
    const { height: at, view } = held;
    if (!isKept(at, () => readValue(view, at))) {
      counts.outlived++;
      held = undefined;
    } else if (++held.reads > READS_OF_A_VIEW) held = undefined;
  }
}

parentPort!.on("message", (message: ToReader) => {
  if (message === "end") {
    isEnding = true;
    return;
  }
  appHashes.set(message.height, message.appHash);
  // It was sent after its commit had returned.
  require(reader.version >=
    message.height, `height ${message.height} is committed, and the reader is at ${reader.version}`);
});
await readAway();
await reader.close();
const result: ReaderCounts = { ...counts, heights: heights.size };
parentPort!.postMessage(result);
parentPort!.close();
