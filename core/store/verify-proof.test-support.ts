import { ics23, iavlSpec, tendermintSpec, verifyMembership, verifyNonMembership } from "@confio/ics23";

import type { ByteString } from "../bytes.js";
import type { StateProof } from "./history.js";

/** The verifier of @confio/ics23, which knows nothing of our code: from the value up to the app hash. */
export function verifies(proof: StateProof, storeName: string, key: ByteString, appHash: Uint8Array): boolean {
  const [tree, stores] = proof.ops.map((op) => ics23.CommitmentProof.decode(op.data));
  const root = stores?.exist?.value;
  if (tree === undefined || stores === undefined || root === null || root === undefined) return false;
  const keyBytes = Buffer.from(key, "latin1");
  const inStore =
    proof.value === undefined
      ? verifyNonMembership(tree, iavlSpec, root, keyBytes)
      : verifyMembership(tree, iavlSpec, root, keyBytes, proof.value);
  return inStore && verifyMembership(stores, tendermintSpec, appHash, Buffer.from(storeName), root);
}
