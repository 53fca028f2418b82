import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { SignerInfo } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { SignerInfoSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import type { AccAddress } from "../../../core/address.js";
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
  /** All who have to sign, in the order in which their signatures stand. */
  readonly order: readonly AccAddress[];
}

/** A signer's place in a transaction. */
export interface Place {
  readonly info: SignerInfo;
  readonly key: PublicKey;
  readonly signature: Uint8Array;
  readonly order: readonly AccAddress[];
}

/** Puts one signer's info and signature where the same key stood, or where it belongs among the others. */
export function placed(tx: TxDocument, place: Place): { readonly tx: TxDocument; readonly index: number } {
  const { info, key, signature, order } = place;
  const infos = [...(tx.authInfo?.signerInfos ?? [])];
  const signatures = [...tx.signatures];
  const there = infos.map(({ publicKey }) =>
    publicKey === undefined ? undefined : addressOf(publicKeyFromAny(publicKey)),
  );
  const own = addressOf(key);
  const found = there.indexOf(own);
  const before = there.filter((other) => other !== undefined && order.indexOf(other) < order.indexOf(own)).length;
  const index = found < 0 ? before : found;
  infos.splice(index, found < 0 ? 0 : 1, info);
  signatures.splice(index, found < 0 ? 0 : 1, signature);
  requireLastDirect(infos, index);
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

function made(tx: TxDocument, { key, mode, signer, order }: Signing, alone: boolean) {
  const info = create(SignerInfoSchema, {
    publicKey: publicKeyToAny(key.publicKey),
    modeInfo: { sum: { case: "single", value: { mode } } },
    sequence: signer.sequence,
  });
  const place: Place = { info, key: key.publicKey, signature: NO_SIGNATURE, order };
  const { tx: prepared, index } = placed(alone ? withSignatures(tx, [], []) : tx, place);
  return { prepared, index, signature: key.sign(signBytes(mode, decodedDocument(prepared), signer)) };
}

/** The signature alone, of a member of a multisig: over the transaction as the multisig's other members see it. */
export function memberSignature(tx: TxDocument, { key, mode, signer }: Omit<Signing, "order">): Uint8Array {
  return key.sign(signBytes(mode, decodedDocument(tx), signer));
}

/** SIGN_MODE_DIRECT signs who else signs: whoever signs after it would make it void. */
function requireLastDirect(infos: readonly SignerInfo[], index: number): void {
  const others = infos.filter((_, i) => i !== index);
  if (others.some(({ modeInfo }) => modeInfo?.sum.case === "single" && modeInfo.sum.value.mode === SignMode.DIRECT)) {
    throw new Error(
      "another signer has signed in the mode direct, which shows who else signs: of several signers all but the last " +
        "use --sign-mode amino-json; --overwrite begins anew",
    );
  }
}
