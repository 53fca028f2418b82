import type { Any } from "@bufbuild/protobuf/wkt";
import { PubKeySchema as Ed25519Schema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { LegacyAminoPubKeySchema } from "@computronium/proto/cosmos/crypto/multisig/keys_pb.js";
import { PubKeySchema as Secp256k1Schema } from "@computronium/proto/cosmos/crypto/secp256k1/keys_pb.js";

import { isMessage } from "../codec/protobuf.js";
import { unpackAny } from "../codec/registry.js";
import { ErrInvalidPubKey } from "../errors.js";
import type { PublicKey, SingleKey } from "./key-address.js";
import { KEY_BYTES } from "./key-address.js";

export type { MultisigKey, PublicKey, SingleKey } from "./key-address.js";
export { addressOf, aminoBytes } from "./key-address.js";

/** A multisig in a multisig in …; `Any` allows ten. */
const MAX_DEPTH = 10;

/** The key in an `Any`. Throws `sdk` 8 (invalid pubkey). */
export function publicKeyFromAny(any: Any, depth = 0): PublicKey {
  if (depth > MAX_DEPTH) throw ErrInvalidPubKey.with(`more than ${MAX_DEPTH} multisig keys in one another`);
  const { value, typeUrl } = unpackAny(any);
  if (isMessage(value, Secp256k1Schema)) return single("secp256k1", value.key);
  if (isMessage(value, Ed25519Schema)) return single("ed25519", value.key);
  if (isMessage(value, LegacyAminoPubKeySchema)) {
    const keys = value.publicKeys.map((key) => publicKeyFromAny(key, depth + 1));
    if (value.threshold === 0 || value.threshold > keys.length) {
      throw ErrInvalidPubKey.with(`multisig key needs ${value.threshold} of ${keys.length} signatures`);
    }
    return { kind: "multisig", threshold: value.threshold, keys };
  }
  throw ErrInvalidPubKey.with(`unrecognized public key type: ${typeUrl}`);
}

function single(kind: SingleKey["kind"], key: Uint8Array): SingleKey {
  if (key.length !== KEY_BYTES[kind]) {
    throw ErrInvalidPubKey.with(`${kind} key of ${key.length} bytes, expected ${KEY_BYTES[kind]}`);
  }
  return { kind, key };
}
