import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { describe, expect, it } from "@jest/globals";

import { wireChain } from "../../abci-app/app.js";
import { u64Key } from "../../core/collections/keys.js";
import { Schema } from "../../core/collections/schema.js";
import { u64Value } from "../../core/collections/values.js";
import type { AppModule } from "../../core/runtime/module.js";
import { verifyState } from "../../core/store/copy.js";
import { PRUNING } from "../../core/store/pruning.js";
import { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import { ScriptedChain } from "../kit/scripted-chain.js";

const KEYS = 3_000n;
const WRITES_PER_BLOCK = 25n;
/**
 * A file may be this much larger at the end than at half time, for the luck of how long a snapshot kept a height. It never
 * shrinks, so that in the first half it comes to its size.
 */
const MOST_GROWTH = 1.25;

const churnSchema = new Schema("churn");
const churned = churnSchema.map(0, "churned", u64Key, u64Value);
/** Writes and deletes entries here and there, so that the state changes and does not grow. */
const churn: AppModule = {
  name: "churn",
  schemas: [churnSchema],
  endBlock(ctx) {
    for (let i = 0n; i < WRITES_PER_BLOCK; i++) {
      const key = (ctx.block.height * 7_919n + i * 104_729n) % KEYS;
      if (i % 5n === 0n) churned.remove(ctx, key);
      else churned.set(ctx, key, ctx.block.height);
    }
  },
};

/** A run of blocks over a state that does not grow: the file of a node that prunes must not grow either. */
export function diskSuite({ blocks, snapshotInterval }: { blocks: number; snapshotInterval: number }): void {
  describe(`the disk of a node that prunes, over ${blocks} blocks with snapshots`, () => {
    it("stays flat, and what is on it stays sound", async () => {
      const home = mkdtempSync(join(tmpdir(), "computronium-disk-"));
      const snapshots = join(home, "snapshots");
      const chain = await ScriptedChain.start({
        home,
        appState: {},
        application: {
          wire: () => wireChain({ more: [churn] }),
          pruning: PRUNING.everything,
          cacheBytes: 16 << 20,
          snapshots: { path: snapshots, interval: snapshotInterval, keepRecent: 2 },
        },
      });
      const size = (): number => statSync(join(home, "application.db", "data.mdb")).size;
      const sizes: number[] = [];
      try {
        while (chain.height < blocks) {
          await chain.block();
          // As between the blocks of a real node, the thread is idle now and then: pruning and snapshots go on.
          await nextTurn();
          if (Number(chain.height) % Math.floor(blocks / 4) === 0) sizes.push(size());
        }
      } finally {
        await chain.close();
      }
      const [, atHalfTime] = sizes;
      expect({ sizes, isFlat: sizes.at(-1)! < atHalfTime! * MOST_GROWTH }).toEqual({ sizes, isFlat: true });
      expect(new SnapshotFolder(snapshots).list()).toHaveLength(2);
      await verifyState(join(home, "application.db"));
      rmSync(home, { recursive: true, force: true });
    });
  });
}
