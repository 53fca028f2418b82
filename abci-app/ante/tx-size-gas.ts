import { aminoBytes } from "../../core/crypto/public-key.js";
import type { AnteStep } from "./step.js";
import type { ParamsOf } from "./params.js";
import { PLACEHOLDER_KEY } from "./placeholder-key.js";

/** Gas for every byte of the transaction, that of signatures still to be made included when it is simulated. */
export function chargeTxSize(paramsOf: ParamsOf): AnteStep {
  return (ctx, state) => {
    const { txSizeCostPerByte, txSigLimit } = paramsOf(ctx);
    const gasPerByte = Number(txSizeCostPerByte);
    ctx.gas.consume(gasPerByte * state.tx.raw.length, "txSize");
    if (ctx.mode !== "simulate") return;
    state.signers.forEach((signer, i) => {
      const signature = state.tx.signatures[i];
      if (signature !== undefined && signature.length > 0) return;
      const { key } = state.readKey(state.find(signer)?.pubKey ?? PLACEHOLDER_KEY);
      const bytes = signatureBytes(aminoBytes(key).length) + SIZE_MARGIN;
      ctx.gas.consume(gasPerByte * bytes * (key.kind === "multisig" ? Number(txSigLimit) : 1), "txSize");
    });
  };
}

/** x/auth/ante/basic.go adds 6 to the size of an amino StdSignature of 64 bytes and its key. */
const SIZE_MARGIN = 6;

function signatureBytes(keyBytes: number): number {
  const lengthBytes = keyBytes < 0x80 ? 1 : keyBytes < 0x4000 ? 2 : 3;
  return 1 + lengthBytes + keyBytes + 66;
}
