import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import { SimulateRequestSchema, SimulateResponseSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { SignerInfoSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { create, fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import type { Dec } from "../../../core/math/dec.js";
import { decMulAmountFloor } from "../../../core/math/dec.js";
import type { NodeRpc } from "../client/rpc.js";
import { QueryError } from "../client/rpc.js";
import type { TxDocument } from "./document.js";
import { documentToBytes, withSignatures } from "./document.js";

/** The node carried the transaction out on trial, and it failed. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/** The gas that a transaction uses now. It need not be signed: missing signatures are filled in with empty ones. */
export async function simulatedGas(rpc: NodeRpc, tx: TxDocument, signers: readonly bigint[]): Promise<bigint> {
  const request = create(SimulateRequestSchema, { txBytes: documentToBytes(withEmptySignatures(tx, signers)) });
  try {
    const { value } = await rpc.abciQuery(
      "/cosmos.tx.v1beta1.Service/Simulate",
      toBinary(SimulateRequestSchema, request),
    );
    return fromBinary(SimulateResponseSchema, value).gasInfo?.gasUsed ?? 0n;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new SimulationError(`the transaction would fail: ${error.message}`, { cause: error });
  }
}

/** What to ask for when a simulation used so much. */
export function adjustedGas(used: bigint, adjustment: Dec): bigint {
  return decMulAmountFloor(used, adjustment);
}

/** @param sequences Of each account that has to sign, in order. */
function withEmptySignatures(tx: TxDocument, sequences: readonly bigint[]): TxDocument {
  const signerInfos = [...(tx.authInfo?.signerInfos ?? [])];
  const signatures = [...tx.signatures];
  for (let i = signerInfos.length; i < sequences.length; i++) {
    signerInfos.push(
      create(SignerInfoSchema, {
        modeInfo: { sum: { case: "single", value: { mode: SignMode.DIRECT } } },
        sequence: sequences[i] ?? 0n,
      }),
    );
  }
  while (signatures.length < signerInfos.length) signatures.push(new Uint8Array(0));
  return withSignatures(tx, signerInfos, signatures);
}
