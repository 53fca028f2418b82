// Tier: make test. Budget: 3 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { ByteString } from "../bytes.js";
import { compareBytes } from "../bytes.js";
import { CacheKvStore, CacheMultiStore } from "./branch.js";
import type { Entry, KeyRange, ReadonlyKvStore, ReadonlyMultiStore } from "./kv.js";
import { SortedKeys } from "./sorted-keys.js";

const EMPTY: ReadonlyKvStore = {
  get: () => undefined,
  has: () => false,
  iterate: function* (): IterableIterator<Entry> {},
};
const EMPTY_STORES: ReadonlyMultiStore = { store: () => EMPTY };

const key = fc.integer({ min: 0, max: 30 }).map((n) => `k${String(n).padStart(2, "0")}` as ByteString);
const range = fc.record({
  start: fc.option(key, { nil: undefined }),
  end: fc.option(key, { nil: undefined }),
  reverse: fc.boolean(),
});

function expected(model: ReadonlyMap<ByteString, string>, { start, end, reverse }: KeyRange): [ByteString, string][] {
  const entries = [...model]
    .filter(([k]) => (start === undefined || k >= start) && (end === undefined || k < end))
    .sort(([a], [b]) => compareBytes(a, b));
  return reverse === true ? entries.reverse() : entries;
}

describe("branches of the state", () => {
  it("show what a map would hold, at any depth, between any writes", () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("write" as const), key, value: fc.option(fc.string()) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), range }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constantFrom("branch" as const, "drop" as const, "merge" as const) }),
      },
    );
    const property = fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const levels = [
        { stores: new CacheMultiStore(EMPTY_STORES), model: new Map<ByteString, string>(), write: () => {} },
      ];
      for (const current of steps) {
        const top = levels.at(-1);
        if (top === undefined) throw new Error("no level");
        const store = top.stores.store("s");
        if (current.kind === "write") {
          if (current.value === null) {
            store.delete(current.key);
            top.model.delete(current.key);
          } else {
            store.set(current.key, Buffer.from(current.value));
            top.model.set(current.key, current.value);
          }
        } else if (current.kind === "read") {
          const seen = [...store.iterate(current.range)].map(([k, v]) => [k, Buffer.from(v).toString()]);
          expect(seen).toEqual(expected(top.model, current.range));
        } else if (current.kind === "branch") {
          const branch = top.stores.branch();
          levels.push({
            stores: branch as CacheMultiStore & typeof branch,
            model: new Map(top.model),
            write: () => branch.write(),
          });
        } else if (levels.length > 1) {
          levels.pop();
          if (current.kind === "merge") {
            top.write();
            const below = levels.at(-1);
            if (below !== undefined) below.model = top.model;
          }
        }
      }
    });
    fc.assert(property, { seed: 11, numRuns: 300 });
  });

  it("an iteration never shows what was deleted before it came there", () => {
    const store = new CacheKvStore(EMPTY);
    for (const k of ["a", "b", "c", "d"]) store.set(k as ByteString, Buffer.from(k));
    const seen: string[] = [];
    for (const [k] of store.iterate({})) {
      seen.push(k);
      store.delete("c" as ByteString);
      store.set(`aa${seen.length}` as ByteString, Buffer.from("x"));
      // Another iteration puts the new keys in their places while this one is under way.
      [...store.iterate({})].length.toString();
    }
    expect(seen.filter((k) => k.length === 1)).toEqual(["a", "b", "d"]);
    expect([...seen].sort()).toEqual(seen);
  });

  it("ten thousand keys in random order are walked in order, from any key, in both directions", () => {
    const keys = new SortedKeys();
    const all: ByteString[] = [];
    for (let i = 0; i < 10_000; i++) {
      const k = String((i * 7919) % 10_007).padStart(6, "0") as ByteString;
      keys.add(k);
      all.push(k);
      if (i % 97 === 0) keys.walk({ start: k }).next();
    }
    all.sort(compareBytes);
    expect([...keys.walk({})]).toEqual(all);
    const start = all[1234] as ByteString;
    const end = all[8765] as ByteString;
    expect([...keys.walk({ start, end })]).toEqual(all.slice(1234, 8765));
    expect([...keys.walk({ start, end, reverse: true })]).toEqual(all.slice(1234, 8765).reverse());
    expect([...keys.walk({ start: "x" as ByteString })]).toEqual([]);
  });
});
