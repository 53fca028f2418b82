import {
  SignatureDescriptorSchema,
  SignatureDescriptorsSchema,
} from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";

import { messageFromJson, messageToJson, parseJson } from "../../../core/codec/json.js";
import { create } from "../../../core/codec/protobuf.js";
import type { PublicKey } from "../../../core/crypto/key-address.js";
import { publicKeyFromAny } from "../../../core/crypto/public-key.js";
import { publicKeyToAny } from "./document.js";

/** A signature apart from its transaction, of one key. */
export interface LooseSignature {
  readonly key: PublicKey;
  readonly mode: SignMode;
  readonly signature: Uint8Array;
  readonly sequence: bigint;
}

/** What `--signature-only` prints: the SDK's SignatureDescriptors. */
export function signaturesToJson(signatures: readonly LooseSignature[]): string {
  const descriptors = create(SignatureDescriptorsSchema, {
    signatures: signatures.map(({ key, mode, signature, sequence }) =>
      create(SignatureDescriptorSchema, {
        publicKey: publicKeyToAny(key),
        data: { sum: { case: "single", value: { mode, signature } } },
        sequence,
      }),
    ),
  });
  return JSON.stringify(messageToJson(SignatureDescriptorsSchema, descriptors));
}

/** @throws Error for what is no such JSON, saying where it does not fit. */
export function signaturesFromJson(text: string, source: string): readonly LooseSignature[] {
  const bad = (why: string) => new Error(`${source} holds no signature: ${why}`);
  let parsed;
  try {
    parsed = messageFromJson(SignatureDescriptorsSchema, parseJson(text));
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
  if (parsed.signatures.length === 0) throw bad("the list is empty");
  return parsed.signatures.map(({ publicKey, data, sequence }) => {
    if (publicKey === undefined || data?.sum.case !== "single") throw bad("one signature of one key is expected");
    const { mode, signature } = data.sum.value;
    return { key: publicKeyFromAny(publicKey), mode, signature, sequence };
  });
}
