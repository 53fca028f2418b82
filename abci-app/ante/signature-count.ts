import type { PublicKey } from "../../core/crypto/public-key.js";
import { ErrTooManySignatures } from "../../core/errors.js";
import type { ParamsOf } from "./params.js";
import type { AnteStep } from "./step.js";

/** No more keys than the parameters allow, those inside multisigs counted. x/auth/ante/sigverify.go, ValidateSigCountDecorator. */
export function limitSignatures(paramsOf: ParamsOf): AnteStep {
  return (ctx, state) => {
    const { txSigLimit } = paramsOf(ctx);
    let count = 0;
    for (const { publicKey } of state.tx.authInfo.signerInfos) {
      if (publicKey === undefined) continue;
      count += countKeys(state.readKey(publicKey).key);
      if (BigInt(count) > txSigLimit) {
        throw ErrTooManySignatures.with(`signatures: ${count}, limit: ${txSigLimit}`);
      }
    }
  };
}

function countKeys(key: PublicKey): number {
  return key.kind === "multisig" ? key.keys.reduce((sum, inner) => sum + countKeys(inner), 0) : 1;
}
