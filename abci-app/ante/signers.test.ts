/** Tier: test. Budget: 2 s. */
import { describe, expect, it } from "@jest/globals";
import { create } from "@bufbuild/protobuf";
import { MsgMultiSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { MsgEditValidatorSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { wireChain } from "../app.js";
import type { AccAddress, ValAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import { SignerOptionError, messageSigners } from "../../core/codec/signers.js";
import { ErrInvalidAddress } from "../../core/errors.js";

describe("Signers", () => {
  const addresses = new Addresses("cptm");

  it("are said by every message that the chain handles", () => {
    const { messages } = wireChain().chain;
    expect(messages.keys().length).toBeGreaterThan(4);
    for (const typeUrl of messages.keys()) {
      const { input } = messages.get(typeUrl)!;
      try {
        messageSigners(addresses, input, create(input));
      } catch (error) {
        // An empty operator is no address; that there is one to be named is all that counts here.
        if (!ErrInvalidAddress.is(error)) throw error;
      }
    }
  });

  it("inside of lists of a message are found, in order", () => {
    const message = create(MsgMultiSendSchema, { inputs: [{ address: "b" }, { address: "a" }] });
    expect(messageSigners(addresses, MsgMultiSendSchema, message)).toEqual(["b", "a"]);
  });

  it("that are named as operators of validators are the accounts of the same bytes", () => {
    const bytes = "\x01".repeat(20);
    const message = create(MsgEditValidatorSchema, {
      validatorAddress: addresses.validator.encode(bytes as ValAddress),
    });
    const account = addresses.account.encode(bytes as AccAddress);
    expect(messageSigners(addresses, MsgEditValidatorSchema, message)).toEqual([account]);
  });

  it("are a fault in a .proto file where a type does not say them", () => {
    expect(() => messageSigners(addresses, CoinSchema, create(CoinSchema))).toThrow(SignerOptionError);
  });
});
