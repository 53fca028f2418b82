import { createHash } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { bech32 } from "@scure/base";

import type { ContentHash } from "../content-hash.js";

/** What the tenant of a lease signs to upload a job to its provider, or to fetch the result. */
export interface RequestClaim {
  readonly chainId: string;
  /** The provider's address: a signature for one provider is of no use at another. */
  readonly provider: string;
  readonly leaseId: bigint;
  readonly action: "put-job" | "put-job-url" | "get-result";
  /** SHA-256 of the body (of nothing, for a request without one). */
  readonly bodyHash: ContentHash;
  /** Unix time, seconds, after which the signature is void. */
  readonly expiresAtSeconds: number;
}

/** HTTP headers that carry a signature: compressed public key and signature (r‖s) in base64, expiry in seconds. */
export const PUBLIC_KEY_HEADER = "x-computronium-public-key";
export const SIGNATURE_HEADER = "x-computronium-signature";
export const EXPIRES_HEADER = "x-computronium-expires";

/** The text that is signed: one line each, none of which can hold a line break. */
export function claimText(claim: RequestClaim): string {
  return [
    "computronium provider request 1",
    claim.chainId,
    claim.provider,
    claim.leaseId.toString(),
    claim.action,
    claim.bodyHash,
    claim.expiresAtSeconds.toString(),
  ].join("\n");
}

/**
 * The document around the text (ADR-036, "off-chain message signing"), as amino JSON with sorted keys. Wallets sign it by
 * `signArbitrary`, cosmjs by `signAmino`; it can never be a transaction, having no chain id and no fee.
 */
export function signDocument(claim: RequestClaim, signer: string): AdrDocument {
  const data = Buffer.from(claimText(claim), "utf8").toString("base64");
  return {
    account_number: "0",
    chain_id: "",
    fee: { amount: [], gas: "0" },
    memo: "",
    msgs: [{ type: "sign/MsgSignData", value: { data, signer } }],
    sequence: "0",
  };
}

/** As cosmjs's `StdSignDoc`; keys stand in alphabetic order, so that JSON.stringify writes the canonical form. */
export interface AdrDocument {
  readonly account_number: string;
  readonly chain_id: string;
  readonly fee: { readonly amount: readonly never[]; readonly gas: string };
  readonly memo: string;
  readonly msgs: readonly {
    readonly type: string;
    readonly value: { readonly data: string; readonly signer: string };
  }[];
  readonly sequence: string;
}

export interface RequestSignature {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** Signs with a raw private key: for agents without a wallet object. */
export function signRequest(claim: RequestClaim, privateKey: Uint8Array, prefix: string): RequestSignature {
  const publicKey = secp256k1.getPublicKey(privateKey, true);
  const message = canonicalBytes(signDocument(claim, accountAddress(publicKey, prefix)));
  return { publicKey, signature: secp256k1.sign(message, privateKey) };
}

/** True when `tenant` made this signature for this claim. Only low-s signatures of single secp256k1 keys are accepted. */
export function verifyRequest(
  claim: RequestClaim,
  tenant: string,
  { publicKey, signature }: RequestSignature,
): boolean {
  if (publicKey.length !== 33 || signature.length !== 64) return false;
  const prefix = tenant.slice(0, tenant.lastIndexOf("1"));
  try {
    if (accountAddress(publicKey, prefix) !== tenant) return false;
    return secp256k1.verify(signature, canonicalBytes(signDocument(claim, tenant)), publicKey);
  } catch {
    return false; // no point on the curve, no bech32 prefix
  }
}

/** The account address of a secp256k1 key: RIPEMD-160 of SHA-256 of the compressed key. */
export function accountAddress(publicKey: Uint8Array, prefix: string): string {
  const sha256 = createHash("sha256").update(publicKey).digest();
  return bech32.encode(prefix, bech32.toWords(ripemd160(sha256)));
}

/** Amino's sign bytes: JSON without spaces, with `&`, `<` and `>` escaped (none of which base64 or bech32 contain). */
function canonicalBytes(document: AdrDocument): Uint8Array {
  return Buffer.from(JSON.stringify(document), "utf8");
}
