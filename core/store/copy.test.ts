// Tier: test. Budget: 15 s. Copies of a state, while it changes and in place of it.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "@jest/globals";

import type { ByteString } from "../bytes.js";
import { compactState, copyState, verifyState } from "./copy.js";
import { PRUNING } from "./pruning.js";
import { StateStore } from "./state-store.js";

const folder = mkdtempSync(join(tmpdir(), "computronium-copy-"));
const path = join(folder, "state");
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(): StateStore {
  return StateStore.open({ path, storeNames: ["s"], pruning: PRUNING.everything });
}

function addBlocks(store: StateStore, count: number): void {
  for (let i = 0; i < count; i++) {
    const version = store.version + 1;
    const writes = Array.from({ length: 400 }, (_, j): [ByteString, Uint8Array] => [
      `key ${(j * 31 + version * 17) % 3_000}` as ByteString,
      Buffer.alloc(60, version),
    ]);
    store.prepare(new Map([["s", writes]]), { version });
    store.commit();
    while (store.prune());
  }
}

describe("a copy of a state", () => {
  it("is one whole height while blocks go on, opens by itself, and goes on with the same hashes", async () => {
    const store = open();
    addBlocks(store, 20);
    const target = join(folder, "backup");
    const copying = copyState({ from: path, to: target });
    // The copy begins on another thread at one of these heights.
    addBlocks(store, 10);
    const { height } = await copying;
    expect(height).toBeGreaterThanOrEqual(20);
    expect((await verifyState(target)).heights).toBeGreaterThan(0);
    const copy = StateStore.open({ path: target, storeNames: ["s"], pruning: PRUNING.everything });
    expect(copy.version).toBe(height);
    addBlocks(copy, store.version - height + 3);
    addBlocks(store, 3);
    expect(Buffer.from(copy.appHash).toString("hex")).toBe(Buffer.from(store.appHash).toString("hex"));
    await copy.close();
    await expect(copyState({ from: path, to: target })).rejects.toThrow("is not empty");
    await store.close();
  });

  it("takes the place of the state in one step, and is smaller; what a crash left of an earlier attempt is no harm", async () => {
    let store = open();
    addBlocks(store, 120);
    const before = { version: store.version, hash: Buffer.from(store.appHash).toString("hex") };
    await store.close();
    // Killed while it wrote the copy.
    mkdirSync(join(path, "compacted.unfinished"));
    writeFileSync(join(path, "compacted.unfinished", "data.mdb"), "half");
    store = open();
    expect(store.version).toBe(before.version);
    await store.close();
    const sizes = await compactState(path);
    expect(sizes.after).toBeLessThan(sizes.before);
    expect(statSync(join(path, "data.mdb")).size).toBe(sizes.after);
    expect(existsSync(join(path, "compacted.unfinished"))).toBe(false);
    expect(existsSync(join(path, "compacted"))).toBe(false);
    await verifyState(path);
    store = open();
    expect({ version: store.version, hash: Buffer.from(store.appHash).toString("hex") }).toEqual(before);
    addBlocks(store, 3);
    store.verify();
    await store.close();
  });

  it("gives up heights on demand, down to the last one", async () => {
    const store = StateStore.open({ path, storeNames: ["s"], pruning: PRUNING.nothing });
    addBlocks(store, 30);
    const unpin = store.pin(12);
    store.giveUpBelow(29);
    while (store.prune());
    expect(store.earliestVersion).toBe(12);
    unpin();
    store.giveUpBelow(100);
    while (store.prune());
    expect(store.earliestVersion).toBe(30);
    expect(store.verify().heights).toBe(1);
    await store.close();
  });
});
