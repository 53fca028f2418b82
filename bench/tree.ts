import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import type { ByteString } from "../core/bytes.js";
import { toByteString } from "../core/bytes.js";
import { PRUNING } from "../core/store/pruning.js";
import { StateStore } from "../core/store/state-store.js";

/**
 * 20,000 updates of random 20-byte keys over 10^4, 10^5 and 10^6 keys, persisted by Commit, beside Go's iavl 1.2.2 on
 * goleveldb (bench/iavl-go) in the same run, taking turns. Without Go only ours is measured.
 *
 *   node dist/bench/tree.js [rounds] [largest number of keys]
 */
const UPDATES = 20_000;
const KEY_BYTES = 20;
const VALUE_BYTES = 40;
const STORE = "bank";
const rounds = Number(process.argv[2] ?? 5);
const largest = Number(process.argv[3] ?? 1_000_000);
const SIZES = [10_000, 100_000, 1_000_000].filter((size) => size <= largest);

interface Measured {
  /** Until the root hash is known. */
  readonly hashMs: number[];
  /** Until Commit has returned: hash and persistence. */
  readonly totalMs: number[];
  /** Of the whole process, pages of the mapped file among them. */
  readonly rssMiB: number;
  /** Nodes, keys and values that the store holds in memory. */
  readonly cacheMiB: number;
  readonly fileMiB: number;
}

/** Random bytes that every run and the Go program can make: SHA-256 of a counter. */
function keyOf(n: number): ByteString {
  return toByteString(createHash("sha256").update(String(n)).digest().subarray(0, KEY_BYTES));
}

let seed = 1;
function random(below: number): number {
  // Numerical Recipes' generator: enough to pick keys.
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

function sorted<T>(entries: [ByteString, T][]): [ByteString, T][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

async function measureOurs(size: number): Promise<Measured> {
  const path = mkdtempSync(join(tmpdir(), "computronium-bench-"));
  const store = StateStore.open({ path, storeNames: [STORE], cacheBytes: 1 << 30, pruning: PRUNING.nothing });
  const keys = Array.from({ length: size }, (_, n) => keyOf(n));
  const value = (round: number, n: number): Uint8Array => Buffer.alloc(VALUE_BYTES, `${round} ${n} `);
  store.prepare(new Map([[STORE, sorted(keys.map((key, n) => [key, value(0, n)]))]]), { version: 1 });
  store.commit();
  const hashMs: number[] = [];
  const totalMs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const chosen = new Set<ByteString>();
    while (chosen.size < Math.min(UPDATES, size)) chosen.add(keys[random(size)] as ByteString);
    // As the block's branch hands them over: sorted.
    const changes = new Map([[STORE, sorted([...chosen].map((key, n) => [key, value(round, n)]))]]);
    const start = performance.now();
    store.prepare(changes);
    const hashed = performance.now();
    store.commit();
    totalMs.push(performance.now() - start);
    hashMs.push(hashed - start);
  }
  // The older roots are still there, and provable.
  for (let version = 1; version <= store.version; version++) store.prove(STORE, keys[0] as ByteString, version);
  const { fileBytes, cachedBytes } = store.stats();
  const measured = {
    hashMs,
    totalMs,
    rssMiB: process.memoryUsage().rss / 2 ** 20,
    cacheMiB: cachedBytes / 2 ** 20,
    fileMiB: fileBytes / 2 ** 20,
  };
  await store.close();
  rmSync(path, { recursive: true, force: true });
  return measured;
}

function buildGo(): string | undefined {
  const binary = join(process.cwd(), "build", "iavl-bench");
  try {
    execFileSync("go", ["build", "-o", binary, "."], { cwd: join(process.cwd(), "bench/iavl-go"), stdio: "inherit" });
    return binary;
  } catch {
    console.error("no Go toolchain: measuring ours alone");
    return undefined;
  }
}

function median(values: readonly number[]): number {
  const inOrder = [...values].sort((a, b) => a - b);
  return inOrder[Math.floor(inOrder.length / 2)] ?? NaN;
}

/** One size in a process of its own, so that its memory is its own. */
function inOwnProcess(size: number): Measured {
  const output = execFileSync(process.execPath, [process.argv[1] as string, String(rounds), "own", String(size)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Measured;
}

async function main(): Promise<void> {
  if (process.argv[3] === "own") {
    console.log(JSON.stringify(await measureOurs(Number(process.argv[4]))));
    return;
  }
  const go = buildGo();
  const results = [];
  console.log("keys        ours: hash + commit = total     Go total     ratio   ours: nodes in memory, resident, file");
  for (const size of SIZES) {
    const ours = inOwnProcess(size);
    const goMs =
      go === undefined
        ? []
        : (JSON.parse(execFileSync(go, [String(size), String(rounds)], { encoding: "utf8" })) as number[]);
    const total = median(ours.totalMs);
    const hash = median(ours.hashMs);
    const theirs = goMs.length === 0 ? undefined : median(goMs);
    results.push({
      keys: size,
      updates: Math.min(UPDATES, size),
      oursHashMs: Math.round(hash),
      oursTotalMs: Math.round(total),
      goTotalMs: theirs === undefined ? null : Math.round(theirs),
      ratio: theirs === undefined ? null : Math.round((10 * theirs) / total) / 10,
      rssMiB: Math.round(ours.rssMiB),
      cacheMiB: Math.round(ours.cacheMiB),
      fileMiB: Math.round(ours.fileMiB),
      oursAllMs: ours.totalMs.map(Math.round),
      goAllMs: goMs.map(Math.round),
    });
    console.log(
      `${String(size).padStart(9)}   ${hash.toFixed(0).padStart(5)} + ${(total - hash).toFixed(0).padStart(4)} = ${total.toFixed(0).padStart(5)} ms` +
        `        ${theirs === undefined ? "      -" : `${theirs.toFixed(0).padStart(6)} ms`}   ${theirs === undefined ? "-" : (theirs / total).toFixed(1).padStart(5)}` +
        `   ${ours.cacheMiB.toFixed(0)} MiB, ${ours.rssMiB.toFixed(0)} MiB, ${ours.fileMiB.toFixed(0)} MiB`,
    );
  }
  mkdirSync("bench/results", { recursive: true });
  const conditions = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    loadAverage: loadavg(),
    rounds,
    keyBytes: KEY_BYTES,
    valueBytes: VALUE_BYTES,
    go: go === undefined ? null : "github.com/cosmos/iavl v1.2.2 on goleveldb, cache of 100,000 nodes",
    figure: "median of the rounds, each of the updates in sorted order and Commit; file with all versions kept",
  };
  writeFileSync("bench/results/tree.json", `${JSON.stringify({ benchmark: "tree", conditions, results }, null, 2)}\n`);
}

await main();
