// Tier: test. Budget: 20 s. The real application over a real database, blocks dictated by the test.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { SimulateRequestSchema, SimulateResponseSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";

import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { appStateWith } from "../kit/app-state.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { message, TestSigner } from "../kit/signer.js";

let chain: ScriptedChain;
let ann: TestSigner;
let bob: TestSigner;

beforeAll(async () => {
  ann = await TestSigner.named("ann", { accountNumber: 0n });
  bob = await TestSigner.named("bob", { accountNumber: 1n });
  chain = await ScriptedChain.start({
    appState: appStateWith([
      { address: ann.address, amount: 1_000_000_000n },
      { address: bob.address, amount: 1_000_000n },
    ]),
  });
});
afterAll(async () => chain.close());

const send = (from: TestSigner, to: TestSigner, amount: bigint) =>
  message(MsgSendSchema, {
    fromAddress: from.address,
    toAddress: to.address,
    amount: [{ denom: "ucptm", amount: String(amount) }],
  });

async function balance(address: string): Promise<bigint> {
  const request = toBinary(QueryBalanceRequestSchema, create(QueryBalanceRequestSchema, { address, denom: "ucptm" }));
  const { value, code } = await chain.query("/cosmos.bank.v1beta1.Query/Balance", request);
  expect(code ?? 0).toBe(0);
  return BigInt(fromBinary(QueryBalanceResponseSchema, value!).balance!.amount);
}

describe("A transaction", () => {
  it("moves coins, takes its fee, and says so in events", async () => {
    const tx = await ann.sign([send(ann, bob, 5n)]);
    expect(await chain.checkTx(tx)).toMatchObject({ code: 0 });
    const { txs, accepted } = await chain.propose([tx]);
    expect(accepted).toBe(true);
    const { txResults } = await chain.block(txs);
    expect(txResults[0]).toMatchObject({ code: 0, log: "", gasWanted: 200_000 });
    expect(txResults[0]!.events!.map(({ type }) => type)).toEqual([
      "coin_spent",
      "coin_received",
      "transfer",
      "message",
      "tx",
      "tx",
      "tx",
      "message",
      "coin_spent",
      "coin_received",
      "transfer",
      "message",
    ]);
    expect(await balance(bob.address)).toBe(1_000_005n);
    expect(await balance(ann.address)).toBe(1_000_000_000n - 1000n - 5n);
  });

  it("that CheckTx took is proposed until the state has moved on past it", async () => {
    const tx = await ann.sign([send(ann, bob, 1n)]);
    expect(await chain.checkTx(tx)).toMatchObject({ code: 0 });
    expect((await chain.propose([tx])).txs).toEqual([tx]);
    await chain.block();
    expect((await chain.propose([tx])).txs).toEqual([tx]);
    await chain.block([tx]);
    expect((await chain.propose([tx])).txs).toEqual([]);
  });

  it("that cannot do what it says keeps its fee and sequence, and loses everything else", async () => {
    const before = await balance(ann.address);
    const tx = await ann.sign([send(ann, bob, 1n), send(ann, bob, 10_000_000_000n)]);
    const { txResults } = await chain.block([tx]);
    expect(txResults[0]).toMatchObject({ code: 5, codespace: "sdk" });
    expect(txResults[0]!.log).toMatch(
      /^failed to execute message; message index: 1: spendable balance .*insufficient funds$/,
    );
    expect(txResults[0]!.events!.some(({ attributes }) => attributes.some(({ key }) => key === "msg_index"))).toBe(
      false,
    );
    expect(await balance(ann.address)).toBe(before - 1000n);
    const next = await chain.block([await ann.sign([send(ann, bob, 1n)])]);
    expect(next.txResults[0]).toMatchObject({ code: 0 });
  });

  it("may follow others of its account that are still in the mempool", async () => {
    const txs = [];
    for (let i = 0; i < 5; i++) txs.push(await ann.sign([send(ann, bob, 1n)]));
    for (const tx of txs) expect(await chain.checkTx(tx)).toMatchObject({ code: 0 });
    const gap = await ann.sign([send(ann, bob, 1n)], { sequence: ann.sequence + 5n });
    expect(await chain.checkTx(gap)).toMatchObject({ code: 32, codespace: "sdk" });
    const proposal = await chain.propose([gap, ...txs]);
    expect(proposal.txs).toHaveLength(5);
    const { txResults } = await chain.block(proposal.txs);
    expect(txResults.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  });

  it("that waits for a later block passes its new check, before and after the node has made up for it by itself", async () => {
    const txs = [await bob.sign([send(bob, ann, 1n)]), await bob.sign([send(bob, ann, 2_000_000_000n)])];
    for (const tx of txs) expect(await chain.checkTx(tx)).toMatchObject({ code: 0 });
    for (const turns of [0, 50, 50]) {
      await chain.block([]);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      for (const tx of txs) expect(await chain.checkTx(tx, { again: true })).toMatchObject({ code: 0 });
    }
    const before = chain.node.takenAhead;
    const { txResults } = await chain.block(txs);
    expect(txResults.map(({ code }) => code)).toEqual([0, 5]);
    expect(chain.node.takenAhead).toBe(before + 2);
  });

  it("signed for another chain, another number or an old sequence is refused with what was expected", async () => {
    const tests: [Parameters<TestSigner["sign"]>[1], number, RegExp][] = [
      [
        { chainId: "other-1", sequence: ann.sequence },
        4,
        /signature verification failed; please verify account number \(0\)/,
      ],
      [{ sequence: 0n }, 32, /^account sequence mismatch, expected \d+, got 0: incorrect account sequence$/],
    ];
    for (const [options, code, log] of tests) {
      const result = await chain.checkTx(await ann.sign([send(ann, bob, 1n)], options));
      expect(result).toMatchObject({ code, codespace: "sdk" });
      expect(result.log).toMatch(log);
    }
  });

  it("is simulated, before it states a fee, with gas enough for the real one", async () => {
    const messages = [send(ann, bob, 1n)];
    const unpaid = await ann.sign(messages, { fee: [], sequence: ann.sequence });
    const request = toBinary(SimulateRequestSchema, create(SimulateRequestSchema, { txBytes: unpaid }));
    const { value } = await chain.query("/cosmos.tx.v1beta1.Service/Simulate", request);
    const estimate = fromBinary(SimulateResponseSchema, value!).gasInfo!.gasUsed;
    const { txResults } = await chain.block([await ann.sign(messages)]);
    expect(estimate >= BigInt(txResults[0]!.gasUsed!)).toBe(true);
  });

  it("is checked for the first block as for any other: at its height and after genesis", async () => {
    const late = await ScriptedChain.start({
      appState: appStateWith([{ address: ann.address, amount: 1_000_000n }]),
      initialHeight: 50n,
    });
    try {
      const [inTime, tooLate] = [50n, 49n].map((timeoutHeight) =>
        ann.sign([send(ann, bob, 1n)], { sequence: 0n, body: { timeoutHeight } }),
      );
      expect(await late.checkTx(await inTime!)).toMatchObject({ code: 0 });
      expect(await late.checkTx(await tooLate!)).toMatchObject({ code: 30, codespace: "sdk" });
    } finally {
      await late.close();
    }
  });

  it("runs out of gas where its limit is too low, and pays for what it wanted", async () => {
    const before = await balance(ann.address);
    const { txResults } = await chain.block([await ann.sign([send(ann, bob, 1n)], { gas: 30_000n })]);
    expect(txResults[0]).toMatchObject({ code: 11, codespace: "sdk" });
    expect([before, before - 1000n]).toContain(await balance(ann.address));
    ann.sequence = ann.sequence - (before === (await balance(ann.address)) ? 1n : 0n);
  });
});
