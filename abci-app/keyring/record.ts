import { z } from "zod";

import type { AccAddress } from "../../core/address.js";
import type { PublicKey } from "../../core/crypto/key-address.js";
import { addressOf } from "../../core/crypto/key-address.js";
import { KeyringError } from "./errors.js";
import { PrivateKey } from "./private-key.js";
import { publicKeyFromJson, publicKeyToJson } from "./public-key-json.js";

/** A key under its name. Without a private key it is somebody else's (`offline`), or of several (`multi`). */
export interface KeyRecord {
  readonly name: string;
  /** As the SDK calls them. */
  readonly type: "local" | "offline" | "multi";
  readonly publicKey: PublicKey;
  readonly privateKey?: PrivateKey;
}

/** A file name holds three characters for each of its bytes. */
const MAX_NAME_BYTES = 64;
const recordSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  public_key: z.unknown(),
  /** Base64; the record as a whole is what a backend encrypts. */
  private_key: z.string().optional(),
});

/** The name, when it can be one. Throws {@link KeyringError}. */
export function checkedName(name: string): string {
  if (name.trim() === "") throw new KeyringError("bad name", "a key needs a name that is not empty");
  if (name.trim() !== name) throw new KeyringError("bad name", `the name "${name}" begins or ends with a space`);
  if (Buffer.byteLength(name) > MAX_NAME_BYTES || /\p{Cc}/u.test(name))
    throw new KeyringError("bad name", `a name has at most ${MAX_NAME_BYTES} bytes, no control characters among them`);
  return name;
}

export function localRecord(name: string, privateKey: PrivateKey): KeyRecord {
  return { name: checkedName(name), type: "local", publicKey: privateKey.publicKey, privateKey };
}

export function publicRecord(name: string, publicKey: PublicKey): KeyRecord {
  return { name: checkedName(name), type: publicKey.kind === "multisig" ? "multi" : "offline", publicKey };
}

export function recordAddress(record: KeyRecord): AccAddress {
  return addressOf(record.publicKey);
}

/** What a backend keeps. */
export function encodeRecord({ name, publicKey, privateKey }: KeyRecord): Uint8Array {
  const json: z.infer<typeof recordSchema> = {
    version: 1,
    name,
    public_key: publicKeyToJson(publicKey),
    ...(privateKey === undefined ? {} : { private_key: Buffer.from(privateKey.reveal()).toString("base64") }),
  };
  return Buffer.from(JSON.stringify(json), "utf8");
}

/** @throws KeyringError for bytes that are no record, or one of another name. */
export function decodeRecord(name: string, bytes: Uint8Array): KeyRecord {
  const damaged = (why: string) => new KeyringError("damaged file", `the file of the key "${name}" is damaged: ${why}`);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw damaged("it is no JSON");
  }
  const parsed = recordSchema.safeParse(json);
  if (!parsed.success) throw damaged("a field is missing or wrong");
  if (parsed.data.name !== name) throw damaged(`it is that of "${parsed.data.name}"`);
  const publicKey = publicKeyFromJson(parsed.data.public_key);
  if (parsed.data.private_key === undefined) return publicRecord(name, publicKey);
  const record = localRecord(name, new PrivateKey(Buffer.from(parsed.data.private_key, "base64")));
  if (addressOf(publicKey) !== recordAddress(record)) throw damaged("its two keys do not belong together");
  return record;
}
