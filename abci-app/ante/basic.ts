import {
  ErrInsufficientFee,
  ErrInvalidRequest,
  ErrNoSignatures,
  ErrTxDecode,
  ErrUnauthorized,
} from "../../core/errors.js";
import { MAX_AMOUNT } from "../../core/math/amount.js";
import type { AnteStep } from "./step.js";

/** CometBFT counts gas in an int64; types/tx, MaxGasWanted. */
const MAX_GAS_WANTED = (1n << 63n) - 1n;

/** What does not depend on the state: fee, gas and number of signatures. x/auth/ante/basic.go, types/tx Tx.ValidateBasic. */
export const checkBasics: AnteStep = (_ctx, { tx, signers, gasLimit }) => {
  const { fee } = tx.authInfo;
  if (fee === undefined) throw ErrTxDecode.with("missing fee");
  if (gasLimit > MAX_GAS_WANTED) throw ErrInvalidRequest.with(`invalid gas supplied; ${gasLimit} > ${MAX_GAS_WANTED}`);
  for (const { amount, denom } of fee.amount) {
    if (!/^-?[0-9]{1,78}$/.test(amount)) throw ErrTxDecode.with(`"${denom}" has no amount of a fee`);
    const value = BigInt(amount);
    if (value < 0n || value > MAX_AMOUNT) throw ErrInsufficientFee.with(`invalid fee provided: ${amount}${denom}`);
  }
  if (tx.signatures.length === 0) throw ErrNoSignatures.plain();
  if (tx.signatures.length !== signers.length) {
    throw ErrUnauthorized.with(`wrong number of signers; expected ${signers.length}, got ${tx.signatures.length}`);
  }
};
