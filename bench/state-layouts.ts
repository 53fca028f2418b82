import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { open } from "lmdb";

import type { ByteString } from "../core/bytes.js";
import { PRUNING } from "../core/store/pruning.js";
import { ReadonlyStateStore } from "../core/store/readonly-state-store.js";
import { StateStore } from "../core/store/state-store.js";

/**
 * The two layouts that docs/adr/001 weighs, at a million keys and 20,000 updates a block: what a block's write transaction
 * costs, how the file grows, and what a read from the disk costs. Ours is measured whole; of the other (a record per node,
 * and a flat table of the latest values) only the LMDB part, which flatters it.
 *
 *   node dist/bench/state-layouts.js [keys]
 */
const KEYS = Number(process.argv[2] ?? 1_000_000);
const UPDATES = Math.min(20_000, KEYS);
const BLOCKS = 5;
const NODE_BYTES = 107;
const READS = 20_000;

const keyOf = (n: number): Buffer => createHash("sha256").update(String(n)).digest().subarray(0, 20);
const text = (bytes: Buffer): ByteString => bytes.latin1Slice() as ByteString;
const median = (values: number[]): string =>
  (values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN).toFixed(0);

let seed = 1;
function random(below: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

const keys = Array.from({ length: KEYS }, (_, n) => keyOf(n)).sort(Buffer.compare);
const pick = (): number[] => {
  const chosen = new Set<number>();
  while (chosen.size < UPDATES) chosen.add(random(KEYS));
  return [...chosen].sort((a, b) => a - b);
};

async function chunkedTree(): Promise<{ nodesPerBlock: number }> {
  const path = mkdtempSync(join(tmpdir(), "computronium-layout-"));
  const store = StateStore.open({ path, storeNames: ["s"], cacheBytes: 1 << 30, pruning: PRUNING.nothing });
  store.prepare(new Map([["s", keys.map((key) => [text(key), Buffer.alloc(40)] as const)]]));
  store.commit();
  const first = store.stats().fileBytes;
  const prepare: number[] = [];
  const commit: number[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    const changes = new Map([["s", pick().map((n) => [text(keys[n] as Buffer), Buffer.alloc(40, block)] as const)]]);
    const start = performance.now();
    store.prepare(changes);
    const prepared = performance.now();
    store.commit();
    prepare.push(prepared - start);
    commit.push(performance.now() - prepared);
  }
  const growth = (store.stats().fileBytes - first) / BLOCKS;
  const reader = ReadonlyStateStore.open({ path });
  const view = reader.at(store.version).store("s");
  const start = performance.now();
  for (let i = 0; i < READS; i++) view.get(text(keys[random(KEYS)] as Buffer));
  const read = ((performance.now() - start) * 1000) / READS;
  console.log(
    `chunks of the tree:      prepare ${median(prepare)} ms, commit ${median(commit)} ms; file ${(first / 2 ** 20).toFixed(0)} MiB ` +
      `+ ${(growth / 2 ** 20).toFixed(1)} MiB a block; a get through the tree on disk ${read.toFixed(1)} µs`,
  );
  const nodesPerBlock = Math.round(growth / (NODE_BYTES + 6));
  await reader.close();
  await store.close();
  rmSync(path, { recursive: true, force: true });
  return { nodesPerBlock };
}

async function nodePerKey(nodesPerBlock: number): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "computronium-layout-"));
  const root = open<Buffer, Buffer>({
    path,
    noSubdir: false,
    encoding: "binary",
    keyEncoding: "binary",
    mapSize: 2 ** 40,
  });
  const table = (name: string): typeof root =>
    root.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary" }) as unknown as typeof root;
  const nodes = table("nodes");
  const flat = table("flat");
  const node = Buffer.alloc(NODE_BYTES, 7);
  const nodeKey = (version: number, nonce: number): Buffer => {
    const key = Buffer.alloc(8);
    key.writeUInt32BE(version, 0);
    key.writeUInt32BE(nonce, 4);
    return key;
  };
  const write = (change: () => void): number => {
    const start = performance.now();
    root.transactionSync(change, 0x10002 as never);
    return performance.now() - start;
  };
  write(() => {
    for (let i = 1; i < 2 * KEYS; i++) nodes.putSync(nodeKey(1, i), node);
    for (const key of keys) flat.putSync(key, Buffer.alloc(40));
  });
  const file = join(path, "data.mdb");
  const first = statSync(file).size;
  const both: number[] = [];
  const flatOnly: number[] = [];
  const prune: number[] = [];
  for (let block = 2; block < 2 + BLOCKS; block++) {
    const chosen = pick();
    const appended = write(() => {
      for (let i = 1; i <= nodesPerBlock; i++) nodes.putSync(nodeKey(block, i), node);
    });
    const folded = write(() => {
      for (const n of chosen) flat.putSync(keys[n] as Buffer, Buffer.alloc(40, block));
    });
    both.push(appended + folded);
    flatOnly.push(folded);
  }
  const growth = (statSync(file).size - first) / BLOCKS;
  for (let block = 0; block < BLOCKS; block++) {
    const dead = Array.from({ length: nodesPerBlock }, () => 1 + random(2 * KEYS)).sort((a, b) => a - b);
    prune.push(
      write(() => {
        for (const nonce of dead) nodes.removeSync(nodeKey(1, nonce));
      }),
    );
  }
  const start = performance.now();
  for (let i = 0; i < READS; i++) flat.getBinary(keys[random(KEYS)] as Buffer);
  const read = ((performance.now() - start) * 1000) / READS;
  console.log(
    `node per key, flat table: LMDB alone ${median(both)} ms (flat table ${median(flatOnly)} ms), ${nodesPerBlock} nodes a block; file ` +
      `${(first / 2 ** 20).toFixed(0)} MiB + ${(growth / 2 ** 20).toFixed(1)} MiB a block; pruning a block ${median(prune)} ms; a get ${read.toFixed(1)} µs`,
  );
  await root.close();
  rmSync(path, { recursive: true, force: true });
}

async function pruning(): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "computronium-layout-"));
  const store = StateStore.open({
    path,
    storeNames: ["s"],
    cacheBytes: 1 << 30,
    pruning: { keepRecent: 2, interval: 1 },
  });
  store.prepare(new Map([["s", keys.map((key) => [text(key), Buffer.alloc(40)] as const)]]));
  store.commit();
  const times: number[] = [];
  let slowest = 0;
  for (let block = 0; block < 3 + BLOCKS; block++) {
    store.prepare(new Map([["s", pick().map((n) => [text(keys[n] as Buffer), Buffer.alloc(40, block)] as const)]]));
    store.commit();
    const start = performance.now();
    for (let more = true; more;) {
      const slice = performance.now();
      more = store.prune();
      slowest = Math.max(slowest, performance.now() - slice);
    }
    if (block >= 3) times.push(performance.now() - start);
  }
  console.log(
    `chunks of the tree:      pruning a block ${median(times)} ms in slices of at most ${slowest.toFixed(0)} ms`,
  );
  await store.close();
  rmSync(path, { recursive: true, force: true });
}

const { nodesPerBlock } = await chunkedTree();
await nodePerKey(nodesPerBlock);
await pruning();
