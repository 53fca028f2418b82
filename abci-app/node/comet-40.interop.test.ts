// Tier: interop. Budget: 6 min (it builds CometBFT 0.40 on its first run). The same application behind the newest CometBFT.
import { afterEach, describe, expect, it } from "@jest/globals";

import { KV_DAEMON, removeAllNodes, TestNode } from "../../test/kit/test-node.js";

afterEach(removeAllNodes);

describe("CometBFT 0.40.0", () => {
  it("runs the application as 0.38 does: blocks, transactions, a restart, a kill", async () => {
    const node = await TestNode.start({ daemon: KV_DAEMON, env: { COMETBFT_VERSION: "0.40.0" } });
    // 0.40.0 calls itself 0.39.0.
    expect((await node.rpc.status()).node_info.version).toBe("0.39.0");
    const first = await node.rpc.broadcast(Buffer.from("a=1"));
    expect((await node.rpc.tx(first.hash)).tx_result.code).toBe(0);
    await node.restart();
    await node.kill();
    node.launch();
    await node.waitForHeight(3);
    const second = await node.rpc.broadcast(Buffer.from("b=2"));
    expect((await node.rpc.tx(second.hash)).tx_result.code).toBe(0);
    expect((await node.rpc.query("/kv", Buffer.from("a"))).value.toString()).toBe("1");
    expect(await node.stop()).toBe(0);
  });
});
