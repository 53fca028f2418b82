// Tier: test. Budget: 40 s. A snapshot restored is the same state, proofs and further blocks included; nothing else is taken.
import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { ByteString } from "../../bytes.js";
import { toByteString } from "../../bytes.js";
import { Database } from "../database.js";
import { openTemporary } from "../open-temporary.js";
import { ReadonlyStateStore } from "../readonly-state-store.js";
import { StateStore } from "../state-store.js";
import { sha256 } from "../tree/node-codec.js";
import type { SnapshotManifest } from "./manifest.js";
import { announce, readAnnounced } from "./manifest.js";
import { FalseSnapshot, SnapshotOfOtherProgram, WrongChunk } from "./restore.js";

type Write = readonly [ByteString, Uint8Array | undefined];
type Blocks = readonly ReadonlyMap<string, readonly Write[]>[];

const STORES = ["acc", "bank", "empty"];
const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

function temporary(...args: Parameters<typeof openTemporary>): ReturnType<typeof openTemporary> {
  const made = openTemporary(...args);
  opened.push(made);
  return made;
}

function apply(store: StateStore, blocks: Blocks): string[] {
  return blocks.map((changes) => {
    const version = store.version + 1;
    store.prepare(changes, { version, meta: `block ${version} é` });
    return Buffer.from(store.commit().appHash).toString("hex");
  });
}

interface Taken {
  readonly chunks: readonly Buffer[];
  readonly manifest: SnapshotManifest;
}

async function take(path: string, height: number, targetBytes: number): Promise<Taken> {
  const reader = ReadonlyStateStore.open({ path });
  const chunks: Buffer[] = [];
  reader.takeSnapshot(height, (index, chunk) => (chunks[index] = Buffer.from(chunk)), targetBytes);
  await reader.close();
  return { chunks, manifest: { height, chunkHashes: chunks.map((chunk) => sha256(chunk)) } };
}

function contents(store: StateStore, height = store.version): [string, string, string][] {
  const stores = store.at(height);
  return STORES.flatMap((name) =>
    [...stores.store(name).iterate({})].map(([key, value]): [string, string, string] => [
      name,
      key,
      Buffer.from(value).toString("hex"),
    ]),
  );
}

const key = fc.integer({ min: 0, max: 90 }).map((n) => `k${n % 10}${String.fromCharCode(n + 150)}` as ByteString);
const value = fc.option(fc.uint8Array({ maxLength: 30 }), { freq: 3 }).map((bytes) => bytes ?? undefined);
const writes = fc.array(fc.tuple(key, value), { maxLength: 60 });
const block = fc
  .record({ acc: writes, bank: writes })
  .map((stores) => new Map<string, Write[]>(Object.entries(stores)));

describe("a snapshot", () => {
  it("of any state restores to the same one: contents, hashes, proofs, meta, further blocks, pruning, next snapshot", async () => {
    const property = fc.asyncProperty(
      fc.array(block, { minLength: 1, maxLength: 8 }),
      fc.array(block, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(1, 100, 700, 1 << 20),
      async (before, after, targetBytes) => {
        const source = openTemporary(STORES);
        const target = openTemporary(STORES, { cacheBytes: 2_000, pruning: { keepRecent: 1, interval: 1 } });
        try {
          apply(source.store, before);
          const height = source.store.version;
          const { chunks, manifest } = await take(source.path, height, targetBytes);
          const restore = target.store.beginRestore({ manifest, appHash: source.store.appHash });
          const order = [...chunks.keys()].slice(1).reverse();
          for (const index of [0, ...order]) restore.apply(index, chunks[index] as Buffer);
          expect(restore.isComplete).toBe(true);
          expect(target.store.version).toBe(height);
          expect(target.store.earliestVersion).toBe(height);
          expect(target.store.meta).toBe(`block ${height} é`);
          expect(target.store.appHash).toEqual(source.store.appHash);
          expect(contents(target.store)).toEqual(contents(source.store));
          target.store.verify();
          for (const probe of ["k1\x97", "k5", "zz"] as ByteString[]) {
            for (const name of ["acc", "bank"]) {
              const prove = (store: StateStore): unknown => {
                try {
                  return store.prove(name, probe, height);
                } catch (error) {
                  return String(error);
                }
              };
              expect(prove(target.store)).toEqual(prove(source.store));
            }
          }
          expect(apply(target.store, after)).toEqual(apply(source.store, after));
          while (target.store.prune());
          target.store.verify();
          const next = source.store.version;
          expect(contents(target.store)).toEqual(contents(source.store));
          expect((await take(target.path, next, targetBytes)).chunks).toEqual(
            (await take(source.path, next, targetBytes)).chunks,
          );
        } finally {
          await target.close();
          await source.close();
        }
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it("is cut into chunks of whole subtrees that are filled up to the bound, of a large state", async () => {
    const { store, path } = temporary(STORES);
    const write = (i: number): Write => [
      `key ${String(i * 7919).padStart(9, "0")}` as ByteString,
      Buffer.alloc(i % 90, i),
    ];
    for (let b = 0; b < 5; b++) {
      const all = Array.from({ length: 2_000 }, (_, i) => write(i * 5 + b));
      apply(store, [
        new Map([
          ["acc", all],
          ["bank", all.slice(0, 300)],
        ]),
      ]);
    }
    const { chunks, manifest } = await take(path, 5, 16_384);
    expect(chunks.length).toBeGreaterThan(20);
    for (const chunk of chunks.slice(1)) expect(chunk.length).toBeLessThanOrEqual(16_384);
    const filled = chunks.slice(1).reduce((sum, chunk) => sum + chunk.length, 0);
    expect(filled / (chunks.length - 1)).toBeGreaterThan(16_384 / 3);
    const target = temporary(STORES);
    const restore = target.store.beginRestore({ manifest, appHash: store.appHash });
    for (const [index, chunk] of chunks.entries()) restore.apply(index, chunk);
    target.store.verify();
    expect(contents(target.store)).toEqual(contents(store));
  });

  it("is announced and read back; announcements that do not fit are refused with the reason", async () => {
    const { store, path } = temporary(STORES);
    apply(store, [new Map([["acc", [["a" as ByteString, Buffer.from("1")]]]])]);
    const { manifest } = await take(path, 1, 100);
    const good = announce(manifest);
    expect(readAnnounced(good)).toEqual(manifest);
    const refused = (change: Partial<typeof good>) => expect(() => readAnnounced({ ...good, ...change }));
    refused({ format: 2 }).toThrow("format 2 is not 1");
    refused({ height: 0n }).toThrow("there is no height 0");
    refused({ height: 1n << 32n }).toThrow("there is no height");
    refused({ chunks: 0 }).toThrow("it has 0 chunks");
    refused({ chunks: 0xffff_ffff }).toThrow("1 to 120000 may be");
    refused({ chunks: good.chunks + 1 }).toThrow("bytes of hashes");
    refused({ hash: Buffer.alloc(32) }).toThrow("not that of its metadata");
    refused({ metadata: Buffer.alloc(good.metadata.length) }).toThrow("not that of its metadata");
  });
});

describe("a restore", () => {
  /** A small state with several stores, heights and chunks, and its snapshot. */
  async function sample(): Promise<Taken & { appHash: Uint8Array }> {
    const { store, path } = temporary(STORES);
    for (let b = 0; b < 3; b++) {
      const all = Array.from({ length: 12 }, (_, i): Write => [
        `key ${i * (b + 1)}` as ByteString,
        Buffer.from(`${b}`),
      ]);
      apply(store, [
        new Map([
          ["acc", all],
          ["bank", all.slice(0, 2)],
        ]),
      ]);
    }
    return { ...(await take(path, 3, 60)), appHash: store.appHash };
  }

  it("refuses a chunk with any byte changed, missing or added, and goes on with the right one", async () => {
    const { chunks, manifest, appHash } = await sample();
    const { store } = temporary(STORES);
    const restore = store.beginRestore({ manifest, appHash });
    for (const [index, chunk] of chunks.entries()) {
      const changed = Buffer.from(chunk);
      changed[index % chunk.length]! ^= 1;
      for (const wrong of [changed, chunk.subarray(1), Buffer.concat([chunk, Buffer.alloc(1)]), Buffer.alloc(0)]) {
        expect(() => restore.apply(index, wrong)).toThrow(WrongChunk);
      }
      restore.apply(index, chunk);
      // Once more does no harm.
      restore.apply(index, chunk);
    }
    expect(store.version).toBe(3);
    store.verify();
  });

  it("refuses a snapshot that announces changed bytes, whichever byte it is: nothing but the text of the height may differ", async () => {
    const { chunks, manifest, appHash } = await sample();
    const { store } = temporary(STORES);
    const metaAt = chunks[0]!.indexOf("block 3 é");
    let refused = 0;
    for (const [index, chunk] of chunks.entries()) {
      for (let at = 0; at < chunk.length; at++) {
        if (index === 0 && at >= metaAt && at < metaAt + Buffer.byteLength("block 3 é")) continue;
        for (const flip of [0x01, 0x80]) {
          const changed = Buffer.from(chunk);
          changed[at]! ^= flip;
          const chunkHashes = manifest.chunkHashes.map((hash, i) => (i === index ? sha256(changed) : hash));
          const restore = store.beginRestore({ manifest: { ...manifest, chunkHashes }, appHash });
          expect(() => {
            restore.apply(0, index === 0 ? changed : chunks[0]!);
            if (index > 0) restore.apply(index, changed);
            // A wrong length in the outline shows with the chunk that it is about.
            for (const [i, other] of chunks.entries()) if (i > 0) restore.apply(i, i === index ? changed : other);
          }).toThrow(FalseSnapshot);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(1_000);
    expect(store.version).toBe(0);
  });

  it("refuses cut and empty chunks, chunks of random bytes, another height, another app hash, and other numbers of chunks", async () => {
    const { chunks, manifest, appHash } = await sample();
    const { store } = temporary(STORES);
    const announced = (replaced: ReadonlyMap<number, Buffer>, more: Partial<SnapshotManifest> = {}, hash = appHash) => {
      const bytes = chunks.map((chunk, i) => replaced.get(i) ?? chunk);
      const restore = store.beginRestore({
        manifest: { ...manifest, chunkHashes: bytes.map((chunk) => sha256(chunk)), ...more },
        appHash: hash,
      });
      return () => bytes.forEach((chunk, i) => restore.apply(i, chunk));
    };
    for (const [index, chunk] of chunks.entries()) {
      for (let end = 0; end < chunk.length; end++) {
        expect(announced(new Map([[index, chunk.subarray(0, end)]]))).toThrow(FalseSnapshot);
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(chunks.length - 1), (bytes, index) => {
        expect(announced(new Map([[index, Buffer.from(bytes)]]))).toThrow(FalseSnapshot);
      }),
    );
    expect(announced(new Map(), { height: 4 })).toThrow("it is of height 3");
    expect(announced(new Map(), {}, Buffer.alloc(32))).toThrow("do not have the app hash");
    expect(announced(new Map(), { chunkHashes: manifest.chunkHashes.slice(0, -1) })).toThrow("chunks");
    const swapped = new Map([
      [1, chunks[2]!],
      [2, chunks[1]!],
    ]);
    expect(announced(swapped)).toThrow(FalseSnapshot);
    expect(store.version).toBe(0);
    expect(announced(new Map())).not.toThrow();
    expect(store.version).toBe(3);
  });

  it("refuses stores that this program does not have, saying what to do", async () => {
    const { chunks, manifest, appHash } = await sample();
    const { store } = temporary(["acc", "bank"]);
    const restore = store.beginRestore({ manifest, appHash });
    expect(() => restore.apply(0, chunks[0]!)).toThrow(SnapshotOfOtherProgram);
    expect(() => restore.apply(0, chunks[0]!)).toThrow("run the version of the program");
  });

  it("that is interrupted leaves nothing: of the next restore, of a first block, or when the state is opened", async () => {
    const nodeChunks = async (path: string): Promise<number> => {
      const database = Database.open({ path, readOnly: true });
      const count = [...database.tables.nodes.getKeys()].length;
      await database.close();
      return count;
    };
    const { chunks, manifest, appHash } = await sample();
    const target = temporary(STORES);
    const { store } = target;
    const first = store.beginRestore({ manifest, appHash });
    for (const index of [0, 1, 2]) first.apply(index, chunks[index]!);
    const second = store.beginRestore({ manifest, appHash });
    expect(() => first.apply(3, chunks[3]!)).toThrow("given up");
    second.apply(0, chunks[0]!);
    second.apply(1, chunks[1]!);
    expect(await nodeChunks(target.path)).toBeGreaterThan(0);
    const again = StateStore.open({ path: target.path, storeNames: STORES });
    expect(await nodeChunks(target.path)).toBe(0);
    await again.close();
    second.apply(1, chunks[1]!);
    // A first block instead.
    const genesis = new Map([["acc", [["k" as ByteString, Buffer.from("v")] as Write]]]);
    const reference = temporary(STORES);
    expect(apply(store, [genesis])).toEqual(apply(reference.store, [genesis]));
    expect(() => second.apply(2, chunks[2]!)).toThrow("given up");
    expect(() => store.beginRestore({ manifest, appHash })).toThrow("height 1 is committed");
    expect(store.verify()).toEqual(reference.store.verify());
    expect((await take(target.path, 1, 60)).chunks).toEqual((await take(reference.path, 1, 60)).chunks);
  });

  it("checks what the caller makes of the height's text before anything is written", async () => {
    const { chunks, manifest, appHash } = await sample();
    const { store } = temporary(STORES);
    const restore = store.beginRestore({ manifest, appHash });
    const refuse = (meta: string): never => {
      throw new Error(`not ${meta}`);
    };
    expect(() => restore.apply(0, chunks[0]!, refuse)).toThrow("not block 3 é");
    expect(toByteString(store.appHash)).not.toBe(toByteString(appHash));
  });
});
