// Tier: test. Budget: 30 s. Application and CometBFT that disagree about the height: behind, at nothing, ahead.
import { afterEach, describe, expect, it } from "@jest/globals";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { wireChain } from "../../abci-app/app.js";
import { StateStore } from "../../core/store/state-store.js";
import { Load, readBlock } from "../kit/load.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const COMET_DATABASES = /^(blockstore|state|evidence|tx_index)\.db$|^cs\.wal$/;
const PATIENCE_MILLISECONDS = 180_000;

afterEach(removeAllNodes);

/** A node that has stopped after some blocks with transactions, and those blocks. */
async function stoppedNode(): Promise<{ node: TestNode; load: Load }> {
  const load = await Load.create(2);
  const node = await TestNode.create({ genesis: load.genesis });
  node.launch();
  load.start(node.rpc);
  await node.waitForHeight(12);
  await load.stop();
  await node.waitForHeight((await node.rpc.height()) + 2);
  await node.stop();
  return { node, load };
}

async function changeState(node: TestNode, change: (store: StateStore) => void): Promise<void> {
  const { storeNames } = wireChain().chain;
  const store = StateStore.open({ path: node.home.applicationDb, storeNames });
  change(store);
  await store.close();
}

function copyCometData(from: string, to: string): void {
  for (const name of readdirSync(from).filter((entry) => COMET_DATABASES.test(entry))) {
    rmSync(join(to, name), { recursive: true, force: true });
    cpSync(join(from, name), join(to, name), { recursive: true });
  }
}

describe("An application", () => {
  it(
    "that is behind CometBFT by one block, by several, or by all executes them again to the same hashes",
    async () => {
      const { node, load } = await stoppedNode();
      for (const back of [1, 5]) {
        await changeState(node, (store) => store.rollback(store.version - back));
        node.launch();
        const height = await node.waitForHeight(load.recorded.size + back);
        await node.waitForHeight(height + 2);
        await node.stop();
      }
      rmSync(node.home.applicationDb, { recursive: true });
      node.launch();
      const height = await node.waitForHeight(load.recorded.size + 1);
      await node.waitForHeight(height + 2);
      for (const [at, block] of load.recorded) expect(await readBlock(node.rpc, at)).toEqual(block);
      let paid = 0;
      for (const { codes } of load.recorded.values()) paid += codes.filter((code) => code === 0).length;
      expect(Number(await load.balance(load.receiver.address))).toBeGreaterThanOrEqual(paid);
      expect(await node.stop()).toBe(0);
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    "that is ahead of CometBFT by more than a block does not start, and says what is ahead of what",
    async () => {
      const { node } = await stoppedNode();
      const saved = join(node.home.root, "saved");
      cpSync(node.home.data, saved, { recursive: true, filter: (path) => !path.includes("application.db") });
      node.launch();
      const height = await node.waitForHeight(1);
      await node.waitForHeight(height + 5);
      await node.stop();
      copyCometData(saved, node.home.data);
      node.launch();
      expect((await node.ended()).code).toBe(1);
      expect(node.output).toMatch(/app block height \(\d+\) is higher than core \(\d+\)/);
      // Nothing of the application's state was touched.
      await changeState(node, (store) => expect(store.version).toBeGreaterThanOrEqual(height + 5));
    },
    PATIENCE_MILLISECONDS,
  );
});
