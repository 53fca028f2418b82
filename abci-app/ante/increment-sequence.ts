import { ErrInvalidSequence } from "../../core/errors.js";
import { MAX_U64 } from "../../modules/auth/types.js";
import type { AnteStep } from "./step.js";

/** Every signer's next transaction has the next number. x/auth/ante/sigverify.go, IncrementSequenceDecorator. */
export const incrementSequences: AnteStep = (_ctx, state) => {
  if (state.isUnordered) return;
  for (const signer of state.signers) {
    const account = state.account(signer);
    // Starting again at 0 would make old transactions valid again.
    if (account.sequence === MAX_U64) throw ErrInvalidSequence.with(`account ${state.addressText(signer)} has no more`);
    state.change({ ...account, sequence: account.sequence + 1n });
  }
};

/** Writes the accounts that the steps before changed, each once. */
export const storeAccounts: AnteStep = (_ctx, state) => state.store();
