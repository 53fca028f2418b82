// Tier: test. Budget: 2 s. What a transaction keeps when its parts are released, and what is read again.
import { describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { TxNote } from "../../core/codec/tx-note.js";
import { decodeTx } from "../../core/codec/tx.js";
import { message, TestSigner } from "../kit/signer.js";

const lasting = new TxNote<string>({ lasting: true });
const passing = new TxNote<string>();

describe("A released transaction", () => {
  it("has all its parts still, and of its notes those that last", async () => {
    const ann = await TestSigner.named("ann", { accountNumber: 0n });
    const send = message(MsgSendSchema, {
      fromAddress: ann.address,
      toAddress: ann.address,
      amount: [{ denom: "ucptm", amount: "7" }],
    });
    const raw = await ann.sign([send]);
    const [kept, released] = [decodeTx(raw), decodeTx(raw)];
    for (const tx of [kept, released]) {
      lasting.set(tx, "lasts");
      passing.set(tx, "passes");
    }
    const { body } = released;
    released.release();
    expect(lasting.get(released)).toBe("lasts");
    expect(passing.get(released)).toBeUndefined();
    expect(released.body).not.toBe(body);
    for (const part of [
      "raw",
      "gasLimit",
      "hasTimeoutTimestamp",
      "bodyBytes",
      "authInfoBytes",
      "body",
      "authInfo",
      "signatures",
      "messages",
      "hasUnknownNonCriticals",
    ] as const) {
      expect([part, released[part]]).toEqual([part, kept[part]]);
    }
    expect(released.gasLimit).toBe(kept.authInfo.fee!.gasLimit);
    expect(passing.get(kept)).toBe("passes");
  });
});
