import type { AccAddress } from "../../core/address.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import type { AnteStep } from "./step.js";
import { timeoutNanos } from "./timeout.js";

/** How far ahead the timeout may be: so long every nonce is kept. x/auth/ante/sigverify.go, DefaultMaxTimeoutDuration. */
const MAX_TIMEOUT_SECONDS = 600n;
/** As Go prints that duration. */
const MAX_TIMEOUT_TEXT = "10m0s";
/** Pays for the nonce's removal. DefaultUnorderedTxGasCost. */
const UNORDERED_GAS = 2240;

/** Holds the nonces of unordered transactions. */
export interface NonceKeeper {
  addUnorderedNonce(ctx: Context, sender: AccAddress, timeoutNanos: bigint): void;
}

/**
 * A transaction without sequence numbers runs once before its timeout: sender and timeout are kept until then.
 * x/auth/ante/sigverify.go, verifyUnorderedNonce.
 */
export function useUnorderedNonces(nonces: NonceKeeper): AnteStep {
  return (ctx, { tx, signers, isUnordered }) => {
    if (!isUnordered) return;
    const timeout = timeoutNanos(tx.body.timeoutTimestamp);
    if (timeout === undefined) {
      throw ErrInvalidRequest.with("unordered transaction must have timeout_timestamp set");
    }
    const now = ctx.block.timeNanos;
    if (timeout < now) {
      throw ErrInvalidRequest.with("unordered transaction has a timeout_timestamp that has already passed");
    }
    if (timeout > now + MAX_TIMEOUT_SECONDS * NANOS_PER_SECOND) {
      throw ErrInvalidRequest.with(`unordered tx ttl exceeds ${MAX_TIMEOUT_TEXT}`);
    }
    ctx.gas.consume(UNORDERED_GAS, "unordered tx");
    if (ctx.mode !== "simulate") for (const signer of signers) nonces.addUnorderedNonce(ctx, signer, timeout);
    if (tx.authInfo.signerInfos.some(({ sequence }) => sequence > 0n)) {
      throw ErrInvalidRequest.with("sequence is not allowed for unordered transactions");
    }
  };
}
