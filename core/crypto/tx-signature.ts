import type { CompactBitArray } from "@computronium/proto/cosmos/crypto/multisig/v1beta1/multisig_pb.js";
import { MultiSignatureSchema } from "@computronium/proto/cosmos/crypto/multisig/v1beta1/multisig_pb.js";
import type { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { ModeInfo } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { decodeStrictly } from "../codec/decode.js";
import type { SignerData } from "../codec/sign-bytes.js";
import { signBytes } from "../codec/sign-bytes.js";
import { TxNote } from "../codec/tx-note.js";
import type { DecodedTx } from "../codec/tx.js";
import { ErrInvalidPubKey, ErrUnauthorized } from "../errors.js";
import type { MultisigKey, PublicKey } from "./public-key.js";
import type { SignatureQuestion, Verdicts } from "./verdicts.js";
import { signatureQuestion } from "./verdicts.js";

export interface SignatureToVerify {
  readonly tx: DecodedTx;
  /** Which of the transaction's signer infos and signatures. */
  readonly index: number;
  /** The key of the account, not of the transaction. */
  readonly key: PublicKey;
  readonly signer: SignerData;
  readonly verdicts: Verdicts;
}

/** What a signature was asked about, or found good for. */
interface Asked {
  readonly key: PublicKey;
  readonly signer: SignerData;
}

function isAbout(asked: Asked, { key, signer }: Asked): boolean {
  return (
    asked.key === key &&
    asked.signer.accountNumber === signer.accountNumber &&
    asked.signer.sequence === signer.sequence &&
    asked.signer.chainId === signer.chainId
  );
}

/** The last question that each signature of a transaction asked: making the bytes that were signed costs more than asking. */
const questions = new TxNote<(Asked & { readonly question: SignatureQuestion | undefined })[]>();

/** With which key, number and sequence a transaction's signatures were found good. */
const verified = new TxNote<(SignatureToVerify | undefined)[]>();

function wasVerified(toVerify: SignatureToVerify): boolean {
  const before = verified.get(toVerify.tx)?.[toVerify.index];
  return before !== undefined && isAbout(before, toVerify);
}

/**
 * The question that the signature of one key asks, for a verdict to be found ahead; undefined for multisigs and for what
 * has no such form. Throws registered errors for what cannot be signed.
 */
export function questionOf({
  tx,
  index,
  key,
  signer,
}: Omit<SignatureToVerify, "verdicts">): SignatureQuestion | undefined {
  const mode = tx.authInfo.signerInfos[index]?.modeInfo?.sum;
  const signature = tx.signatures[index];
  if (mode?.case !== "single" || key.kind !== "secp256k1" || signature === undefined) return undefined;
  let asked = questions.get(tx);
  const before = asked?.[index];
  if (before !== undefined && isAbout(before, { key, signer })) return before.question;
  const question = signatureQuestion(key.key, signature, signBytes(mode.value.mode, tx, signer));
  if (asked === undefined) questions.set(tx, (asked = []));
  asked[index] = { key, signer, question };
  return question;
}

/** Checks one signature of a transaction. Throws `sdk` 4 (unauthorized), saying why, when it does not hold. */
export function verifyTxSignature(toVerify: SignatureToVerify): void {
  if (wasVerified(toVerify)) return;
  const { tx, index, key, signer, verdicts } = toVerify;
  const mode = tx.authInfo.signerInfos[index]?.modeInfo;
  const signature = tx.signatures[index];
  if (mode === undefined || signature === undefined) throw ErrUnauthorized.with(`signature ${index} is missing`);
  // Several keys of a multisig sign the same bytes, mostly in the same mode.
  const made = new Map<SignMode, Uint8Array>();
  const bytesOf = (signMode: SignMode): Uint8Array => {
    let bytes = made.get(signMode);
    if (bytes === undefined) made.set(signMode, (bytes = signBytes(signMode, tx, signer)));
    return bytes;
  };
  const question = questionOf(toVerify);
  if (question === undefined || key.kind !== "secp256k1") verifyOne(key, { mode, signature }, { bytesOf, verdicts });
  else if (!verdicts.answer(question, { key: key.key, signature })) throw badSignature();
  let found = verified.get(tx);
  if (found === undefined) verified.set(tx, (found = []));
  found[index] = toVerify;
}

interface Signed {
  readonly mode: ModeInfo;
  readonly signature: Uint8Array;
}

interface Means {
  readonly bytesOf: (mode: SignMode) => Uint8Array;
  readonly verdicts: Verdicts;
}

function verifyOne(key: PublicKey, { mode, signature }: Signed, means: Means): void {
  if (mode.sum.case === "multi") {
    if (key.kind !== "multisig") throw ErrUnauthorized.with("several signatures for the key of one");
    const { bitarray, modeInfos } = mode.sum.value;
    if (bitarray === undefined) throw ErrUnauthorized.with("multisig without its bit array");
    verifyMultisig(key, signaturesOf(modeInfos, signature), { bitarray, means });
    return;
  }
  if (mode.sum.case !== "single") throw ErrUnauthorized.with("signature without a mode");
  if (key.kind === "multisig") throw ErrUnauthorized.with("one signature for the key of several");
  if (key.kind === "ed25519") throw ErrInvalidPubKey.with("ED25519 public keys are unsupported");
  if (!means.verdicts.verify(key.key, signature, means.bytesOf(mode.sum.value.mode))) {
    throw badSignature();
  }
}

function badSignature(): Error {
  return ErrUnauthorized.with("unable to verify single signer signature");
}

function signaturesOf(modes: readonly ModeInfo[], signature: Uint8Array): readonly Signed[] {
  const { signatures } = decodeStrictly(MultiSignatureSchema, signature);
  if (signatures.length !== modes.length) {
    throw ErrUnauthorized.with(`expected ${modes.length} multisig signatures, got ${signatures.length}`);
  }
  return modes.map((mode, index) => ({ mode, signature: signatures[index]! }));
}

function verifyMultisig(
  { keys, threshold }: MultisigKey,
  signed: readonly Signed[],
  { bitarray, means }: { readonly bitarray: CompactBitArray; readonly means: Means },
): void {
  const size = bitCount(bitarray);
  if (size !== keys.length) throw ErrUnauthorized.with(`bit array size is incorrect, expecting: ${keys.length}`);
  if (signed.length < threshold || signed.length > size) {
    throw ErrUnauthorized.with(`signature size is incorrect ${signed.length}`);
  }
  const signers = keys.filter((_, index) => bitAt(bitarray, index));
  if (signers.length < threshold) {
    throw ErrUnauthorized.with(`not enough signatures set, have ${signers.length}, expected ${threshold}`);
  }
  signers.forEach((key, index) => {
    const one = signed[index];
    if (one === undefined) throw ErrUnauthorized.with(`signature size is incorrect ${signed.length}`);
    verifyOne(key, one, means);
  });
}

function bitCount({ elems, extraBitsStored }: CompactBitArray): number {
  return extraBitsStored === 0 ? elems.length * 8 : (elems.length - 1) * 8 + extraBitsStored;
}

/** The first bit is the highest of the first byte. */
function bitAt({ elems }: CompactBitArray, index: number): boolean {
  return ((elems[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}
