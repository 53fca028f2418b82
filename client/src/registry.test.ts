// Tier: test. Budget: 2 s.
import { describe, expect, it } from "@jest/globals";
import { fromBinary, getOption, toBinary } from "@bufbuild/protobuf";
import { MsgSend as CosmjsMsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import fc from "fast-check";
import { signer } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";
import { Msg as BankMsg, MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { Msg, MsgPlaceBidSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";

import { rate } from "./money.js";
import { messageOf } from "./msg-client.js";
import { createRegistry, message, typeUrl } from "./registry.js";

describe("the registry for cosmjs", () => {
  const registry = createRegistry([BankMsg, Msg]);

  it("encodes a bank send byte for byte as cosmjs does", () => {
    const coins = fc.array(fc.record({ denom: fc.string(), amount: fc.bigInt({ min: 0n }).map(String) }), {
      maxLength: 3,
    });
    const send = fc.record({ fromAddress: fc.string(), toAddress: fc.string(), amount: coins });
    fc.assert(
      fc.property(send, (value) => {
        const bytes = registry.encode({ typeUrl: typeUrl(MsgSendSchema), value });
        expect(bytes).toEqual(CosmjsMsgSend.encode(CosmjsMsgSend.fromPartial(value)).finish());
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("reads back what it wrote", () => {
    const bid = message(MsgPlaceBidSchema, { provider: "cptm1p", orderId: 3n, price: rate("7ucptm", "hour") });
    const bytes = registry.encode(bid);
    expect(registry.decode({ typeUrl: bid.typeUrl, value: bytes })).toEqual(bid.value);
    expect(toBinary(MsgPlaceBidSchema, fromBinary(MsgPlaceBidSchema, bytes))).toEqual(bytes);
  });

  it("still knows what cosmjs knows", () => {
    expect(registry.lookupType("/ibc.applications.transfer.v1.MsgTransfer")).toBeDefined();
  });
});

describe("a message made from its method", () => {
  it.each(Msg.methods.map((method) => [method.name, method] as const))("%s gets its signer filled in", (_, method) => {
    const { value } = messageOf(method, {}, "cptm1me");
    const [field] = getOption(method.input, signer);
    const property = method.input.fields.find(({ name }) => name === field)?.localName ?? "";
    expect((value as unknown as Record<string, unknown>)[property]).toBe("cptm1me");
  });

  it("keeps a signer that is there", () => {
    expect(messageOf(Msg.method.heartbeat, { provider: "cptm1other" }, "cptm1me").value.provider).toBe("cptm1other");
  });
});
