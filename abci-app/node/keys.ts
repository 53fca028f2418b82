import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { z } from "zod";

/** An ed25519 key as CometBFT keeps it: 32 bytes of seed, 32 of public key. */
const NodeKeySchema = z.looseObject({ priv_key: z.looseObject({ value: z.string() }) });
const ValidatorKeySchema = z.looseObject({
  pub_key: z.looseObject({ type: z.literal("tendermint/PubKeyEd25519"), value: z.string() }),
});

function readKey<S extends z.ZodType>(file: string, schema: S): z.infer<S> {
  const result = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!result.success) throw new Error(`${file} is not a key file of CometBFT: ${result.error.issues[0]?.message}`);
  return result.data;
}

/** Address of an ed25519 key in CometBFT: the first 20 bytes of its SHA-256. */
export function ed25519Address(pubKey: Uint8Array): Uint8Array {
  return createHash("sha256").update(pubKey).digest().subarray(0, 20);
}

/** The name of this node among its peers, in lower-case hexadecimal. */
export function nodeId(file: string): string {
  const key = Buffer.from(readKey(file, NodeKeySchema).priv_key.value, "base64");
  if (key.length !== 64) throw new Error(`${file} is not a key file of CometBFT: a key of ${key.length} bytes`);
  return Buffer.from(ed25519Address(key.subarray(32))).toString("hex");
}

/** The key with which this validator votes. */
export function validatorPubKey(file: string): Uint8Array {
  const key = Buffer.from(readKey(file, ValidatorKeySchema).pub_key.value, "base64");
  if (key.length !== 32) throw new Error(`${file} is not a key file of CometBFT: a public key of ${key.length} bytes`);
  return key;
}
