import { MultiSignatureSchema } from "@computronium/proto/cosmos/crypto/multisig/v1beta1/multisig_pb.js";
import type { CompactBitArray } from "@computronium/proto/cosmos/crypto/multisig/v1beta1/multisig_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { ModeInfo } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { decodeStrictly } from "../../core/codec/decode.js";
import { ErrTooManySignatures } from "../../core/errors.js";

/** Bounds of multisigs in one another, and of signatures in one; x/auth/ante/sigverify.go, flattenSignatures. */
const MAX_DEPTH = 2;
const MAX_BREADTH = 32;

const NO_BYTES = new Uint8Array(0);

/** All single signatures in one of a transaction, and behind those of a multisig their aggregate. */
export function flatSignatures(
  mode: ModeInfo | undefined,
  signature: Uint8Array = NO_BYTES,
  depth = 0,
): readonly Uint8Array[] {
  if (depth > MAX_DEPTH) throw ErrTooManySignatures.with(`max depth of ${MAX_DEPTH} reached`);
  if (mode?.sum.case !== "multi") return [signature];
  const { signatures } = decodeStrictly(MultiSignatureSchema, signature);
  if (signatures.length > MAX_BREADTH) throw ErrTooManySignatures.with(`max breadth of ${MAX_BREADTH} reached`);
  const { modeInfos } = mode.sum.value;
  return [...signatures.flatMap((part, i) => flatSignatures(modeInfos[i], part, depth + 1)), signature];
}

/** Whether all signatures are in SIGN_MODE_LEGACY_AMINO_JSON, which covers the sequence: a wrong one looks like a bad signature. */
export function isAminoOnly(mode: ModeInfo | undefined): boolean {
  if (mode?.sum.case === "single") return mode.sum.value.mode === SignMode.LEGACY_AMINO_JSON;
  return mode?.sum.case === "multi" && mode.sum.value.modeInfos.every(isAminoOnly);
}

/** How many bits an array of bits has. */
export function bitCount({ elems, extraBitsStored }: CompactBitArray): number {
  return extraBitsStored === 0 ? elems.length * 8 : (elems.length - 1) * 8 + extraBitsStored;
}

/** A bit; the first one is the highest of the first byte. */
export function bitAt({ elems }: CompactBitArray, index: number): boolean {
  return ((elems[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}
