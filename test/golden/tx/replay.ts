import { createHash } from "node:crypto";

import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";

import { signBytes } from "../../../core/codec/sign-bytes.js";
import type { DecodedTx } from "../../../core/codec/tx.js";
import { decodeTx } from "../../../core/codec/tx.js";
import { RegisteredError } from "../../../core/errors.js";

/** One transaction and what the Cosmos SDK makes of it; written by main.go. */
export interface Vector {
  readonly name: string;
  /** In base64; null when empty. */
  readonly tx: string | null;
  readonly accept: boolean;
  readonly error?: string;
  readonly direct?: string;
  readonly amino?: string;
}

export interface Vectors {
  readonly seed: number;
  readonly vectors: readonly Vector[];
}

/** What the program signs with. */
const SIGNER = { chainId: "golden-1", accountNumber: 7n, sequence: 3n };

/**
 * Where we refuse by intention what the SDK's decoder lets pass: text that is not UTF-8 (the SDK refuses most of it
 * later), and numbers that Go would read as octal.
 */
const STRICTER = /contains invalid UTF-8: tx parse error$|is no number: tx parse error$/;

export interface Replayed {
  readonly accepted: number;
  readonly refused: number;
  readonly stricter: number;
  readonly signed: number;
  /** Vectors on which we and the SDK differ. */
  readonly differences: readonly string[];
}

export function replay({ vectors }: Vectors): Replayed {
  const count = { accepted: 0, refused: 0, stricter: 0, signed: 0 };
  const differences: string[] = [];
  for (const vector of vectors) {
    const tx = tryDecode(Buffer.from(vector.tx ?? "", "base64"));
    if (tx instanceof RegisteredError) {
      if (!vector.accept) count.refused++;
      else if (STRICTER.test(tx.message)) count.stricter++;
      else differences.push(`${vector.name}: the SDK accepts, we say ${tx.message}`);
      continue;
    }
    if (!vector.accept) {
      differences.push(`${vector.name}: we accept, the SDK says ${vector.error}`);
      continue;
    }
    count.accepted++;
    // The adapter of the SDK falls over transactions without a fee: nothing to compare.
    if (vector.direct === undefined) continue;
    const direct = createHash("sha256").update(signBytes(SignMode.DIRECT, tx, SIGNER)).digest("hex");
    if (direct !== vector.direct) differences.push(`${vector.name}: other bytes of DIRECT`);
    const amino = tryAmino(tx);
    if (amino !== vector.amino) differences.push(`${vector.name}: amino JSON ${amino}, the SDK's is ${vector.amino}`);
    if (amino !== undefined) count.signed++;
  }
  return { ...count, differences };
}

function tryDecode(bytes: Uint8Array): DecodedTx | RegisteredError {
  try {
    return decodeTx(bytes);
  } catch (error) {
    if (error instanceof RegisteredError) return error;
    throw error;
  }
}

function tryAmino(tx: DecodedTx): string | undefined {
  try {
    return Buffer.from(signBytes(SignMode.LEGACY_AMINO_JSON, tx, SIGNER)).toString("utf8");
  } catch (error) {
    if (error instanceof RegisteredError) return undefined;
    throw error;
  }
}
