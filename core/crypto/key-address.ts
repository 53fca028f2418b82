import { createHash, hash } from "node:crypto";

import type { AccAddress } from "../address.js";
import { toByteString } from "../bytes.js";

/** The key of an account or, of the kind ed25519, of a validator's consensus. */
export type PublicKey = SingleKey | MultisigKey;

export interface SingleKey {
  readonly kind: "secp256k1" | "ed25519";
  /** 33 bytes, compressed, of secp256k1; 32 of ed25519. */
  readonly key: Uint8Array;
}

/** K of N keys, each of which may be such a key again. */
export interface MultisigKey {
  readonly kind: "multisig";
  readonly threshold: number;
  readonly keys: readonly PublicKey[];
}

/** Prefixes of amino's registered types: the first bytes of a hash of the names `tendermint/PubKey…`. */
const AMINO_PREFIX = {
  secp256k1: Buffer.from("eb5ae987", "hex"),
  ed25519: Buffer.from("1624de64", "hex"),
  multisig: Buffer.from("22c1f7e2", "hex"),
} as const;
/** Length of a public key. */
export const KEY_BYTES = { secp256k1: 33, ed25519: 32 } as const;

/** 20 bytes: of secp256k1 ripemd160(sha256(key)); of the others the first of sha256, for a multisig over its amino bytes. */
export function addressOf(key: PublicKey): AccAddress {
  switch (key.kind) {
    case "secp256k1":
      return toByteString(createHash("ripemd160").update(sha256(key.key)).digest()) as AccAddress;
    case "ed25519":
      return toByteString(sha256(key.key).subarray(0, 20)) as AccAddress;
    case "multisig":
      return toByteString(sha256(aminoBytes(key)).subarray(0, 20)) as AccAddress;
  }
}

/** A key in the binary encoding of amino, which the address of a multisig hashes. */
export function aminoBytes(key: PublicKey): Uint8Array {
  if (key.kind !== "multisig") return Buffer.concat([AMINO_PREFIX[key.kind], Buffer.of(key.key.length), key.key]);
  const parts: Uint8Array[] = [AMINO_PREFIX.multisig, Buffer.of(0x08), varint(key.threshold)];
  for (const inner of key.keys) {
    const bytes = aminoBytes(inner);
    parts.push(Buffer.of(0x12), varint(bytes.length), bytes);
  }
  return Buffer.concat(parts);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function sha256(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}
