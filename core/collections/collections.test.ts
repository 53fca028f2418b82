// Tier: test. Budget: 5 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { CacheMultiStore } from "../store/branch.js";
import type { KeyRange, ReadonlyKvStore } from "../store/kv.js";
import { pairKey, stringKey, u64Key } from "./keys.js";
import { Schema, SchemaError } from "./schema.js";
import { amountValue, stringValue, u64Value } from "./values.js";

const EMPTY: ReadonlyKvStore = { get: () => undefined, has: () => false, iterate: (_range: KeyRange) => [].values() };
const fresh = () => new CacheMultiStore({ store: () => EMPTY });

describe("A schema", () => {
  it("refuses a prefix that begins another one", () => {
    const schema = new Schema("s");
    schema.item("ab", "first", u64Value);
    expect(() => schema.item("abc", "second", u64Value)).toThrow(SchemaError);
    expect(() => schema.item("a", "third", u64Value)).toThrow(SchemaError);
    expect(() => schema.item("ab", "fourth", u64Value)).toThrow(/first.*fourth/);
    schema.item("b", "fifth", u64Value);
  });

  it("refuses a prefix that is no byte, or empty", () => {
    const schema = new Schema("s");
    for (const prefix of [-1, 256, 1.5, ""]) expect(() => schema.item(prefix, "x", u64Value)).toThrow(SchemaError);
  });
});

describe("Collections", () => {
  const schema = new Schema("s");
  const byOwner = schema.index(2, "by owner", stringKey, u64Key, (_id: bigint, owner: string) => owner);
  const owners = schema.indexedMap(1, "owners", u64Key, stringValue, [byOwner]);
  const amounts = schema.map(3, "amounts", pairKey(stringKey, stringKey), amountValue);
  const ids = schema.sequence(4, "ids", 1n);

  it("keep an index equal to what the map holds, whatever is set and removed", () => {
    const operation = fc.record({
      id: fc.bigInt({ min: 0n, max: 9n }),
      owner: fc.option(fc.constantFrom("ann", "bob", "cy", ""), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const ctx = fresh();
        const model = new Map<bigint, string>();
        for (const { id, owner } of operations) {
          if (owner === undefined) {
            owners.remove(ctx, id);
            model.delete(id);
          } else {
            owners.set(ctx, id, owner);
            model.set(id, owner);
          }
        }
        const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...owners.entries(ctx)]).toEqual(sorted);
        for (const owner of ["ann", "bob", "cy", ""]) {
          expect([...byOwner.keysOf(ctx, owner)]).toEqual(sorted.filter(([, o]) => o === owner).map(([id]) => id));
        }
      }),
    );
  });

  it("walk a prefix forwards and backwards, and nothing beside it", () => {
    const ctx = fresh();
    for (const owner of ["a", "ab", "b"]) for (const denom of ["x", "y"]) amounts.set(ctx, [owner, denom], 5n);
    const prefix = pairKey(stringKey, stringKey).prefix("a");
    expect([...amounts.keys(ctx, { prefix })]).toEqual([
      ["a", "x"],
      ["a", "y"],
    ]);
    expect([...amounts.keys(ctx, { prefix, reverse: true })]).toEqual([
      ["a", "y"],
      ["a", "x"],
    ]);
  });

  it("count from the first number on", () => {
    const ctx = fresh();
    expect([ids.peek(ctx), ids.next(ctx), ids.next(ctx), ids.peek(ctx)]).toEqual([1n, 1n, 2n, 3n]);
  });

  it("never write an amount below zero", () => {
    expect(() => amounts.set(fresh(), ["a", "x"], -1n)).toThrow(RangeError);
  });
});
