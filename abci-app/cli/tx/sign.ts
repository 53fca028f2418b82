import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { SignerInfo } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { SignerInfoSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import type { SignerData } from "../../../core/codec/sign-bytes.js";
import { signBytes } from "../../../core/codec/sign-bytes.js";
import type { PublicKey } from "../../../core/crypto/key-address.js";
import { addressOf } from "../../../core/crypto/key-address.js";
import { publicKeyFromAny } from "../../../core/crypto/public-key.js";
import type { PrivateKey } from "../../keyring/private-key.js";
import type { TxDocument } from "./document.js";
import { decodedDocument, publicKeyToAny, withSignatures } from "./document.js";

/** Bytes that stand where a signature is not made yet. */
const NO_SIGNATURE = new Uint8Array(0);

/** Who signs, in which way, for which chain. */
export interface Signing {
  readonly key: PrivateKey;
  readonly mode: SignMode.DIRECT | SignMode.LEGACY_AMINO_JSON;
  readonly signer: SignerData;
}

/** The transaction with a signer's place in it, its signature empty. The places of others stay, unless `alone`. */
export function withSigner(
  tx: TxDocument,
  {
    publicKey,
    mode,
    sequence,
    alone,
  }: {
    readonly publicKey: PublicKey;
    readonly mode: SignMode;
    readonly sequence: bigint;
    readonly alone: boolean;
  },
): { readonly tx: TxDocument; readonly index: number } {
  const info = create(SignerInfoSchema, {
    publicKey: publicKeyToAny(publicKey),
    modeInfo: { sum: { case: "single", value: { mode } } },
    sequence,
  });
  return placed(tx, { info, key: publicKey, signature: NO_SIGNATURE, alone });
}

/** Puts one signer's info and signature where the same key stood, or after the others. */
export function placed(
  tx: TxDocument,
  {
    info,
    key,
    signature,
    alone,
  }: {
    readonly info: SignerInfo;
    readonly key: PublicKey;
    readonly signature: Uint8Array;
    readonly alone: boolean;
  },
): { readonly tx: TxDocument; readonly index: number } {
  const infos = alone ? [] : [...(tx.authInfo?.signerInfos ?? [])];
  const signatures = alone ? [] : [...tx.signatures];
  const found = infos.findIndex(
    ({ publicKey }) => publicKey !== undefined && addressOf(publicKeyFromAny(publicKey)) === addressOf(key),
  );
  const index = found < 0 ? infos.length : found;
  infos[index] = info;
  signatures[index] = signature;
  return { tx: withSignatures(tx, infos, signatures), index };
}

/** Signs. With `alone`, signatures that are there already are dropped. */
export function signTx(tx: TxDocument, signing: Signing, { alone }: { readonly alone: boolean }): TxDocument {
  const { prepared, index, signature } = made(tx, signing, alone);
  const signatures = [...prepared.signatures];
  signatures[index] = signature;
  return withSignatures(prepared, prepared.authInfo?.signerInfos ?? [], signatures);
}

/** The signature alone that {@link signTx} would put into the transaction. */
export function ownSignature(tx: TxDocument, signing: Signing, { alone }: { readonly alone: boolean }): Uint8Array {
  return made(tx, signing, alone).signature;
}

function made(tx: TxDocument, { key, mode, signer }: Signing, alone: boolean) {
  const { publicKey } = key;
  const { tx: prepared, index } = withSigner(tx, { publicKey, mode, sequence: signer.sequence, alone });
  requireOneDirect(prepared);
  return { prepared, index, signature: key.sign(signBytes(mode, decodedDocument(prepared), signer)) };
}

/** The signature alone, of a member of a multisig: over the transaction as the multisig's other members see it. */
export function memberSignature(tx: TxDocument, { key, mode, signer }: Signing): Uint8Array {
  return key.sign(signBytes(mode, decodedDocument(tx), signer));
}

/** SIGN_MODE_DIRECT signs who else signs: a second one would make the first void. */
function requireOneDirect(tx: TxDocument): void {
  const direct = (tx.authInfo?.signerInfos ?? []).filter(
    ({ modeInfo }) => modeInfo?.sum.case === "single" && modeInfo.sum.value.mode === SignMode.DIRECT,
  );
  if (direct.length > 1)
    throw new Error(
      "a transaction of several signers has at most one in the mode direct: the others use --sign-mode amino-json",
    );
}
