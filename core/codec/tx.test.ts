// Tier: make test. Budget: 30 s.

import { describe, expect, it } from "@jest/globals";
import { AuthInfoSchema, TxBodySchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { MsgEditValidatorSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { MsgExecSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";

import { AnySchema } from "@bufbuild/protobuf/wkt";

import { RegisteredError } from "../errors.js";
import { aminoJsonOfAny } from "./amino-json.js";
import { fuzzTx, rawTx, sendTx } from "./fuzz-tx.test-support.js";
import { create, equals, fromBinary, toBinary } from "./protobuf.js";
import { readMessage } from "./optional-numbers.js";
import { packAny, typeUrlOf } from "./registry.js";
import { decodeTx, MAX_TX_BYTES } from "./tx.js";

function refusal(bytes: Uint8Array): string {
  try {
    decodeTx(bytes);
  } catch (error) {
    if (error instanceof RegisteredError) return `${error.codespace} ${error.code} ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("decoding a transaction", () => {
  it("gives its parts, and its messages with their types", () => {
    const bytes = sendTx();
    const tx = decodeTx(bytes);
    expect(tx.raw).toBe(bytes);
    expect(tx.messages.map(({ typeUrl }) => typeUrl)).toEqual(["/cosmos.bank.v1beta1.MsgSend"]);
    const sent = fromBinary(MsgSendSchema, tx.body.messages[0]!.value);
    expect(equals(MsgSendSchema, tx.messages[0]!.value as typeof sent, sent)).toBe(true);
    expect(equals(TxBodySchema, tx.body, fromBinary(TxBodySchema, tx.bodyBytes))).toBe(true);
    expect(equals(AuthInfoSchema, tx.authInfo, fromBinary(AuthInfoSchema, tx.authInfoBytes))).toBe(true);
    expect(tx.signatures.map(({ length }) => length)).toEqual([64]);
    expect(tx.hasUnknownNonCriticals).toBe(false);
  });

  it("refuses what is too large before it looks at it", () => {
    expect(refusal(new Uint8Array(MAX_TX_BYTES + 1))).toMatch(/^sdk 21 .*tx too large$/);
  });

  it("passes over unknown fields that are not critical, in the body alone", () => {
    const { bodyBytes, authInfoBytes } = decodeTx(sendTx());
    const extra = Buffer.of(0x82, 0x40, 1, 7);
    expect(decodeTx(rawTx(Buffer.concat([bodyBytes, extra]), authInfoBytes)).hasUnknownNonCriticals).toBe(true);
    expect(refusal(rawTx(bodyBytes, Buffer.concat([authInfoBytes, extra])))).toMatch(/errUnknownField.*1024/);
    expect(refusal(Buffer.concat([sendTx(), extra]))).toMatch(/errUnknownField.*1024/);
  });

  it("refuses field numbers that protobuf does not have, which its runtime would take for others", () => {
    const { bodyBytes, authInfoBytes } = decodeTx(sendTx());
    // 2^29 + 2047: not critical, and 2047 once cut to 32 bits of tag.
    const alias = Buffer.of(0xfa, 0xff, 0x80, 0x80, 0x10, 0);
    expect(refusal(rawTx(Buffer.concat([bodyBytes, alias]), authInfoBytes))).toMatch(/field number out of range/);
  });

  it("refuses Any in Any before the stack notices, 65 or 20,000 deep", () => {
    let message = create(MsgExecSchema, { grantee: "a" });
    for (let i = 0; i < 65; i++) message = create(MsgExecSchema, { msgs: [packAny(MsgExecSchema, message)] });
    const body = create(TxBodySchema, { messages: [packAny(MsgExecSchema, message)] });
    expect(refusal(rawTx(toBinary(TxBodySchema, body), new Uint8Array(0)))).toMatch(/^sdk 2 max depth exceeded/);
    // ModeInfo in ModeInfo: no Any at all.
    let mode = Buffer.of(0x0a, 0);
    for (let i = 0; i < 20_000 && mode.length < 500_000; i++) {
      for (const tag of [0x12, 0x12]) mode = Buffer.concat([Buffer.of(tag), lengthOf(mode.length), mode]);
      if (mode.length > 20_000) break;
    }
    const info = Buffer.concat([Buffer.of(0x12), lengthOf(mode.length), mode]);
    const auth = Buffer.concat([Buffer.of(0x0a), lengthOf(info.length), info]);
    expect(refusal(rawTx(new Uint8Array(0), auth))).toMatch(/^sdk 2 recursion limit reached/);
  });

  it("keeps its wits over lone surrogates, overlong forms and other text that is no UTF-8", () => {
    for (const hex of ["eda080", "edb080", "c0af", "e08080", "f4908080", "ff", "c3", "f0808080"]) {
      const memo = Buffer.from(hex, "hex");
      const body = Buffer.concat([Buffer.of(0x12, memo.length), memo]);
      expect(refusal(rawTx(body, new Uint8Array(0)))).toBe("sdk 2 memo contains invalid UTF-8: tx parse error");
    }
    const memo = Buffer.from("é漢😀\u2028");
    const tx = decodeTx(rawTx(Buffer.concat([Buffer.of(0x12, memo.length), memo]), new Uint8Array(0)));
    expect(tx.body.memo).toBe("é漢😀\u2028");
  });

  it("takes the last of several timeouts as it stands, as the SDK does, and does not add them up", () => {
    const timeout = (seconds: bigint, nanos: number) =>
      toBinary(TxBodySchema, create(TxBodySchema, { timeoutTimestamp: { seconds, nanos } }));
    const tx = decodeTx(rawTx(Buffer.concat([timeout(5n, 7), timeout(9n, 0)]), new Uint8Array(0)));
    expect(tx.body.timeoutTimestamp).toMatchObject({ seconds: 9n, nanos: 0 });
  });

  it("takes an optional number without digits for 0, as gogoproto does, and one that was not sent for none", () => {
    const edit = toBinary(MsgEditValidatorSchema, create(MsgEditValidatorSchema, { validatorAddress: "v" }));
    const empty = (field: number) => Uint8Array.of((field << 3) | 2, 0);
    const { commissionRate, minSelfDelegation } = MsgEditValidatorSchema.field;
    const both = Buffer.concat([edit, empty(commissionRate.number), empty(minSelfDelegation.number)]);
    expect(readMessage(MsgEditValidatorSchema, edit)).toMatchObject({ commissionRate: "", minSelfDelegation: "" });
    expect(readMessage(MsgEditValidatorSchema, both)).toMatchObject({ commissionRate: "0", minSelfDelegation: "0" });
    const typeUrl = typeUrlOf(MsgEditValidatorSchema);
    expect(aminoJsonOfAny(create(AnySchema, { typeUrl, value: both }))).toBe(
      '{"type":"cosmos-sdk/MsgEditValidator","value":{"commission_rate":"0.000000000000000000","description":{},"min_self_delegation":"0","validator_address":"v"}}',
    );
  });

  it("either decodes any bytes or throws a registered error", () => {
    const { accepted, refused } = fuzzTx({ runs: 20_000, seed: 1 });
    expect(accepted).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(10_000);
  });
});

function lengthOf(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
