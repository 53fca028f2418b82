import { ErrInvalidPubKey, ErrTxDecode } from "../../core/errors.js";
import { event } from "../../core/runtime/events.js";
import { PLACEHOLDER_KEY } from "./placeholder-key.js";
import { flatSignatures } from "./signature-data.js";
import type { AnteStep } from "./step.js";

/**
 * Gives accounts their public keys, which the first transaction of each brings; and says who signed, so that transactions
 * are found by account and sequence, and by signature. x/auth/ante/sigverify.go, SetPubKeyDecorator.
 */
export const setPublicKeys: AnteStep = (ctx, state) => {
  const { tx, signers } = state;
  const infos = tx.authInfo.signerInfos;
  if (infos.length !== signers.length) {
    throw ErrTxDecode.with(`expected ${signers.length} signer infos, got ${infos.length}`);
  }
  const simulated = ctx.mode === "simulate";
  infos.forEach(({ publicKey }, i) => {
    const signer = signers[i]!;
    if (publicKey === undefined && !simulated) return;
    const key = publicKey ?? PLACEHOLDER_KEY;
    if (!simulated && state.readKey(key).address !== signer) {
      throw ErrInvalidPubKey.with(
        `pubKey does not match signer address ${state.addressText(signer)} with signer index: ${i}`,
      );
    }
    const account = state.account(signer);
    if (account.pubKey !== undefined) return;
    // A key with bytes that are none must not reach the state, not even a simulated one.
    state.readKey(key);
    state.change({ ...account, pubKey: { typeUrl: key.typeUrl, value: key.value } });
  });
  // Nobody sees events of a check.
  if (ctx.mode === "recheck" || ctx.mode === "check") return;
  infos.forEach(({ sequence, modeInfo }, i) => {
    if (!state.isUnordered) ctx.events.emit(event("tx", ["acc_seq", `${state.addressText(signers[i]!)}/${sequence}`]));
    for (const signature of flatSignatures(modeInfo, tx.signatures[i])) {
      ctx.events.emit(event("tx", ["signature", Buffer.from(signature).toString("base64")]));
    }
  });
};
