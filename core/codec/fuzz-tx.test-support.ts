import fc from "fast-check";
import { MsgExecSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/secp256k1/keys_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import { AuthInfoSchema, TxBodySchema, TxRawSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { RegisteredError } from "../errors.js";
import { create, toBinary } from "./protobuf.js";
import { packAny } from "./registry.js";
import { signBytes } from "./sign-bytes.js";
import { decodeTx } from "./tx.js";

export function rawTx(bodyBytes: Uint8Array, authInfoBytes: Uint8Array): Uint8Array {
  return toBinary(TxRawSchema, create(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [new Uint8Array(64)] }));
}

const SEND = create(MsgSendSchema, {
  fromAddress: `cptm1${"q".repeat(38)}`,
  toAddress: `cptm1${"p".repeat(38)}`,
  amount: [{ denom: "ucptm", amount: "1000" }],
});
const SEND_BODY = toBinary(TxBodySchema, create(TxBodySchema, { messages: [packAny(MsgSendSchema, SEND)], memo: "é" }));
const EXEC_BODY = toBinary(
  TxBodySchema,
  create(TxBodySchema, {
    messages: [
      packAny(MsgExecSchema, create(MsgExecSchema, { grantee: "g", msgs: [packAny(MsgSendSchema, SEND)] })),
      packAny(MsgSendSchema, SEND),
    ],
    timeoutHeight: 5n,
    timeoutTimestamp: { seconds: 5n, nanos: 7 },
  }),
);
const AUTH_INFO = toBinary(
  AuthInfoSchema,
  create(AuthInfoSchema, {
    signerInfos: [
      {
        publicKey: packAny(PubKeySchema, create(PubKeySchema, { key: new Uint8Array(33).fill(2) })),
        modeInfo: { sum: { case: "single", value: { mode: SignMode.DIRECT } } },
        sequence: 5n,
      },
    ],
    fee: { amount: [{ denom: "ucptm", amount: "2000" }], gasLimit: 200_000n },
  }),
);

/** One bank send, about 320 bytes. */
export function sendTx(): Uint8Array {
  return rawTx(SEND_BODY, AUTH_INFO);
}

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce((before, { at, remove, insert }) => {
    const start = at % (before.length + 1);
    return Buffer.concat([before.subarray(0, start), insert, before.subarray(start + remove)]);
  }, bytes);
}

const edit = fc.record({
  at: fc.nat(2000),
  remove: fc.constantFrom(0, 0, 1, 1, 2, 40),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.constantFrom(
      Buffer.from("ffffffffffffffffff01", "hex"),
      Buffer.from("808080808000", "hex"),
      Buffer.from("8240", "hex"),
    ),
  ),
});

/** Bytes that are no transaction, or nearly one: broken outside, in the body or in the auth info. */
const input = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(SEND_BODY, EXEC_BODY), fc.nat(3), fc.array(edit, { maxLength: 3 }))
      .map(([body, where, edits]) => {
        if (where === 0) return edited(rawTx(body, AUTH_INFO), edits);
        if (where === 1) return rawTx(body, edited(AUTH_INFO, edits));
        return rawTx(edited(body, edits), AUTH_INFO);
      }),
  },
);

/**
 * Decodes many inputs, and makes the sign bytes of what was accepted: both may throw registered errors and nothing else.
 * Counts what was accepted.
 */
export function fuzzTx({ runs, seed }: { readonly runs: number; readonly seed: number }): {
  readonly accepted: number;
  readonly refused: number;
} {
  const count = { accepted: 0, refused: 0 };
  const signer = { chainId: "c", accountNumber: 1n, sequence: 1n };
  fc.assert(
    fc.property(input, (bytes) => {
      let tx;
      try {
        tx = decodeTx(bytes);
      } catch (error) {
        if (!(error instanceof RegisteredError)) throw error;
        count.refused++;
        return;
      }
      count.accepted++;
      signBytes(SignMode.DIRECT, tx, signer);
      try {
        signBytes(SignMode.LEGACY_AMINO_JSON, tx, signer);
      } catch (error) {
        if (!(error instanceof RegisteredError)) throw error;
      }
    }),
    { numRuns: runs, seed },
  );
  return count;
}
