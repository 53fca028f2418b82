import type { MessageShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { PubKeySchema as Ed25519Schema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { LegacyAminoPubKeySchema } from "@computronium/proto/cosmos/crypto/multisig/keys_pb.js";
import { PubKeySchema as Secp256k1Schema } from "@computronium/proto/cosmos/crypto/secp256k1/keys_pb.js";
import type { SignerInfo } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { AuthInfoSchema, TxBodySchema, TxRawSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { messageFromJson, messageToJson, parseJson } from "../../../core/codec/json.js";
import { create, fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import { packAny } from "../../../core/codec/registry.js";
import type { DecodedTx } from "../../../core/codec/tx.js";
import { decodeTx } from "../../../core/codec/tx.js";
import type { PublicKey } from "../../../core/crypto/key-address.js";

/** A transaction while it is being made: the JSON that `--generate-only` prints. */
export type TxDocument = MessageShape<typeof TxSchema>;

/** One line of JSON, as the Cosmos SDK writes it. */
export function documentToJson(tx: TxDocument): string {
  const { body, auth_info: authInfo, signatures } = messageToJson(TxSchema, tx) as Record<string, object>;
  // The SDK shows that there is no tip.
  return JSON.stringify({ body, auth_info: { ...authInfo, tip: null }, signatures });
}

/** @throws Error for what is no transaction, saying where it does not fit. */
export function documentFromJson(text: string, source: string): TxDocument {
  try {
    return messageFromJson(TxSchema, parseJson(text));
  } catch (error) {
    throw new Error(`${source} holds no transaction: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The bytes that are broadcast. */
export function documentToBytes(tx: TxDocument): Uint8Array {
  return toBinary(
    TxRawSchema,
    create(TxRawSchema, {
      bodyBytes: toBinary(TxBodySchema, tx.body ?? create(TxBodySchema)),
      authInfoBytes: toBinary(AuthInfoSchema, tx.authInfo ?? create(AuthInfoSchema)),
      signatures: [...tx.signatures],
    }),
  );
}

/** @throws RegisteredError `sdk` 2 for bytes that no node would decode. */
export function documentFromBytes(bytes: Uint8Array): TxDocument {
  const decoded = decodeTx(bytes);
  return create(TxSchema, {
    body: fromBinary(TxBodySchema, decoded.bodyBytes),
    authInfo: fromBinary(AuthInfoSchema, decoded.authInfoBytes),
    signatures: [...decoded.signatures],
  });
}

/** The same transaction with other signers and signatures. */
export function withSignatures(
  tx: TxDocument,
  signerInfos: readonly SignerInfo[],
  signatures: readonly Uint8Array[],
): TxDocument {
  const { body, authInfo } = tx;
  return create(TxSchema, {
    ...(body === undefined ? {} : { body }),
    authInfo: { signerInfos: [...signerInfos], ...(authInfo?.fee === undefined ? {} : { fee: authInfo.fee }) },
    signatures: [...signatures],
  });
}

/** As the node reads it: what no node would take is found here. */
export function decodedDocument(tx: TxDocument): DecodedTx {
  return decodeTx(documentToBytes(tx));
}

/** A public key in an `Any`, as it stands in transactions. */
export function publicKeyToAny(key: PublicKey): Any {
  switch (key.kind) {
    case "secp256k1":
      return packAny(Secp256k1Schema, create(Secp256k1Schema, { key: key.key }));
    case "ed25519":
      return packAny(Ed25519Schema, create(Ed25519Schema, { key: key.key }));
    case "multisig":
      return packAny(
        LegacyAminoPubKeySchema,
        create(LegacyAminoPubKeySchema, { threshold: key.threshold, publicKeys: key.keys.map(publicKeyToAny) }),
      );
  }
}
