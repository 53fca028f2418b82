// Tier: test. Budget: 5 s. What CometBFT's indexer gets of the events of real transactions, by default and by a list.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import type { AbciEvent } from "../../abci-app/abci/application.js";
import type { IndexRule } from "../../abci-app/abci/index-rule.js";
import { indexAll, indexListed, indexUseful } from "../../abci-app/abci/index-rule.js";
import { appStateWith } from "../kit/app-state.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { message, TestSigner } from "../kit/signer.js";

let chain: ScriptedChain;
let ann: TestSigner;
let bob: TestSigner;
let sent: readonly AbciEvent[];
let failed: readonly AbciEvent[];

beforeAll(async () => {
  ann = await TestSigner.named("ann", { accountNumber: 0n });
  bob = await TestSigner.named("bob", { accountNumber: 1n });
  chain = await ScriptedChain.start({
    appState: appStateWith([ann, bob].map(({ address }) => ({ address, amount: 1_000_000n }))),
  });
  const send = async (amount: string) =>
    ann.sign([
      message(MsgSendSchema, {
        fromAddress: ann.address,
        toAddress: bob.address,
        amount: [{ denom: "ucptm", amount }],
      }),
    ]);
  const { txResults } = await chain.block([await send("7"), await send("9000000")]);
  expect(txResults.map(({ code }) => code)).toEqual([0, 5]);
  [sent, failed] = [txResults[0]!.events!, txResults[1]!.events!];
});
afterAll(async () => chain.close());

const indexed = (events: readonly AbciEvent[], rule: IndexRule): string[] =>
  events.flatMap((event) =>
    event.attributes
      .filter(({ key, index }) => index ?? rule(event, "transaction")(key))
      .map(({ key, value }) => `${event.type}.${key}=${value}`),
  );
const keysOf = (list: readonly string[]) => list.map((text) => text.slice(0, text.indexOf("=")));

describe("The index of transactions", () => {
  it("has what one searches a transfer by, once", () => {
    const found = indexed(sent, indexUseful);
    expect(found.filter((text) => text.includes(ann.address) && !text.startsWith("tx."))).toEqual([
      `message.sender=${ann.address}`,
      `message.sender=${ann.address}`,
      `coin_spent.spender=${ann.address}`,
      `transfer.sender=${ann.address}`,
    ]);
    expect(found.filter((text) => text.includes(bob.address))).toEqual([
      `coin_received.receiver=${bob.address}`,
      `transfer.recipient=${bob.address}`,
    ]);
    expect(keysOf(found)).toEqual([
      "message.sender",
      "tx.fee_payer",
      "tx.acc_seq",
      "tx.signature",
      "message.action",
      "message.sender",
      "message.module",
      "coin_spent.spender",
      "coin_received.receiver",
      "transfer.recipient",
      "transfer.sender",
    ]);
  });

  it("has who tried in vain", () => {
    expect(keysOf(indexed(failed, indexUseful))).toEqual([
      "message.sender",
      "tx.fee_payer",
      "tx.acc_seq",
      "tx.signature",
    ]);
  });

  it("has all that a list names, of fees too, and nothing else", () => {
    const found = indexed(sent, indexListed(["transfer.amount", "tx.fee"]));
    expect(keysOf(found)).toEqual(["transfer.amount", "tx.fee", "transfer.amount"]);
    expect(indexed(sent, indexListed(["transfer"]))).toEqual([]);
  });

  it("leaves nothing out that is not said otherwise", () => {
    const every = sent.flatMap(({ type, attributes }) => attributes.map(({ key }) => `${type}.${key}`));
    expect(keysOf(indexed(sent, indexAll))).toEqual(every);
    const values = (list: readonly string[]) => new Set(list.map((text) => text.slice(text.indexOf("=") + 1)));
    const kept = values(indexed(sent, indexUseful));
    // Amounts, the place of the message, and whom every fee goes to: what no search can be for.
    const lost = [...values(indexed(sent, indexAll))].filter((value) => !kept.has(value));
    const collector = sent.find(({ type }) => type === "coin_received")!.attributes[0]!.value;
    expect(lost.filter((value) => !/^\d+(ucptm)?$/.test(value))).toEqual([collector]);
  });
});

describe("The index of blocks", () => {
  it("has where coins went in the hooks, but no amounts", () => {
    const event = {
      type: "transfer",
      attributes: ["recipient", "sender", "amount", "mode"].map((key) => ({ key, value: "x" })),
    };
    const rule = indexUseful(event, "block");
    expect(event.attributes.map(({ key }) => rule(key))).toEqual([true, true, false, true]);
  });
});
