// Tier: test. Budget: 20 s. Floods of transactions that pay nothing, are signed by nobody, or leave gaps: a real node refuses them
// at the door, and goes on for those who pay.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { appStateWith } from "../kit/app-state.js";
import type { SignOptions } from "../kit/signer.js";
import { message, TestSigner } from "../kit/signer.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const FLOOD = 100;
let node: TestNode;
let honest: TestSigner;
let hostile: TestSigner;

beforeAll(async () => {
  honest = await TestSigner.named("honest", { accountNumber: 0n });
  hostile = await TestSigner.named("hostile", { accountNumber: 1n });
  node = await TestNode.start({
    args: ["--minimum-gas-prices", "0.005ucptm"],
    genesis: (genesis) => {
      const holders = [honest, hostile].map(({ address }) => ({ address, amount: 1_000_000_000n }));
      for (const [name, state] of Object.entries(appStateWith(holders))) {
        genesis.app_state[name] = { ...(genesis.app_state[name] as object), ...(state as object) };
      }
    },
  });
});
afterAll(removeAllNodes);

const payment = async (from: TestSigner, to: TestSigner, options: SignOptions = {}) => {
  const amount = [{ denom: "ucptm", amount: "1" }];
  return from.sign([message(MsgSendSchema, { fromAddress: from.address, toAddress: to.address, amount })], options);
};

/** Different transactions, all wrong in the same way. */
const FLOODS: readonly [string, number, (i: number) => SignOptions][] = [
  ["without a fee", 13, (i) => ({ sequence: 0n, fee: [], body: { memo: `${i}` } })],
  ["with a fee below the minimum", 13, (i) => ({ sequence: 0n, fee: [{ denom: "ucptm", amount: `${i}` }] })],
  ["signed for another chain", 4, (i) => ({ sequence: 0n, chainId: "other-1", body: { memo: `${i}` } })],
  ["with a gap before their sequence", 32, (i) => ({ sequence: BigInt(1 + i) })],
  ["with no gas", 11, (i) => ({ sequence: 0n, gas: 1n, body: { memo: `${i}` } })],
];

describe("A flood of transactions", () => {
  it.each(FLOODS)("%s fills no mempool, and a payment among them is in a block", async (_, code, options) => {
    const txs: Uint8Array[] = [];
    for (let i = 0; i < FLOOD; i++) txs.push(await payment(hostile, honest, options(i)));
    const flood = Promise.all(txs.map(async (tx) => node.rpc.broadcast(tx)));
    const paid = await node.rpc.broadcast(await payment(honest, hostile));
    expect(paid).toMatchObject({ code: 0 });
    for (const answer of await flood) expect(answer).toMatchObject({ code });
    expect((await node.rpc.tx(paid.hash)).tx_result.code).toBe(0);
    const { n_txs: waiting } = await node.rpc.call<{ n_txs: string }>("num_unconfirmed_txs");
    expect(waiting).toBe("0");
    const height = await node.rpc.height();
    await node.waitForHeight(height + 2);
  });

  it("did not cost its sender a sequence: he can pay like anyone", async () => {
    const { code, hash } = await node.rpc.broadcast(await payment(hostile, honest));
    expect(code).toBe(0);
    expect((await node.rpc.tx(hash)).tx_result.code).toBe(0);
  });
});
