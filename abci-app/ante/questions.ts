import type { AccAddress } from "../../core/address.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import type { PublicKey } from "../../core/crypto/public-key.js";
import { questionOf } from "../../core/crypto/tx-signature.js";
import type { SignatureQuestion, Verdicts } from "../../core/crypto/verdicts.js";
import { RegisteredError } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import type { AccountKeeper } from "../../modules/auth/index.js";
import { AnteState } from "./step.js";

/** What a signature depends on beside the transaction: an account has the same number and key for good. */
interface KnownSigner {
  readonly accountNumber: bigint;
  readonly key: PublicKey;
}

/** Signers remembered, about 200 bytes each; a bound, not a tuning knob: all are forgotten when it is reached. */
const MAX_KNOWN_SIGNERS = 131_072;
const NO_QUESTIONS: readonly SignatureQuestion[] = [];

/**
 * Finds the signatures of transactions on which there is no verdict yet, so that other threads can find them before the
 * ante chain asks. A guess from the state as it is now, or was: what it misses, or gets wrong, the ante chain finds out by itself.
 */
export function openQuestions({
  accounts,
  verdicts,
}: {
  readonly accounts: AccountKeeper;
  readonly verdicts: Verdicts;
}): (ctx: Context, tx: DecodedTx) => readonly SignatureQuestion[] {
  const known = new Map<AccAddress, KnownSigner>();

  const signerOf = (state: AnteState, index: number): KnownSigner | undefined => {
    const address = state.signers[index];
    if (address === undefined) return undefined;
    const before = known.get(address);
    if (before !== undefined) return before;
    const account = state.find(address);
    const any = account?.pubKey ?? state.tx.authInfo.signerInfos[index]?.publicKey;
    if (account === undefined || any === undefined) return undefined;
    const { key, address: keyAddress } = state.readKey(any);
    const signer = { accountNumber: account.accountNumber, key };
    if (keyAddress !== address) return signer;
    if (known.size >= MAX_KNOWN_SIGNERS) known.clear();
    known.set(address, signer);
    return signer;
  };

  return (ctx, tx) => {
    let questions: SignatureQuestion[] | undefined;
    try {
      const state = new AnteState(ctx, accounts, tx);
      const infos = tx.authInfo.signerInfos;
      for (let index = 0; index < infos.length; index++) {
        const signer = signerOf(state, index);
        if (signer === undefined) continue;
        const { chainId } = ctx.block;
        const { accountNumber, key } = signer;
        const { sequence } = infos[index]!;
        const question = questionOf({ tx, index, key, signer: { chainId, accountNumber, sequence } });
        if (question !== undefined && !verdicts.has(question.id)) (questions ??= []).push(question);
      }
    } catch (error) {
      // What is wrong with the transaction is for the ante chain to say.
      if (!(error instanceof RegisteredError)) throw error;
    }
    return questions ?? NO_QUESTIONS;
  };
}
