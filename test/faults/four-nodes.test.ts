// Tier: test. Budget: 60 s. Four validators under load, one of which is killed and comes back.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import type { LocalNode } from "../../localnet/local-node.js";
import { Localnet } from "../../localnet/localnet.js";
import { Load, START_AMOUNT } from "../kit/load.js";
import { RpcClient } from "../kit/rpc.js";
import { appStateWith } from "../kit/app-state.js";

const CHAIN_ID = "computronium-test-1";
const PATIENCE_MILLISECONDS = 180_000;
let network: Localnet;
let load: Load;

beforeAll(async () => {
  load = await Load.create(4);
  const funded = appStateWith(load.senders.map(({ address }) => ({ address, amount: START_AMOUNT })));
  network = await Localnet.start({
    chainId: CHAIN_ID,
    gasPrice: "0",
    timeoutCommitMs: 200,
    appState: { auth: funded["auth"], bank: { ...(funded["bank"] as object), supply: [] } } as never,
  });
  load.start(new RpcClient(network.rpcUrl));
}, PATIENCE_MILLISECONDS);
afterAll(async () => {
  await load.stop();
  await network.stop();
});

async function hashes(node: LocalNode, from: number, to: number): Promise<string[]> {
  const list: string[] = [];
  for (let height = from; height <= to; height++) list.push(await node.appHash(height));
  return list;
}

async function expectSameHashes(from: number, to: number): Promise<void> {
  const [first, ...others] = await Promise.all(network.nodes.map(async (node) => hashes(node, from, to)));
  for (const other of others) expect(other).toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(3);
}

describe("Four validators", () => {
  it(
    "have the same app hash at every height, go on without one of them, and have it back",
    async () => {
      await network.waitForHeight(8);
      const victim = network.node(3);
      await victim.kill();
      const without = (await network.node(0).height()) + 4;
      await network.waitForHeight(without);
      victim.start();
      await victim.waitForHeight(without + 2);
      await network.waitForHeight(without + 3);
      await expectSameHashes(2, without + 3);
      expect(
        [...load.recorded.values()].flatMap(({ codes }) => codes).filter((code) => code === 0).length,
      ).toBeGreaterThan(10);
    },
    PATIENCE_MILLISECONDS,
  );
});
