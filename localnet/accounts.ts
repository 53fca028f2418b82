import { createHash } from "node:crypto";

import { Bip39 } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";

/** An account of the network. Whoever knows the network's seed knows the key: never use it anywhere else. */
export interface LocalAccount {
  readonly name: string;
  readonly address: string;
  /** 24 words; the path is Cosmos's m/44'/118'/0'/0/0. */
  readonly mnemonic: string;
  readonly signer: DirectSecp256k1HdWallet;
}

/** The account of this name in the network of this seed: the same one each time. */
export async function localAccount(seed: string, name: string, prefix: string): Promise<LocalAccount> {
  const entropy = createHash("sha256").update(`computronium localnet account\n${seed}\n${name}`).digest();
  const mnemonic = Bip39.encode(entropy).toString();
  const signer = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix });
  const [account] = await signer.getAccounts();
  if (account === undefined) throw new Error(`the wallet of ${name} has no account`);
  return { name, address: account.address, mnemonic, signer };
}
