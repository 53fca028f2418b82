// Tier: test. Budget: 15 s. What is executed with CheckTx is taken over by its block only if it did not ask for what CheckTx cannot know.
import { afterEach, describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import type { BlockInfo } from "../../core/runtime/context.js";
import { event } from "../../core/runtime/events.js";
import { appStateWith } from "../../test/kit/app-state.js";
import { ScriptedChain } from "../../test/kit/scripted-chain.js";
import { message, TestSigner } from "../../test/kit/signer.js";
import type { Wiring } from "../app.js";
import { wireChain } from "../app.js";

let chain: ScriptedChain | undefined;
afterEach(async () => chain?.close());

/** The chain, but that a send tells of a property of its block. */
function askingFor(property: keyof BlockInfo | undefined): Wiring {
  const wiring = wireChain();
  const send = wiring.bank.send.bind(wiring.bank);
  wiring.bank.send = (ctx, from, to, coins) => {
    send(ctx, from, to, coins);
    if (property === undefined) return;
    const value = ctx.block[property];
    ctx.events.emit(event("asked", [property, Array.isArray(value) ? String(value.length) : String(value)]));
  };
  return wiring;
}

async function takenOver(property: keyof BlockInfo | undefined) {
  const ann = await TestSigner.named("ann", { accountNumber: 0n });
  const appState = appStateWith([{ address: ann.address, amount: 1_000_000n }]);
  chain = await ScriptedChain.start({ appState, application: { wire: () => askingFor(property) } });
  await chain.block();
  const send = { fromAddress: ann.address, toAddress: ann.address, amount: [{ denom: "ucptm", amount: "1" }] };
  const tx = await ann.sign([message(MsgSendSchema, send)]);
  expect(await chain.checkTx(tx)).toMatchObject({ code: 0 });
  const { txResults } = await chain.block([tx]);
  expect(txResults[0]).toMatchObject({ code: 0 });
  return { taken: chain.node.takenAhead, events: txResults[0]!.events ?? [] };
}

describe("Execution ahead", () => {
  it.each([undefined, "height", "chainId"] as const)("counts for a message that asks for %s", async (property) => {
    expect((await takenOver(property)).taken).toBe(1);
  });

  it.each([
    "timeNanos",
    "proposerAddress",
    "nextValidatorsHash",
    "appHash",
    "lastCommit",
    "misbehavior",
    "gasUsed",
  ] as const)("does not count for one that asks for %s", async (property) => {
    const { taken, events } = await takenOver(property);
    expect(taken).toBe(0);
    expect(events.map(({ type }) => type)).toContain("asked");
  });
});
