import { createHash } from "node:crypto";

import { ed25519 } from "@noble/curves/ed25519.js";

import type { ValAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import type { ByteString } from "../../core/bytes.js";
import { TestSigner } from "../kit/signer.js";

const ADDRESSES = new Addresses("cptm");

/** Somebody with a key: an account, maybe a validator, maybe not even an account yet. */
export interface Actor {
  readonly index: number;
  readonly address: string;
  /** Its address as an operator of a validator. */
  readonly valoper: string;
  /** The key that its validator signs blocks with. */
  readonly consensusKey: Uint8Array;
  readonly signer: TestSigner;
}

/** Those who have coins from the beginning. */
export const RICH = 16;
/** Those whom transfers may reach, and make accounts of. */
export const SOCIAL = 28;
/** All: those behind have no account until somebody makes one with a schedule. */
export const ACTORS = 44;

/** The same actors in every run. */
export async function makeActors(chainId: string): Promise<readonly Actor[]> {
  return Promise.all(
    Array.from({ length: ACTORS }, async (_, index) => {
      const signer = await TestSigner.named(`simulated ${index} of ${chainId}`, { accountNumber: BigInt(index) });
      const { address } = signer;
      const valoper = ADDRESSES.validator.encode(ADDRESSES.account.decode(address) as ByteString as ValAddress);
      return { index, address, valoper, consensusKey: consensusKeyOf(index), signer };
    }),
  );
}

function consensusKeyOf(index: number): Uint8Array {
  return ed25519.getPublicKey(createHash("sha256").update(`consensus key ${index}`).digest());
}
