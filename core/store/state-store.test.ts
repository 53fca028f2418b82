// Tier: make test. Budget: 20 s.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { open } from "lmdb";

import type { ByteString } from "../bytes.js";
import { compareBytes } from "../bytes.js";
import { CHECKSUM_BYTES } from "./checksum.js";
import { versionKey } from "./database.js";
import { CorruptDatabase, ForeignDatabase, HeightNotKept, UnknownStore } from "./errors.js";
import type { KeyRange, ReadonlyKvStore } from "./kv.js";
import { StoreKeyError } from "./kv.js";
import { customPruning, PRUNING } from "./pruning.js";
import { ReadonlyStateStore } from "./readonly-state-store.js";
import { StateStore } from "./state-store.js";

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "computronium-test-"));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const bytes = (text: string): ByteString => text as ByteString;
type Write = readonly [ByteString, Uint8Array | undefined];
const put = (key: string, value = key): Write => [bytes(key), Buffer.from(value, "latin1")];
const del = (key: string): Write => [bytes(key), undefined];
const entries = (store: ReadonlyKvStore, range: KeyRange = {}): [string, string][] =>
  [...store.iterate(range)].map(([key, value]) => [key, Buffer.from(value).toString("latin1")]);

/** A block for store "s". */
function block(store: StateStore, writes: readonly Write[], version?: number): void {
  store.prepare(new Map([["s", writes]]), { version, meta: `block ${version ?? store.version + 1}` });
  store.commit();
}

describe("the state store beside a model", () => {
  type Model = Map<string, string>;
  const sorted = (model: Model): [string, string][] => [...model].sort(([a], [b]) => compareBytes(bytes(a), bytes(b)));

  const key = fc.integer({ min: 0, max: 60 }).map((n) => `k${String.fromCharCode(n * 4)}${n % 7}`);
  const write = fc.tuple(key, fc.option(fc.string({ maxLength: 12 }), { freq: 2 }));
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant("block" as const), writes: fc.array(write, { maxLength: 40 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("redo" as const), writes: fc.array(write, { maxLength: 20 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("discard" as const), writes: fc.array(write, { maxLength: 20 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("reopen" as const), cacheBytes: fc.constantFrom(1, 3_000, 1 << 20) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("prune" as const), nodes: fc.integer({ min: 1, max: 50 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("rollback" as const), back: fc.integer({ min: 0, max: 6 }) }),
    },
  );
  const toWrites = (writes: readonly (readonly [string, string | null])[]): Write[] =>
    writes.map(([k, v]) => (v === null ? del(k) : put(k, Buffer.from(v, "utf8").toString("latin1"))));

  it("holds what the model holds, at every kept height, with eviction, reopening, pruning and rollback between blocks", async () => {
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40 }),
      fc.constantFrom(1, 9),
      fc.record({ keepRecent: fc.constantFrom(1, 4, undefined), interval: fc.constantFrom(1, 3) }),
      async (steps, initialVersion, pruning) => {
        const path = newFolder();
        let cacheBytes = 2_000;
        let store = StateStore.open({ path, storeNames: ["s", "t"], cacheBytes, pruning });
        const heights = new Map<number, Model>();
        const hashes = new Map<number, string>();
        let model: Model = new Map();
        try {
          for (const current of steps) {
            const version = store.version === 0 ? initialVersion : store.version + 1;
            if (current.kind === "block" || current.kind === "redo" || current.kind === "discard") {
              if (current.kind !== "block") {
                store.prepare(new Map([["s", toWrites([...current.writes].reverse())]]), { version });
              }
              if (current.kind === "discard") store.discard();
              else {
                store.prepare(new Map([["s", toWrites(current.writes)]]), { version, meta: `m${version}` });
                // Nobody sees what is prepared.
                expect(entries(store.latest().store("s"))).toEqual(sorted(model));
                const { appHash } = store.commit();
                model = new Map(model);
                for (const [k, v] of current.writes) {
                  if (v === null) model.delete(k);
                  else model.set(k, Buffer.from(v, "utf8").toString("latin1"));
                }
                heights.set(version, model);
                hashes.set(version, Buffer.from(appHash).toString("hex"));
              }
            } else if (current.kind === "reopen") {
              await store.close();
              cacheBytes = current.cacheBytes;
              store = StateStore.open({ path, storeNames: ["s", "t"], cacheBytes, pruning });
            } else if (current.kind === "prune") {
              store.prune(current.nodes);
            } else if (store.version > 0) {
              const to = Math.max(store.earliestVersion, store.version - current.back);
              store.rollback(to);
              for (const height of [...heights.keys()]) if (height > to) heights.delete(height);
              model = heights.get(to) as Model;
            }
            expect(entries(store.latest().store("s"))).toEqual(sorted(model));
            if (store.version > 0) expect(Buffer.from(store.appHash).toString("hex")).toBe(hashes.get(store.version));
          }
          store.verify();
          for (const [height, then] of heights) {
            if (height < store.earliestVersion) {
              expect(() => store.at(height)).toThrow(HeightNotKept);
              continue;
            }
            const view = store.at(height).store("s");
            expect(entries(view)).toEqual(sorted(then));
            expect(entries(view, { reverse: true })).toEqual(sorted(then).reverse());
            expect(store.metaAt(height)).toBe(`m${height}`);
          }
          while (store.prune(7));
          store.verify();
          const range = { start: bytes("k2"), end: bytes("k\x80") };
          const inRange = sorted(model).filter(([k]) => k >= range.start && k < range.end);
          const latest = store.latest().store("s");
          expect(entries(latest, range)).toEqual(inRange);
          expect(entries(latest, { ...range, reverse: true })).toEqual(inRange.reverse());
          for (const [k, v] of model) expect(Buffer.from(latest.get(bytes(k)) ?? []).toString("latin1")).toBe(v);
          expect(latest.has(bytes("k"))).toBe(false);
        } finally {
          await store.close();
        }
      },
    );
    await fc.assert(property, { seed: 7, numRuns: 20 });
  });
});

describe("the state store", () => {
  it("keeps memory within its bound and still answers everything", async () => {
    const store = StateStore.open({
      path: newFolder(),
      storeNames: ["s"],
      cacheBytes: 200_000,
      pruning: PRUNING.nothing,
    });
    const key = (n: number): string => `key ${String(n).padStart(6, "0")}`;
    const all = Array.from({ length: 20_000 }, (_, n) => put(key(n)));
    block(store, all);
    for (let round = 0; round < 4; round++) {
      block(store, [put(key(round))]);
      expect(store.stats().cachedBytes).toBeLessThan(200_000);
      for (let n = 0; n < 20_000; n += 777)
        expect(
          store
            .latest()
            .store("s")
            .get(bytes(key(n))),
        ).toBeDefined();
    }
    expect([...store.latest().store("s").iterate({})].length).toBe(20_000);
    block(store, [del(key(5))]);
    expect(store.stats().cachedBytes).toBeLessThan(200_000);
    await store.close();
  });

  it("an iteration goes on over a commit, from where it was", async () => {
    const store = StateStore.open({ path: newFolder(), storeNames: ["s"] });
    block(
      store,
      ["a", "c", "e", "g"].map((key) => put(key)),
    );
    for (const reverse of [false, true]) {
      const walk = store.latest().store("s").iterate({ reverse });
      const seen = [walk.next().value?.[0]];
      block(store, [put(reverse ? "b" : "f"), del("c")]);
      for (const [key] of walk) seen.push(key);
      expect(seen).toEqual(reverse ? ["g", "f", "e", "b", "a"] : ["a", "e", "f", "g"]);
    }
    await store.close();
  });

  it("a reader of its own sees each height as soon as it is committed, and proves it", async () => {
    const path = newFolder();
    const store = StateStore.open({ path, storeNames: ["s"] });
    block(store, [put("a", "1")], 10);
    const reader = ReadonlyStateStore.open({ path });
    expect([reader.version, reader.earliestVersion]).toEqual([10, 10]);
    block(store, [put("a", "2")]);
    expect(reader.version).toBe(11);
    expect(entries(reader.at(10).store("s"))).toEqual([["a", "1"]]);
    expect(entries(reader.at(11).store("s"))).toEqual([["a", "2"]]);
    expect(reader.metaAt(11)).toBe("block 11");
    expect(reader.prove("s", bytes("a"), 11)).toEqual(store.prove("s", bytes("a"), 11));
    expect(() => reader.at(12)).toThrow(HeightNotKept);
    store.rollback(10);
    block(store, [put("a", "3")]);
    expect(entries(reader.at(11).store("s"))).toEqual([["a", "3"]]);
    await reader.close();
    await store.close();
  });

  it("a pinned height outlives pruning until it is let go", async () => {
    const store = StateStore.open({ path: newFolder(), storeNames: ["s"], pruning: { keepRecent: 1, interval: 1 } });
    block(store, [put("a", "1")]);
    const release = store.pin(1);
    for (let n = 2; n < 8; n++) block(store, [put("a", String(n))]);
    expect(entries(store.at(1).store("s"))).toEqual([["a", "1"]]);
    release();
    block(store, [put("a", "8")]);
    expect(store.earliestVersion).toBe(7);
    expect(() => store.at(6)).toThrow("heights 7 to 8 are kept");
    await store.close();
  });

  it("under constant change the file stops growing once pruning keeps pace", async () => {
    const store = StateStore.open({ path: newFolder(), storeNames: ["s"], pruning: { keepRecent: 2, interval: 5 } });
    const key = (n: number): string => `key ${String((n * 7919) % 3000).padStart(6, "0")}`;
    block(
      store,
      Array.from({ length: 3000 }, (_, n) => put(key(n))),
    );
    const sizes: number[] = [];
    for (let round = 0; round < 60; round++) {
      block(
        store,
        Array.from({ length: 150 }, (_, n) => put(key(round * 150 + n), `value ${round}`)),
      );
      while (store.prune());
      sizes.push(store.stats().fileBytes);
    }
    expect(sizes.at(-1)).toBeLessThanOrEqual(1.1 * (sizes[29] as number));
    store.verify();
    await store.close();
  });

  it("store names that come later begin empty and enter the app hash with the next height", async () => {
    const path = newFolder();
    const before = StateStore.open({ path, storeNames: ["s"] });
    block(before, [put("a")]);
    await before.close();
    const after = StateStore.open({ path, storeNames: ["s", "new"] });
    expect(entries(after.latest().store("new"))).toEqual([]);
    after.prepare(new Map([["new", [put("n")]]]));
    after.commit();
    expect(entries(after.at(2).store("new"))).toEqual([["n", "n"]]);
    expect(() => after.at(1).store("new")).toThrow(UnknownStore);
    expect(entries(after.at(1).store("s"))).toEqual([["a", "a"]]);
    await after.close();
  });

  it("refuses heights, names and keys that do not fit", async () => {
    const store = StateStore.open({ path: newFolder(), storeNames: ["s"] });
    expect(() => store.commit()).toThrow("nothing is prepared");
    expect(() => store.at(1)).toThrow("nothing is committed yet");
    block(store, [], 5);
    expect(() => store.prepare(new Map(), { version: 5 })).toThrow(RangeError);
    expect(() => store.prepare(new Map(), { version: 7 })).toThrow(RangeError);
    expect(() => store.prepare(new Map([["x", []]]))).toThrow(UnknownStore);
    expect(() => store.latest().store("x")).toThrow(UnknownStore);
    expect(() => store.prepare(new Map([["s", [put("")]]]))).toThrow(StoreKeyError);
    expect(() => store.rollback(4)).toThrow(HeightNotKept);
    expect(() => store.rollback(6)).toThrow(HeightNotKept);
    expect(() => customPruning(1, 10)).toThrow("pruning-keep-recent is 1");
    expect(() => customPruning(100, 9)).toThrow("pruning-interval is 9");
    await store.close();
    expect(() => StateStore.open({ path: newFolder(), storeNames: ["s", "s"] })).toThrow(RangeError);
  });
});

describe("a database that does not fit", () => {
  async function made(): Promise<string> {
    const path = newFolder();
    const store = StateStore.open({ path, storeNames: ["s"] });
    block(
      store,
      Array.from({ length: 3000 }, (_, n) => put(`key ${n}`, `the value ${n}`)),
    );
    await store.close();
    return path;
  }
  const opened =
    (path: string): (() => StateStore) =>
    () =>
      StateStore.open({ path, storeNames: ["s"] });

  it.each([
    ["a text file", Buffer.from("this is not a database\n".repeat(20_000))],
    ["a short file", Buffer.from("x")],
  ])("%s in its place is refused and left as it is", (_, content) => {
    const path = newFolder();
    writeFileSync(join(path, "data.mdb"), content);
    expect(opened(path)).toThrow(ForeignDatabase);
    expect(readFileSync(join(path, "data.mdb")).equals(content)).toBe(true);
  });

  it("a folder with other things in it is refused", () => {
    const path = newFolder();
    writeFileSync(join(path, "CURRENT"), "goleveldb");
    expect(opened(path)).toThrow("holds CURRENT but no state database");
  });

  it("an LMDB database of another program is refused and left as it is", async () => {
    const path = newFolder();
    const other = open({ path, noSubdir: false });
    await other.put("hello", "world");
    await other.close();
    const content = readFileSync(join(path, "data.mdb"));
    expect(opened(path)).toThrow(/of another program/);
    expect(readFileSync(join(path, "data.mdb")).equals(content)).toBe(true);
  });

  it("another layout is refused, and the message says what to run", async () => {
    const path = await made();
    const root = open({ path, noSubdir: false, encoding: "binary", keyEncoding: "binary" });
    const meta = root.openDB<Buffer, Buffer>({ name: "meta", encoding: "binary", keyEncoding: "binary" });
    await meta.put(Buffer.from("layout"), Buffer.from('{"format":"computronium state","layout":99}'));
    await root.close();
    expect(opened(path)).toThrow(/has state layout 99, this program reads layout 1: run the version/);
  });

  it.each(["layout", "names", "status", "commit"])("a flipped bit in %s is called damage", async (what) => {
    const path = await made();
    const root = open({ path, noSubdir: false, encoding: "binary", keyEncoding: "binary" });
    const [tableName, key] = what === "commit" ? ["commits", versionKey(1)] : ["meta", Buffer.from(what)];
    const table = root.openDB<Buffer, Buffer>({ name: tableName, encoding: "binary", keyEncoding: "binary" });
    const whole = Buffer.from(table.getBinary(key)!);
    for (let bit = 0; bit < 8 * whole.length; bit += 11) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      table.putSync(key, damaged);
      expect(opened(path)).toThrow(CorruptDatabase);
    }
    table.putSync(key, whole);
    await root.close();
    await opened(path)().close();
  });

  it("entries and records of before there were checksums are read", async () => {
    const path = await made();
    const root = open({ path, noSubdir: false, encoding: "binary", keyEncoding: "binary" });
    const table = (name: string) => root.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary" });
    for (const name of ["layout", "names", "status"]) {
      const entry = table("meta").getBinary(Buffer.from(name))!;
      table("meta").putSync(Buffer.from(name), Buffer.from(entry.subarray(2 * CHECKSUM_BYTES + 1)));
    }
    const record = Buffer.from(table("commits").getBinary(versionKey(1))!);
    record[32]! &= 0x7f;
    table("commits").putSync(
      versionKey(1),
      Buffer.concat([record.subarray(0, 34), record.subarray(34 + CHECKSUM_BYTES)]),
    );
    await root.close();
    const store = opened(path)();
    expect(store.verify().heights).toBe(1);
    await store.close();
  });

  it("a file that was cut is refused before LMDB maps it", async () => {
    const path = await made();
    truncateSync(join(path, "data.mdb"), 20_000);
    expect(opened(path)).toThrow(CorruptDatabase);
  });

  it("a reader is refused where there is no database", () => {
    expect(() => ReadonlyStateStore.open({ path: newFolder() })).toThrow("start the node first");
  });

  it("a flipped bit in a value, a leaf's key or an inner key, which no hash covers, is found when it is read and by verify", async () => {
    const path = await made();
    const whole = readFileSync(join(path, "data.mdb"));
    const places = [whole.indexOf("the value 2345")];
    for (let at = whole.indexOf("key 2345"); at >= 0; at = whole.indexOf("key 2345", at + 1)) places.push(at);
    expect(places.length).toBeGreaterThanOrEqual(3);
    for (const at of places) {
      const copy = newFolder();
      const damaged = Buffer.from(whole);
      damaged[at + 5] = (damaged[at + 5] as number) ^ 1;
      writeFileSync(join(copy, "data.mdb"), damaged);
      const store = opened(copy)();
      expect(() => store.verify()).toThrow(CorruptDatabase);
      expect(() => [...store.latest().store("s").iterate({})]).toThrow(CorruptDatabase);
      expect(() => [...store.at(1).store("s").iterate({})]).toThrow(CorruptDatabase);
      await store.close();
    }
  });
});
