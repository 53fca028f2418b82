import type { DecodedTx } from "../../core/codec/tx.js";
import type { Verdicts } from "../../core/crypto/verdicts.js";
import type { Context } from "../../core/runtime/context.js";
import type { AccountKeeper } from "../../modules/auth/index.js";
import { checkBasics } from "./basic.js";
import type { FeeCollector, FeeGrants, GasPrice } from "./deduct-fee.js";
import { deductFee } from "./deduct-fee.js";
import { refuseExtensionOptions } from "./extension-options.js";
import { limitGas } from "./gas-limit.js";
import { incrementSequences, storeAccounts } from "./increment-sequence.js";
import { limitMemo } from "./memo.js";
import type { ParamsOf } from "./params.js";
import { setPublicKeys } from "./set-pub-key.js";
import { limitSignatures } from "./signature-count.js";
import { chargeSignatures } from "./signature-gas.js";
import type { AnteStep } from "./step.js";
import { AnteState } from "./step.js";
import { checkTimeout } from "./timeout.js";
import { chargeTxSize } from "./tx-size-gas.js";
import { useUnorderedNonces } from "./unordered.js";
import { verifySignatures } from "./verify-signatures.js";

export type { FeeCollector, GasPrice } from "./deduct-fee.js";
export { openQuestions } from "./questions.js";
export { txSigners } from "./signers.js";

export interface AnteOptions {
  readonly accounts: AccountKeeper;
  readonly fees: FeeCollector;
  readonly feegrants: FeeGrants;
  /** What this node asks for in CheckTx. */
  readonly minGasPrices: readonly GasPrice[];
  /** The least price of gas in this block; none where it is left out. */
  readonly baseFee: () => GasPrice | undefined;
  /** The consensus parameter; undefined for no bound. */
  readonly maxBlockGas: () => bigint | undefined;
  readonly verdicts: Verdicts;
}

/**
 * What every transaction passes before its messages run. The meter of the context is that of the transaction. Throws
 * registered errors; the caller keeps what was written when it returns, and drops it when it throws.
 */
export type AnteHandler = (ctx: Context, tx: DecodedTx) => void;

/** The steps in their order, that of cosmos-sdk 0.53 x/auth/ante: of two faults, the one is reported that it reports. */
function steps({
  accounts,
  fees,
  feegrants,
  minGasPrices,
  baseFee,
  maxBlockGas,
  verdicts,
}: AnteOptions): readonly AnteStep[] {
  const params: ParamsOf = (ctx) => accounts.params(ctx);
  return [
    limitGas(maxBlockGas),
    refuseExtensionOptions,
    checkBasics,
    checkTimeout,
    limitMemo(params),
    chargeTxSize(params),
    deductFee({ fees, feegrants, minGasPrices, baseFee }),
    setPublicKeys,
    limitSignatures(params),
    chargeSignatures(params),
    useUnorderedNonces(accounts),
    verifySignatures(verdicts),
    incrementSequences,
    storeAccounts,
  ];
}

export function anteHandler(options: AnteOptions): AnteHandler {
  const chain = steps(options);
  return (ctx, tx) => {
    const state = new AnteState(ctx, options.accounts, tx);
    for (const step of chain) step(ctx, state);
  };
}
