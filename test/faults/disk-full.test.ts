// Tier: test. Budget: 25 s. A node whose disk fills up under load stops, says why, and goes on where it was when there is room.
import { afterEach, describe, expect, it } from "@jest/globals";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import type { ByteString } from "../../core/bytes.js";
import { StateNotWritten } from "../../core/store/errors.js";
import { openTemporary } from "../../core/store/open-temporary.js";
import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import { StateStore } from "../../core/store/state-store.js";
import { Load } from "../kit/load.js";
import { until } from "../kit/rpc.js";
import { SmallDisk } from "../kit/small-disk.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { expectNothingLost } from "./nothing-lost.js";

const DISK_BYTES = 64 << 20;
const PATIENCE_MILLISECONDS = 200_000;
/** Where a test may not mount a disk, core/store/crash.test.ts still has a file that may not grow. */
const mayMount = probe();
let disk: SmallDisk | undefined;
let load: Load | undefined;

afterEach(async () => {
  await load?.stop();
  await removeAllNodes();
  disk?.remove();
});

function probe(): boolean {
  const probe = SmallDisk.mount(DISK_BYTES);
  probe?.remove();
  return probe !== undefined;
}

async function goesOn(node: TestNode, load: Load): Promise<void> {
  const { accepted } = load;
  node.launch();
  await until("transactions", 60_000, async () => {
    expect(load.accepted).toBeGreaterThan(accepted + 1);
    return Promise.resolve();
  });
  await node.waitForHeight((await node.rpc.height()) + 2);
}

(mayMount ? describe : describe.skip)("A state whose disk fills up", () => {
  const STORES = ["acc", "bank"];

  function commitNext(store: StateStore): void {
    const version = store.version + 1;
    const writes = Array.from(
      { length: 100 },
      (_, i) => [`key ${(version * 37 + i * 11) % 700}` as ByteString, Buffer.from(`value ${version}`)] as const,
    );
    store.prepare(new Map(STORES.map((name) => [name, writes])));
    store.commit();
  }

  it("is never half committed, not for readers either, and the block is done again when there is room", async () => {
    disk = SmallDisk.mount(8 << 20)!;
    const path = join(disk.path, "state");
    const undisturbed = openTemporary(STORES);
    const expectWhole = (store: StateStore, version: number): void => {
      while (undisturbed.store.version < version) commitNext(undisturbed.store);
      expect(store.version).toBe(version);
      expect(Buffer.from(store.appHash)).toEqual(Buffer.from(undisturbed.store.appHash));
      store.verify();
    };
    let store = StateStore.open({ path, storeNames: STORES });
    const reader = ReadonlyStateStore.open({ path });
    for (let i = 0; i < 10; i++) commitNext(store);
    // Not one page, a part of a block, a few blocks.
    for (const leftBytes of [0, 12 << 10, 200 << 10]) {
      disk.fill(leftBytes);
      const { version } = store;
      expect(() => {
        while (store.version < version + 50) commitNext(store);
      }).toThrow(/^the state cannot be written to .*: the disk is full/);
      const { version: last } = store;
      expect(reader.version).toBe(last);
      expectWhole(store, last);
      await store.close();
      expect(() => StateStore.open({ path, storeNames: STORES })).toThrow(StateNotWritten);
      disk.makeRoom();
      store = StateStore.open({ path, storeNames: STORES });
      expectWhole(store, last);
      commitNext(store);
      expectWhole(store, last + 1);
      expect(reader.version).toBe(last + 1);
    }
    await Promise.all([reader.close(), store.close(), undisturbed.close()]);
  });
});

(mayMount ? describe : describe.skip)("A node whose disk fills up under load", () => {
  it.each<["the application" | "CometBFT", string]>([
    ["the application", 'the state cannot be written to [^"]*: the disk is full'],
    ["CometBFT", 'CometBFT cannot go on with consensus: [^"]*: no space left on device'],
  ])(
    "stops with a message when %s finds out, loses nothing that it reported, and goes on when there is room",
    async (who, reason) => {
      disk = SmallDisk.mount(DISK_BYTES)!;
      load = await Load.create(4);
      const { genesis } = load;
      const node = await TestNode.create({ genesis, ...(who === "CometBFT" ? { home: join(disk.path, "home") } : {}) });
      if (who === "the application") {
        // The state alone is on the small disk.
        mkdirSync(join(disk.path, "state"));
        symlinkSync(join(disk.path, "state"), node.home.applicationDb);
      }
      load.start(node.rpc);
      await goesOn(node, load);
      disk.fill();
      expect((await node.ended()).code).toBe(1);
      expect(node.output).toMatch(new RegExp(`"level":"fatal"[^\n]*${reason}`));
      const reported = load.recorded.size;
      expect(reported).toBeGreaterThan(3);

      // With no room at all it does not even begin.
      if (who === "the application") {
        node.launch();
        expect((await node.ended()).code).toBe(1);
        expect(node.output).toContain("the disk is full (0 KiB are free)");
      }

      disk.makeRoom();
      await goesOn(node, load);
      await expectNothingLost(node, load);
      expect(load.recorded.size).toBeGreaterThan(reported);
      expect(await node.stop()).toBe(0);
    },
    PATIENCE_MILLISECONDS,
  );
});
