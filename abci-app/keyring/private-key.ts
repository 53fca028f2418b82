import { createHash } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";

import type { SingleKey } from "../../core/crypto/key-address.js";
import { KeyringError } from "./errors.js";

/** Amino's prefix of `tendermint/PrivKeySecp256k1`, then the length of the key. */
const AMINO_PREFIX = Buffer.from("e1b0f79b20", "hex");
const KEY_BYTES = 32;

/** A secp256k1 key that signs. The bytes never reach a log or an error. */
export class PrivateKey {
  readonly publicKey: SingleKey;
  readonly #bytes: Uint8Array;

  /** @throws KeyringError for bytes that are no key of the curve. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_BYTES || !secp256k1.utils.isValidSecretKey(bytes)) {
      throw new KeyringError(
        "bad key",
        `a secp256k1 private key has ${KEY_BYTES} bytes, between 1 and the curve's order`,
      );
    }
    this.#bytes = Uint8Array.from(bytes);
    this.publicKey = { kind: "secp256k1", key: secp256k1.getPublicKey(this.#bytes, true) };
  }

  /** From what {@link toAmino} writes, as keys stand in the armour of Cosmos daemons. */
  static fromAmino(bytes: Uint8Array): PrivateKey {
    if (
      bytes.length !== AMINO_PREFIX.length + KEY_BYTES ||
      !AMINO_PREFIX.equals(bytes.subarray(0, AMINO_PREFIX.length))
    ) {
      throw new KeyringError("bad key", "the key is none of secp256k1, the only kind that signs on this chain");
    }
    return new PrivateKey(bytes.subarray(AMINO_PREFIX.length));
  }

  toAmino(): Uint8Array {
    return Buffer.concat([AMINO_PREFIX, this.#bytes]);
  }

  /** The 32 bytes. For storage and `keys export` alone. */
  reveal(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** r ‖ s over the SHA-256 of `message`, s in its lower half, deterministic (RFC 6979), as Cosmos signs. */
  sign(message: Uint8Array): Uint8Array {
    const digest = createHash("sha256").update(message).digest();
    return secp256k1.sign(digest, this.#bytes, { prehash: false, lowS: true });
  }
}
