// Tier: long. Budget: 3 min. The stock CometBFT ends itself at each of its fail points (libs/fail) in the first two blocks.
import { afterEach, describe, expect, it } from "@jest/globals";

import { KV_DAEMON, removeAllNodes, TestNode } from "../../test/kit/test-node.js";

/** Points that a single validator passes in a block: two votes, five in consensus/state.go, four in state/execution.go. */
const POINTS_PER_BLOCK = 11;

afterEach(removeAllNodes);

describe("a node whose CometBFT fails", () => {
  it.each(Array.from({ length: 2 * POINTS_PER_BLOCK }, (_, index) => index))(
    "at fail point %i goes on after a restart",
    async (index) => {
      const node = await TestNode.create({ daemon: KV_DAEMON });
      node.launch({ FAIL_TEST_INDEX: String(index) });
      expect((await node.ended()).code).toBe(1);
      expect(node.output).toContain("CometBFT exited with status 1");
      node.launch();
      await node.waitForHeight(4);
      const { hash } = await node.rpc.broadcast(Buffer.from("a=1"));
      expect((await node.rpc.tx(hash)).tx_result.code).toBe(0);
      expect(await node.stop()).toBe(0);
    },
  );
});
