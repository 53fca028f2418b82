import type { DecodedTx } from "../../core/codec/tx.js";
import { questionOf } from "../../core/crypto/tx-signature.js";
import type { SignatureQuestion, Verdicts } from "../../core/crypto/verdicts.js";
import { RegisteredError } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import type { AccountKeeper } from "../../modules/auth/index.js";
import { AnteState, readKey } from "./step.js";

/**
 * The signatures of a transaction on which there is no verdict yet, so that other threads can find them before the ante
 * chain asks. A guess from the state as it is now: what it misses, or gets wrong, the ante chain finds out by itself.
 */
export function openQuestions(
  ctx: Context,
  tx: DecodedTx,
  { accounts, verdicts }: { readonly accounts: AccountKeeper; readonly verdicts: Verdicts },
): readonly SignatureQuestion[] {
  const questions: SignatureQuestion[] = [];
  try {
    const state = new AnteState(ctx, accounts, tx);
    for (const [index, { sequence, publicKey }] of tx.authInfo.signerInfos.entries()) {
      const signer = state.signers[index];
      const account = signer === undefined ? undefined : state.find(signer);
      const any = account?.pubKey ?? publicKey;
      if (account === undefined || any === undefined) continue;
      const { chainId } = ctx.block;
      const { key } = readKey(any);
      const question = questionOf({
        tx,
        index,
        key,
        signer: { chainId, accountNumber: account.accountNumber, sequence },
      });
      if (question !== undefined && !verdicts.has(question.id)) questions.push(question);
    }
  } catch (error) {
    // What is wrong with the transaction is for the ante chain to say.
    if (!(error instanceof RegisteredError)) throw error;
  }
  return questions;
}
