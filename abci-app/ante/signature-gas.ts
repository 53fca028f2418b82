import type { Params } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import type { ModeInfo } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import type { PublicKey } from "../../core/crypto/public-key.js";
import { ErrInvalidPubKey, ErrUnauthorized } from "../../core/errors.js";
import type { GasMeter } from "../../core/runtime/gas.js";
import type { ParamsOf } from "./params.js";
import { PLACEHOLDER_KEY } from "./placeholder-key.js";
import { bitAt, bitCount } from "./signature-data.js";
import type { AnteStep } from "./step.js";

/** Gas for the check of each signature, by the kind of its key. x/auth/ante/sigverify.go, DefaultSigVerificationGasConsumer. */
export function chargeSignatures(paramsOf: ParamsOf): AnteStep {
  return (ctx, state) => {
    const params = paramsOf(ctx);
    state.tx.authInfo.signerInfos.forEach(({ modeInfo }, i) => {
      const { pubKey } = state.account(state.signers[i]!);
      if (pubKey === undefined && ctx.mode !== "simulate") {
        throw ErrInvalidPubKey.with("pubkey on account is not set");
      }
      const { key } = state.readKey(pubKey ?? PLACEHOLDER_KEY);
      charge(key, modeInfo, { gas: ctx.gas, params, simulated: ctx.mode === "simulate" });
    });
  };
}

interface Charge {
  readonly gas: GasMeter;
  readonly params: Params;
  readonly simulated: boolean;
}

function charge(key: PublicKey, mode: ModeInfo | undefined, to: Charge): void {
  switch (key.kind) {
    case "secp256k1":
      to.gas.consume(Number(to.params.sigVerifyCostSecp256k1), "ante verify: secp256k1");
      return;
    case "ed25519":
      to.gas.consume(Number(to.params.sigVerifyCostEd25519), "ante verify: ed25519");
      return;
    case "multisig":
      if (mode?.sum.case !== "multi") {
        if (!to.simulated) throw ErrUnauthorized.with("one signature for the key of several");
        for (const inner of key.keys) charge(inner, undefined, to);
        return;
      }
      chargeMultisig(key.keys, mode.sum.value, to);
  }
}

function chargeMultisig(keys: readonly PublicKey[], multi: NonNullable<MultiMode>, to: Charge): void {
  const { bitarray, modeInfos } = multi;
  // The bits come from whoever sent the transaction: they are held against the keys before anything is counted by them.
  if (bitarray === undefined || bitCount(bitarray) !== keys.length) {
    throw ErrUnauthorized.with(`bit array size is incorrect, expecting: ${keys.length}`);
  }
  const signers = keys.filter((_, i) => bitAt(bitarray, i));
  if (signers.length > modeInfos.length) throw ErrUnauthorized.with(`signature size is incorrect ${modeInfos.length}`);
  signers.forEach((key, i) => charge(key, modeInfos[i], to));
}

type MultiMode = Extract<ModeInfo["sum"], { case: "multi" }>["value"];
