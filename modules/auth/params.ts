import type { Params } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import { ParamsSchema } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";

import { create } from "../../core/codec/protobuf.js";

/** x/auth/types/params.go. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    maxMemoCharacters: 256n,
    txSigLimit: 7n,
    txSizeCostPerByte: 10n,
    sigVerifyCostEd25519: 590n,
    sigVerifyCostSecp256k1: 1000n,
  });
}

/** So that gas, which is counted in a number, never leaves its safe range. */
const MAX_PARAM = 1_000_000_000n;
/** The smallest block (modules/chain/consensus-bounds.ts) has the gas for a vote then, with which the costs can be lowered again. */
const MAX_SIGNATURE_COST = 100_000n;
const MAX_BYTE_COST = 200n;

/** Name of the field, what it is called in the SDK's error, its value, the most that it may be. */
function fields(params: Params): readonly (readonly [field: string, text: string, value: bigint, max: bigint])[] {
  return [
    ["tx_sig_limit", "invalid tx signature limit", params.txSigLimit, MAX_PARAM],
    [
      "sig_verify_cost_ed25519",
      "invalid ED25519 signature verification cost",
      params.sigVerifyCostEd25519,
      MAX_SIGNATURE_COST,
    ],
    [
      "sig_verify_cost_secp256k1",
      "invalid SECK256k1 signature verification cost",
      params.sigVerifyCostSecp256k1,
      MAX_SIGNATURE_COST,
    ],
    ["max_memo_characters", "invalid max memo characters", params.maxMemoCharacters, MAX_PARAM],
    ["tx_size_cost_per_byte", "invalid tx size cost per byte", params.txSizeCostPerByte, MAX_BYTE_COST],
  ];
}

/** What is wrong with parameters, with the field; empty when nothing is. */
export function paramProblems(params: Params): readonly { readonly field: string; readonly problem: string }[] {
  return fields(params)
    .filter(([, , value, max]) => value === 0n || value > max)
    .map(([field, text, value, max]) => ({ field, problem: `${text}: ${value} (1 to ${max} is allowed)` }));
}
