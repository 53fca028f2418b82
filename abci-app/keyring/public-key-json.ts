import { z } from "zod";

import type { PublicKey } from "../../core/crypto/key-address.js";
import { KEY_BYTES } from "../../core/crypto/key-address.js";
import { KeyringError } from "./errors.js";

const TYPE = {
  secp256k1: "/cosmos.crypto.secp256k1.PubKey",
  ed25519: "/cosmos.crypto.ed25519.PubKey",
  multisig: "/cosmos.crypto.multisig.LegacyAminoPubKey",
} as const;
const MAX_DEPTH = 10;

/** A public key as Cosmos shows it: proto3 JSON of an `Any`. */
export type PublicKeyJson =
  | { readonly "@type": string; readonly key: string }
  | { readonly "@type": string; readonly threshold: number; readonly public_keys: readonly PublicKeyJson[] };

const singleSchema = z.object({ "@type": z.enum([TYPE.secp256k1, TYPE.ed25519]), key: z.string() });
const multisigSchema = z.object({
  "@type": z.literal(TYPE.multisig),
  threshold: z.int().positive(),
  public_keys: z.array(z.unknown()).min(1).max(256),
});

export function publicKeyToJson(key: PublicKey): PublicKeyJson {
  if (key.kind !== "multisig") return { "@type": TYPE[key.kind], key: Buffer.from(key.key).toString("base64") };
  return { "@type": TYPE.multisig, threshold: key.threshold, public_keys: key.keys.map(publicKeyToJson) };
}

/** @throws KeyringError for what is no such key. */
export function publicKeyFromJson(json: unknown, depth = 0): PublicKey {
  if (depth > MAX_DEPTH) throw bad(`more than ${MAX_DEPTH} multisig keys in one another`);
  const multisig = multisigSchema.safeParse(json);
  if (multisig.success) {
    const { threshold, public_keys: keys } = multisig.data;
    if (threshold > keys.length) throw bad(`${threshold} signatures of ${keys.length} keys`);
    return { kind: "multisig", threshold, keys: keys.map((key) => publicKeyFromJson(key, depth + 1)) };
  }
  const single = singleSchema.safeParse(json);
  if (!single.success) throw bad(`expected {"@type":"${TYPE.secp256k1}","key":"<base64>"}`);
  const kind = single.data["@type"] === TYPE.secp256k1 ? "secp256k1" : "ed25519";
  const key = Buffer.from(single.data.key, "base64");
  if (key.length !== KEY_BYTES[kind]) throw bad(`${kind} key of ${key.length} bytes, expected ${KEY_BYTES[kind]}`);
  if (kind === "secp256k1" && key[0] !== 2 && key[0] !== 3)
    throw bad("a compressed secp256k1 key begins with 02 or 03");
  return { kind, key };
}

function bad(why: string): KeyringError {
  return new KeyringError("bad key", `this is no public key: ${why}`);
}
