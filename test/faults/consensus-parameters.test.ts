// Tier: test. Budget: 30 s. The consensus parameters at the ends of what the authority may decide, before a real CometBFT.
import { resolve } from "node:path";

import { afterEach, describe, expect, it } from "@jest/globals";

import { removeAllNodes, TestNode } from "../kit/test-node.js";

afterEach(removeAllNodes);

interface Params {
  readonly consensus_params: {
    readonly block: { readonly max_bytes: string; readonly max_gas: string };
    readonly evidence: { readonly max_age_num_blocks: string; readonly max_bytes: string };
  };
}

describe("consensus parameters at their extremes", () => {
  it("are those of CometBFT from the next height on, and the chain goes on, after a restart too", async () => {
    const daemon = resolve(import.meta.dirname, "../kit/parameters-daemon.js");
    const node = await TestNode.start({ daemon });
    await node.waitForHeight(9);
    const at = async (height: number): Promise<Params["consensus_params"]> =>
      (await node.rpc.call<Params>("consensus_params", { height: String(height) })).consensus_params;
    expect((await at(3)).block).toEqual({ max_bytes: "22020096", max_gas: "600000000" });
    expect((await at(4)).block).toEqual({ max_bytes: "262144", max_gas: "1000000" });
    expect(await at(6)).toMatchObject({
      block: { max_bytes: "-1", max_gas: "-1" },
      evidence: { max_age_num_blocks: "9223372036854775807" },
    });
    expect((await at(8)).block).toEqual({ max_bytes: "104857600", max_gas: "9223372036854775807" });
    await node.restart();
    await node.waitForHeight(11);
  });
});
