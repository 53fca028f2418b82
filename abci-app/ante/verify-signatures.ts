import { verifyTxSignature } from "../../core/crypto/tx-signature.js";
import type { Verdicts } from "../../core/crypto/verdicts.js";
import { ErrInvalidPubKey, ErrUnauthorized, ErrWrongSequence, RegisteredError } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import type { Account } from "../../modules/auth/types.js";
import { isAminoOnly } from "./signature-data.js";
import type { AnteState, AnteStep } from "./step.js";

/**
 * Every signer's sequence is the next one of its account, and its signature holds. A signature that was found good is not
 * checked again, and in a recheck none is. x/auth/ante/sigverify.go, SigVerificationDecorator.
 */
export function verifySignatures(verdicts: Verdicts): AnteStep {
  return (ctx, state) => {
    state.tx.authInfo.signerInfos.forEach(({ sequence }, index) => {
      const account = state.account(state.signers[index]!);
      if (!state.isUnordered && sequence !== account.sequence) {
        throw ErrWrongSequence.with(`account sequence mismatch, expected ${account.sequence}, got ${sequence}`);
      }
      if (ctx.mode !== "simulate" && ctx.mode !== "recheck") verify(ctx, state, { account, index, verdicts });
    });
  };
}

function verify(
  ctx: Context,
  state: AnteState,
  { account, index, verdicts }: { readonly account: Account; readonly index: number; readonly verdicts: Verdicts },
): void {
  if (account.pubKey === undefined) throw ErrInvalidPubKey.with("pubkey on account is not set");
  const { tx } = state;
  const { chainId } = ctx.block;
  const accountNumber = ctx.mode === "genesis" ? 0n : account.accountNumber;
  const { modeInfo, sequence } = tx.authInfo.signerInfos[index]!;
  try {
    const signer = { chainId, accountNumber, sequence };
    verifyTxSignature({ tx, index, key: state.readKey(account.pubKey).key, signer, verdicts });
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    throw ErrUnauthorized.with(
      isAminoOnly(modeInfo)
        ? `signature verification failed; please verify account number (${accountNumber}), sequence (${account.sequence}) and chain-id (${chainId})`
        : `signature verification failed; please verify account number (${accountNumber}) and chain-id (${chainId}): (${error.detail})`,
    );
  }
}
