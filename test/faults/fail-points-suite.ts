import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";

import { Load } from "../kit/load.js";
import { until } from "../kit/rpc.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

/**
 * Ends the stock CometBFT of a real chain at fail points (libs/fail, by their number since its start), restarts it each time,
 * and adds up the payments in the end.
 */
export function describeFailPoints(points: readonly number[]): void {
  let node: TestNode;
  let load: Load;

  beforeAll(async () => {
    load = await Load.create(2);
    node = await TestNode.create({ genesis: load.genesis });
    load.start(node.rpc);
  });
  // After a failure.
  afterEach(async () => node.stop());
  afterAll(async () => {
    await load.stop();
    await removeAllNodes();
  });

  describe("A chain whose CometBFT fails under load", () => {
    it.each([...points])("at fail point %i goes on after a restart", async (index) => {
      node.launch({ FAIL_TEST_INDEX: String(index) });
      expect((await node.ended()).code).toBe(1);
      expect(node.output).toContain("CometBFT exited with status 1");
      const accepted = load.accepted;
      node.launch();
      await until("transactions", 30_000, async () => {
        expect(load.accepted).toBeGreaterThan(accepted + 1);
        return Promise.resolve();
      });
      await node.waitForHeight((await node.rpc.height()) + 2);
      expect(await node.stop()).toBe(0);
    });

    it("has every payment of its blocks in its balances", async () => {
      node.launch();
      await node.waitForHeight(load.recorded.size + 3);
      await load.stop();
      const height = await node.rpc.height();
      await node.waitForHeight(height + 2);
      let paid = 0;
      for (const { codes } of load.recorded.values()) paid += codes.filter((code) => code === 0).length;
      expect(paid).toBeGreaterThan(points.length);
      // A last payment may have come after the last block that was read.
      expect(Number(await load.balance(load.receiver.address))).toBeGreaterThanOrEqual(paid);
      expect(Number(await load.balance(load.receiver.address))).toBeLessThanOrEqual(paid + load.senders.length);
      expect(await node.stop()).toBe(0);
    });
  });
}
