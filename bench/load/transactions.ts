import type { LoadAccount } from "./accounts.js";
import { sha256 } from "./accounts.js";
import type { Signer } from "./signer.js";
import { any, bytesField, coin, numberField, type Coin } from "./wire.js";

export interface SignOptions {
  readonly chainId: string;
  /** The account number of `accounts[0]`; the others follow. */
  readonly firstAccountNumber: number;
  readonly fee: Coin;
  readonly gasLimit: number;
  readonly amount: Coin;
}

/**
 * Bank sends of one message each, SIGN_MODE_DIRECT, the accounts taking turns: transaction `i` is sent by account
 * `i mod n` with sequence `floor(i / n)` to the account half the list further on. Fewer accounts than transactions in
 * flight means that one account has several of them in the mempool.
 */
export class TransactionMaker {
  readonly #signer: Signer;
  readonly #accounts: readonly LoadAccount[];
  readonly #options: SignOptions;
  readonly #feeField: Buffer;
  readonly #amountField: Buffer;
  readonly #chainIdField: Buffer;

  constructor(signer: Signer, accounts: readonly LoadAccount[], options: SignOptions) {
    this.#signer = signer;
    this.#accounts = accounts;
    this.#options = options;
    const fee = Buffer.concat([bytesField(1, coin(options.fee)), numberField(2, options.gasLimit)]);
    this.#feeField = bytesField(2, fee);
    this.#amountField = bytesField(3, coin(options.amount));
    this.#chainIdField = bytesField(3, options.chainId);
  }

  /** The bytes of TxRaw number `index`. */
  make(index: number): Buffer {
    const accountIndex = index % this.#accounts.length;
    const sequence = Math.floor(index / this.#accounts.length);
    const sender = this.#account(accountIndex);
    const recipient = this.#account((accountIndex + (this.#accounts.length >> 1)) % this.#accounts.length);
    const bodyField = bytesField(1, this.#body(sender.address, recipient.address));
    const authInfoField = bytesField(2, this.#authInfo(sender, sequence));
    // SignDoc shares its first two fields with TxRaw.
    const accountNumberField = numberField(4, this.#options.firstAccountNumber + accountIndex);
    const signDoc = Buffer.concat([bodyField, authInfoField, this.#chainIdField, accountNumberField]);
    const signature = this.#signer.sign(sha256(signDoc), sender.privateKey);
    return Buffer.concat([bodyField, authInfoField, bytesField(3, signature)]);
  }

  #account(index: number): LoadAccount {
    const account = this.#accounts[index];
    if (account === undefined) throw new Error(`no account ${index}`);
    return account;
  }

  #body(from: string, to: string): Buffer {
    const message = Buffer.concat([bytesField(1, from), bytesField(2, to), this.#amountField]);
    return bytesField(1, any("/cosmos.bank.v1beta1.MsgSend", message));
  }

  #authInfo(sender: LoadAccount, sequence: number): Buffer {
    const publicKey = any("/cosmos.crypto.secp256k1.PubKey", bytesField(1, sender.publicKey));
    const signModeDirect = bytesField(1, numberField(1, 1));
    const signerInfo = Buffer.concat([
      bytesField(1, publicKey),
      bytesField(2, signModeDirect),
      numberField(3, sequence),
    ]);
    return Buffer.concat([bytesField(1, signerInfo), this.#feeField]);
  }
}
