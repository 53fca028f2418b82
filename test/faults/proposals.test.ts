// Tier: test. Budget: 10 s. Proposals as a hostile or careless validator makes them; what is refused, and what merely fails.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import {
  RequestProcessProposalSchema,
  ResponseProcessProposal_ProposalStatus,
} from "@computronium/proto/tendermint/abci/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { appStateWith } from "../kit/app-state.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { message, TestSigner } from "../kit/signer.js";

const MAX_GAS = 2_000_000n;
let chain: ScriptedChain;
let ann: TestSigner;
let bob: TestSigner;

beforeAll(async () => {
  ann = await TestSigner.named("ann", { accountNumber: 0n });
  bob = await TestSigner.named("bob", { accountNumber: 1n });
  chain = await ScriptedChain.start({
    appState: appStateWith([ann, bob].map(({ address }) => ({ address, amount: 1_000_000_000n }))),
    consensusParams: { block: { maxBytes: 4_194_304n, maxGas: MAX_GAS } },
  });
});
afterAll(async () => chain.close());

const payment = async (from: TestSigner, to: TestSigner, options = {}) =>
  from.sign(
    [
      message(MsgSendSchema, {
        fromAddress: from.address,
        toAddress: to.address,
        amount: [{ denom: "ucptm", amount: "1" }],
      }),
    ],
    options,
  );

async function accepts(txs: readonly Uint8Array[]): Promise<boolean> {
  const time = { seconds: chain.time + 1n, nanos: 0 };
  const height = chain.height + 1n;
  const { status } = await chain.app.processProposal(
    create(RequestProcessProposalSchema, { txs: [...txs], height, time }),
  );
  return status === ResponseProcessProposal_ProposalStatus.ACCEPT;
}

describe("A proposal", () => {
  it("with bytes that are no transaction is refused, and a proposer leaves them out", async () => {
    const good = await payment(ann, bob);
    for (const bad of [Uint8Array.of(0xff), good.subarray(0, good.length - 1), Buffer.alloc(1 << 20, 0x0a)]) {
      expect(await accepts([good, bad])).toBe(false);
      const { txs, accepted } = await chain.propose([bad, good, bad]);
      expect(accepted).toBe(true);
      expect(txs.map((tx) => Buffer.from(tx))).toEqual([Buffer.from(good)]);
    }
    expect((await chain.block([good])).txResults[0]).toMatchObject({ code: 0 });
  });

  it("with an empty transaction merely has one that fails", async () => {
    expect(await accepts([new Uint8Array(0)])).toBe(true);
    expect((await chain.propose([new Uint8Array(0)])).txs).toEqual([]);
    const { txResults } = await chain.block([new Uint8Array(0)]);
    expect(txResults[0]).toMatchObject({ code: 18, codespace: "sdk" });
  });

  it("over the gas of a block is refused, and a proposer stays below it", async () => {
    const txs = [];
    for (let i = 0; i < 12; i++) txs.push(await payment(ann, bob));
    expect(await accepts(txs)).toBe(false);
    expect(await accepts(txs.slice(0, 10))).toBe(true);
    const proposal = await chain.propose(txs);
    expect(proposal).toMatchObject({ accepted: true });
    expect(proposal.txs).toHaveLength(10);
    await chain.block(proposal.txs);
    const rest = await chain.block(txs.slice(10));
    expect(rest.txResults.map(({ code }) => code)).toEqual([0, 0]);
  });

  it("over the bytes that the proposer was given is not made", async () => {
    const txs = [await payment(ann, bob), await payment(ann, bob), await payment(ann, bob)];
    const { txs: chosen } = await chain.propose(txs, BigInt(2 * (txs[0]!.length + 8)));
    expect(chosen).toHaveLength(2);
    await chain.block(txs);
  });

  it("that no block can hold is refused, up to which all is taken, and one with a transaction that is too long by itself", async () => {
    // No gas, so that size alone is in the way.
    const tx = await payment(ann, bob, { sequence: 0n, gas: 0n, body: { memo: "x".repeat(1_000_000) } });
    // CometBFT's MaxBlockSizeBytes, and the tag and length of each transaction in a block.
    const MAX_BYTES = 100 << 20;
    const framed = tx.length + 4;
    const fits = Math.floor(MAX_BYTES / framed);
    expect(await accepts(new Array<Uint8Array>(fits).fill(tx))).toBe(true);
    expect(await accepts(new Array<Uint8Array>(fits + 1).fill(tx))).toBe(false);
    const long = await payment(ann, bob, { sequence: 0n, gas: 0n, body: { memo: "x".repeat(1 << 20) } });
    expect(await accepts([long])).toBe(false);
  });

  it("with a transaction twice runs it once", async () => {
    const tx = await payment(bob, ann);
    expect((await chain.propose([tx, tx])).txs).toHaveLength(1);
    const { txResults } = await chain.block([tx, tx]);
    expect(txResults).toMatchObject([{ code: 0 }, { code: 32 }]);
    expect((await chain.block([tx])).txResults).toMatchObject([{ code: 32 }]);
  });

  it("with an account's transactions in the wrong order runs those that fit where they stand", async () => {
    const [first, second, third] = [await payment(bob, ann), await payment(bob, ann), await payment(bob, ann)];
    const { txResults } = await chain.block([third, first, second]);
    expect(txResults).toMatchObject([{ code: 32 }, { code: 0 }, { code: 0 }]);
    expect((await chain.block([third])).txResults).toMatchObject([{ code: 0 }]);
  });

  it("that the others refused or never saw leaves no trace in the block that is decided", async () => {
    const stranger = await TestSigner.named("stranger", { accountNumber: 2n });
    const fund = await payment(ann, stranger);
    expect((await chain.propose([fund])).accepted).toBe(true);
    // His account would exist only if that proposal had been decided.
    const { txResults } = await chain.block([await payment(stranger, ann)]);
    expect(txResults[0]!.code).not.toBe(0);
    expect((await chain.block([fund])).txResults[0]).toMatchObject({ code: 0 });
  });
});
