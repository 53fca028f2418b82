import { txSigners } from "../../ante/signers.js";
import type { AccAddress, Addresses } from "../../../core/address.js";
import type { NodeRpc } from "../client/rpc.js";
import { accountState, NoAccountError } from "../client/accounts.js";
import type { TxDocument } from "./document.js";
import { decodedDocument } from "./document.js";

/** All who have to sign, in the order of their signatures. */
export function signingOrder(addresses: Addresses, tx: TxDocument): readonly AccAddress[] {
  return txSigners(addresses, decodedDocument(tx));
}

/** The same in bech32. */
export function signersOf(addresses: Addresses, tx: TxDocument): readonly string[] {
  return signingOrder(addresses, tx).map((address) => addresses.account.encode(address));
}

/** Their sequences; 0 for accounts that are not on the chain. */
export async function sequencesOf(rpc: NodeRpc, signers: readonly string[]): Promise<readonly bigint[]> {
  const sequences: bigint[] = [];
  for (const address of signers) {
    try {
      sequences.push((await accountState(rpc, address)).sequence);
    } catch (error) {
      if (!(error instanceof NoAccountError)) throw error;
      sequences.push(0n);
    }
  }
  return sequences;
}
