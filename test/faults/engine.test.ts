// Tier: test. Budget: 10 s. What a transaction may cause and what must stop the node: rows of registered errors, engine faults,
// numbers at their edges, supply after every block.
import { afterEach, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MsgMultiSendSchema, MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import {
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgTopUpSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { RequestFinalizeBlockSchema, RequestInitChainSchema } from "@computronium/proto/tendermint/abci/types_pb.js";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { pino } from "pino";

import type { Wiring } from "../../abci-app/app.js";
import { txEnvironment, wireChain } from "../../abci-app/app.js";
import { Application } from "../../abci-app/driver/application.js";
import { Verdicts } from "../../core/crypto/verdicts.js";
import { create } from "../../core/codec/protobuf.js";
import { Chain } from "../../core/runtime/chain.js";
import type { AppModule } from "../../core/runtime/module.js";
import { StateStore } from "../../core/store/state-store.js";
import { appStateWith } from "../kit/app-state.js";
import { makeMarketRun } from "../kit/market-run.js";
import { SCRIPTED_CHAIN_ID, ScriptedChain } from "../kit/scripted-chain.js";
import type { SignedMessage } from "../kit/signer.js";
import { message, TestSigner } from "../kit/signer.js";
import { order, perSecond, register } from "../market/actors.js";

const FUNDS = 1_000_000_000n;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function twoAccounts() {
  const ann = await TestSigner.named("ann", { accountNumber: 0n });
  const bob = await TestSigner.named("bob", { accountNumber: 1n });
  const appState = appStateWith([ann, bob].map(({ address }) => ({ address, amount: FUNDS })));
  return { ann, bob, appState };
}

/** The real application with one more module behind the real ones. */
async function openWith(module: (wiring: Wiring) => AppModule) {
  const { ann, bob, appState } = await twoAccounts();
  const wiring = wireChain();
  const chain = new Chain([...wiring.chain.modules, module(wiring)]);
  const path = mkdtempSync(join(tmpdir(), "computronium-engine-"));
  const store = StateStore.open({ path, storeNames: chain.storeNames });
  closing.push(async () => {
    await store.close();
    rmSync(path, { recursive: true });
  });
  const app = new Application({
    env: (limits) =>
      txEnvironment(
        { ...wiring, chain },
        {
          verdicts: new Verdicts(),
          minGasPrices: [],
          ...limits,
        },
      ),
    consensusParams: () => undefined,
    store,
    version: "test",
    log: pino({ level: "silent" }),
    answerQuery: () => Promise.reject(new Error("no queries here")),
    invariantCheckPeriod: 1,
    minRetainBlocks: 0,
    executeAhead: true,
  });
  const time = { seconds: 1_800_000_000n, nanos: 0 };
  app.initChain(
    create(RequestInitChainSchema, {
      chainId: SCRIPTED_CHAIN_ID,
      initialHeight: 1n,
      time,
      appStateBytes: Buffer.from(JSON.stringify(appState)),
    }),
  );
  const finalize = async (height: bigint, txs: Uint8Array[] = []) =>
    app.finalizeBlock(create(RequestFinalizeBlockSchema, { height, txs, time }));
  return { app, store, ann, bob, finalize };
}

const sendOf = (from: TestSigner, to: TestSigner, amount: string): SignedMessage =>
  message(MsgSendSchema, { fromAddress: from.address, toAddress: to.address, amount: [{ denom: "ucptm", amount }] });

describe("An engine exception", () => {
  it.each<[string, Partial<AppModule>]>([
    ["at the begin of a block", { beginBlock: (ctx) => failAt(ctx.block.height) }],
    ["at the end of a block", { endBlock: (ctx) => failAt(ctx.block.height) ?? [] }],
    ["in the checks of a block", { checkBlock: (ctx) => failAt(ctx.block.height) }],
  ])("%s ends it before Commit, and the state stays that of the block before", async (_, hooks) => {
    const { app, store, finalize } = await openWith(() => ({ name: "saboteur", schemas: [], ...hooks }));
    const { appHash } = await finalize(1n);
    app.commit();
    await expect(finalize(2n)).rejects.toThrow("Maximum call stack size exceeded");
    expect(() => app.commit()).toThrow("Commit without FinalizeBlock");
    expect(store.version).toBe(1);
    expect(Buffer.from(store.appHash)).toEqual(Buffer.from(appHash));
  });

  it("in a message never becomes the result of a transaction", async () => {
    const { app, store, ann, bob, finalize } = await openWith((wiring) => {
      // The real handler's own code hits something that cannot be.
      wiring.bank.send = () => {
        throw new TypeError("cannot read properties of undefined");
      };
      return { name: "saboteur", schemas: [] };
    });
    await expect(finalize(1n, [await ann.sign([sendOf(ann, bob, "1")])])).rejects.toThrow(TypeError);
    expect(() => app.commit()).toThrow("Commit without FinalizeBlock");
    expect(store.version).toBe(0);
  });

  it("that is a broken invariant stops the chain with what is broken", async () => {
    const invariants = [{ name: "saboteur/never", check: () => "one coin too many" }];
    const opened = openWith(() => ({ name: "saboteur", schemas: [], invariants }));
    await expect(opened).rejects.toThrow("invariant saboteur/never is broken: one coin too many");
  });
});

function failAt(height: bigint): undefined {
  if (height === 2n) throw new RangeError("Maximum call stack size exceeded");
  return undefined;
}

describe("A registered error", () => {
  it("of one transaction leaves those before and after it in the block alone", async () => {
    const { ann, bob, appState } = await twoAccounts();
    const chain = await ScriptedChain.start({ appState });
    closing.push(async () => chain.close());
    const txs = [
      await ann.sign([sendOf(ann, bob, "1")]),
      await bob.sign([sendOf(bob, ann, "1"), sendOf(bob, ann, String(10n * FUNDS))]),
      await ann.sign([sendOf(ann, bob, "1")]),
    ];
    const { txResults } = await chain.block(txs);
    expect(txResults.map(({ code }) => code)).toEqual([0, 5, 0]);
  });
});

describe("Amounts at the edges of numbers", () => {
  const EDGES = [
    "0",
    "-1",
    "-0",
    "+1",
    "01",
    "1.0",
    "1e3",
    " 1",
    "",
    "0x10",
    "١",
    String(2n ** 53n - 1n),
    String(2n ** 53n + 1n),
    String(2n ** 63n),
    String(2n ** 64n),
    String(2n ** 255n),
    String(2n ** 256n - 1n),
    String(2n ** 256n),
    "9".repeat(200),
  ];

  it("fail as transactions wherever one comes in, and move nothing", async () => {
    const { ann, bob, appState } = await twoAccounts();
    const chain = await ScriptedChain.start({ appState, application: { invariantCheckPeriod: 1 } });
    closing.push(async () => chain.close());
    const registered = await chain.block([
      await bob.sign([message(MsgRegisterProviderSchema, register(bob.address))], { gas: 500_000n }),
    ]);
    expect(registered.txResults[0]).toMatchObject({ code: 0 });
    for (const amount of EDGES) {
      const some = { denom: "ucptm", amount };
      const messages = [
        sendOf(ann, bob, amount),
        message(MsgMultiSendSchema, {
          inputs: [{ address: ann.address, coins: [some] }],
          outputs: [{ address: bob.address, coins: [some] }],
        }),
        message(MsgPostOrderSchema, order(ann.address, { budget: some })),
        // However much he would pay a second, he pays what he has put into escrow.
        ...(/^[1-9]\d*$/.test(amount)
          ? []
          : [
              message(
                MsgPostOrderSchema,
                order(ann.address, { maxPrice: { ...perSecond(1n), amount: create(CoinSchema, some) } }),
              ),
            ]),
        message(MsgTopUpSchema, { sender: ann.address, leaseId: 1n, amount: some }),
        message(MsgRegisterProviderSchema, register(ann.address, { bond: some })),
      ];
      for (const sent of messages) {
        const before = ann.sequence;
        const tx = await ann.sign([sent], { gas: 500_000n });
        const { txResults } = await chain.block([tx]);
        expect([amount, sent.schema.typeName, txResults[0]!.code]).not.toContain(0);
        expect(txResults[0]!.log).not.toBe("");
        // Refused before the ante chain, it has used no sequence.
        const next = await ann.sign([sendOf(ann, bob, "1")], { sequence: before });
        if ((await chain.checkTx(next)).code === 0) ann.sequence = before;
      }
    }
    const alive = await chain.block([await ann.sign([sendOf(ann, bob, "1")])]);
    expect(alive.txResults[0]).toMatchObject({ code: 0 });
  });

  it("as fee or gas limit are refused by CheckTx and by the block", async () => {
    const { ann, bob, appState } = await twoAccounts();
    const chain = await ScriptedChain.start({ appState });
    closing.push(async () => chain.close());
    const fees = [...EDGES.filter((amount) => !/^(0|-0)$/.test(amount)), String(FUNDS + 1n)];
    for (const amount of fees) {
      const tx = await ann.sign([sendOf(ann, bob, "1")], { sequence: 0n, fee: [{ denom: "ucptm", amount }] });
      const checked = await chain.checkTx(tx);
      const { txResults } = await chain.block([tx]);
      expect([amount, checked.code === 0, txResults[0]!.code === 0]).toEqual([amount, false, false]);
    }
  });
});

describe("Supply", () => {
  it.each([
    ["block", 60, [1, 2]],
    ["transaction", 25, [3]],
  ] as const)("is what genesis gave out, by all invariants, after every random %s", async (unit, blocks, seeds) => {
    for (const seed of seeds) {
      const run = await makeMarketRun({ seed, blocks });
      // A broken invariant throws in FinalizeBlock.
      const chain = await ScriptedChain.start({ appState: run.appState, application: { invariantCheckPeriod: 1 } });
      closing.push(async () => chain.close());
      let succeeded = 0;
      for (const { txs, seconds } of run.blocks) {
        // A block that holds one transaction is checked after that transaction, with its deadlines behind it.
        const parts = unit === "block" ? [txs] : txs.map((tx) => [tx]);
        for (const [i, part] of parts.entries()) {
          const { txResults } = await chain.block(part, { seconds: i === 0 ? BigInt(seconds) : 0n });
          succeeded += txResults.filter(({ code }) => code === 0).length;
        }
      }
      expect(succeeded).toBeGreaterThan(blocks);
    }
  });
});
