/** Tier: test. Budget: 3 s. Messages that act inside of others: whose they are, what they cost, and what is left of them when they fail. */
import { describe, expect, it } from "@jest/globals";
import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { MsgSend } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import {
  MsgMultiSendSchema,
  MsgSendResponseSchema,
  MsgSendSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import type { AccAddress } from "../address.js";
import { Addresses } from "../address.js";
import { stringKey } from "../collections/keys.js";
import { Schema } from "../collections/schema.js";
import { amountValue } from "../collections/values.js";
import { ErrInsufficientFunds, ErrInvalidCoins, RegisteredError } from "../errors.js";
import { memoryContext, memoryStores } from "../testing/memory.js";
import { Chain } from "./chain.js";
import { messageDispatcher } from "./dispatch.js";
import { event } from "./events.js";
import { GasMeter } from "./gas.js";
import { UnevenTallyError } from "./tally.js";

const addresses = new Addresses("cptm");
const [alice, bob] = ["a", "b"].map((letter) => letter.repeat(20) as AccAddress) as [AccAddress, AccAddress];
const schema = new Schema("sent");
const sent = schema.map(0, "sent", stringKey, amountValue);

/** A chain whose one message writes down what it was asked to send, and then fails for an amount of 13. */
function setUp() {
  const chain = new Chain([
    {
      name: "sender",
      schemas: [schema],
      msgRoutes: [
        {
          typeUrl: "/cosmos.bank.v1beta1.MsgSend",
          input: MsgSendSchema,
          output: MsgSendResponseSchema,
          check(message: Message) {
            if ((message as MsgSend).amount.length !== 1) throw ErrInvalidCoins.with("not one");
          },
          execute(ctx, message) {
            const { toAddress, amount } = message as MsgSend;
            const value = BigInt(amount[0]!.amount);
            sent.set(ctx, toAddress, value);
            ctx.events.emit(event("sent", ["amount", String(value)]));
            if (value === 13n) throw ErrInsufficientFunds.plain();
            if (value === 14n) ctx.tally.add("ucptm", 1n);
            return create(MsgSendResponseSchema, {});
          },
        },
      ],
    },
  ]);
  const stores = memoryStores();
  const context = (gas = GasMeter.unlimited()) => memoryContext(stores, { gas });
  const dispatcher = messageDispatcher(addresses, () => chain);
  return { context, dispatcher, read: () => sent.get(context(), "you") };
}

const text = (address: AccAddress) => addresses.account.encode(address);
const send = (amount: string | undefined, from = text(alice)) => ({
  typeUrl: "/cosmos.bank.v1beta1.MsgSend",
  schema: MsgSendSchema,
  value: create(MsgSendSchema, {
    fromAddress: from,
    toAddress: "you",
    amount: amount === undefined ? [] : [{ denom: "ucptm", amount }],
  }),
});
const multi = (...from: AccAddress[]) => ({
  typeUrl: "/cosmos.bank.v1beta1.MsgMultiSend",
  schema: MsgMultiSendSchema,
  value: create(MsgMultiSendSchema, { inputs: from.map((address) => ({ address: text(address) })) }),
});
const codeOf = (run: () => unknown) => {
  try {
    run();
    return "";
  } catch (error) {
    if (error instanceof RegisteredError) return `${error.codespace}/${error.code}`;
    throw error;
  }
};

describe("a dispatcher", () => {
  it("carries out a message for its signer, with its events behind those that are there, and gives back the answer", () => {
    const { context, dispatcher, read } = setUp();
    const ctx = context();
    ctx.events.emit(event("before"));
    expect(dispatcher.execute(ctx, send("5"), alice)).toEqual({
      typeUrl: "/cosmos.bank.v1beta1.MsgSendResponse",
      value: new Uint8Array(0),
    });
    expect(ctx.events.list().map(({ type }) => type)).toEqual(["before", "sent"]);
    expect(read()).toBe(5n);
  });

  it("does nothing for anybody else than the signer", () => {
    const { context, dispatcher, read } = setUp();
    expect(codeOf(() => dispatcher.execute(context(), send("5"), bob))).toBe("sdk/4");
    expect(read()).toBeUndefined();
  });

  it("leaves nothing of a message that fails, neither state nor events, but the gas", () => {
    const { context, dispatcher, read } = setUp();
    const ctx = context();
    expect(codeOf(() => dispatcher.execute(ctx, send("13"), alice))).toBe("sdk/5");
    expect(ctx.events.list()).toEqual([]);
    expect(read()).toBeUndefined();
    expect(ctx.gas.used).toBeGreaterThan(2000);
  });

  it("ends with the gas of whoever asks", () => {
    const { context, dispatcher, read } = setUp();
    expect(codeOf(() => dispatcher.execute(context(GasMeter.limited(1000n)), send("5"), alice))).toBe("sdk/11");
    expect(read()).toBeUndefined();
  });

  it("lets no message through that does not come out even: that is a fault of the engine", () => {
    const { context, dispatcher } = setUp();
    expect(() => dispatcher.execute(context(), send("14"), alice)).toThrow(UnevenTallyError);
  });

  it("asks of a message what the ante chain asks: a handler, its check, one signer", () => {
    const { context, dispatcher, read } = setUp();
    expect([send("5").typeUrl, multi(alice).typeUrl].map((typeUrl) => dispatcher.handles(typeUrl))).toEqual([
      true,
      false,
    ]);
    expect(codeOf(() => dispatcher.check(send("5")))).toBe("");
    expect(codeOf(() => dispatcher.check(send(undefined)))).toBe("sdk/10");
    expect(codeOf(() => dispatcher.check(multi(alice)))).toBe("sdk/6");
    expect(codeOf(() => dispatcher.execute(context(), send(undefined), alice))).toBe("sdk/10");
    expect(codeOf(() => dispatcher.execute(context(), multi(alice), alice))).toBe("sdk/6");
    expect(read()).toBeUndefined();
    expect(dispatcher.signerOf(multi(alice, alice))).toBe(alice);
    expect(codeOf(() => dispatcher.signerOf(multi(alice, bob)))).toBe("sdk/18");
    expect(codeOf(() => dispatcher.signerOf(multi()))).toBe("sdk/18");
    expect(codeOf(() => dispatcher.signerOf(send("5", "nobody")))).toBe("sdk/7");
  });
});
