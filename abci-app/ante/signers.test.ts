/** Tier: test. Budget: 2 s. */
import { expect, it } from "@jest/globals";
import { create } from "@bufbuild/protobuf";
import { MsgMultiSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";

import { wireChain } from "../app.js";
import { SignerOptionError, messageSigners } from "../../core/codec/signers.js";

it("every message that the chain handles says who signs it", () => {
  const { messages } = wireChain().chain;
  expect(messages.keys().length).toBeGreaterThan(4);
  for (const typeUrl of messages.keys()) {
    const { input } = messages.get(typeUrl)!;
    expect(() => messageSigners(input, create(input))).not.toThrow();
  }
});

it("signers inside of lists of a message are found, in order", () => {
  const message = create(MsgMultiSendSchema, { inputs: [{ address: "b" }, { address: "a" }] });
  expect(messageSigners(MsgMultiSendSchema, message)).toEqual(["b", "a"]);
});

it("a type that does not say who signs it is a fault in a .proto file", () => {
  expect(() => messageSigners(CoinSchema, create(CoinSchema))).toThrow(SignerOptionError);
});
