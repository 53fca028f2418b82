import { expect } from "@jest/globals";

import type { Load } from "../kit/load.js";
import { FEE_AMOUNT, readBlock, START_AMOUNT } from "../kit/load.js";
import { until } from "../kit/rpc.js";
import type { TestNode } from "../kit/test-node.js";

/** Ends the load, and looks whether every block is what the node first reported and every coin where the blocks say. */
export async function expectNothingLost(node: TestNode, load: Load): Promise<void> {
  await load.stop();
  const height = await emptied(node);
  let paid = 0n;
  let charged = 0n;
  for (let at = 1; at <= height; at++) {
    const block = await readBlock(node.rpc, at);
    if (load.recorded.has(at)) expect([at, block]).toEqual([at, load.recorded.get(at)]);
    paid += BigInt(block.codes.filter((code) => code === 0).length);
    charged += BigInt(block.codes.length);
  }
  expect(await load.balance(load.receiver.address)).toBe(paid);
  let left = 0n;
  for (const { address } of load.senders) left += await load.balance(address);
  expect(left).toBe(BigInt(load.senders.length) * START_AMOUNT - paid - FEE_AMOUNT * charged);
}

/** The height after which no transaction is waiting any more. */
async function emptied(node: TestNode): Promise<number> {
  await until("an empty mempool", 30_000, async () => {
    const { n_txs: waiting } = await node.rpc.call<{ n_txs: string }>("num_unconfirmed_txs");
    expect(waiting).toBe("0");
  });
  // A block in progress may have taken the last ones.
  return node.waitForHeight((await node.rpc.height()) + 2);
}
