import type { ExistenceProof } from "@computronium/proto/cosmos/ics23/v1/proofs_pb.js";
import {
  CommitmentProofSchema,
  ExistenceProofSchema,
  HashOp,
  InnerOpSchema,
  LeafOpSchema,
  LengthOp,
  NonExistenceProofSchema,
} from "@computronium/proto/cosmos/ics23/v1/proofs_pb.js";
import { create, toBinary } from "@bufbuild/protobuf";
import type { ByteString } from "../bytes.js";
import { fromByteString } from "../bytes.js";

/** A proof that a key has a value, without the operations that every proof of ours shares. */
export interface Existence {
  readonly key: ByteString;
  readonly value: ByteString;
  /** What is hashed before the length-prefixed key and the length-prefixed hash of the value. */
  readonly leafPrefix: ByteString;
  /** From the leaf to the root: `prefix ‖ child ‖ suffix` is hashed. */
  readonly path: readonly { readonly prefix: ByteString; readonly suffix: ByteString }[];
}

function existence({ key, value, leafPrefix, path }: Existence): ExistenceProof {
  return create(ExistenceProofSchema, {
    key: fromByteString(key),
    value: fromByteString(value),
    leaf: create(LeafOpSchema, {
      hash: HashOp.SHA256,
      prehashKey: HashOp.NO_HASH,
      prehashValue: HashOp.SHA256,
      length: LengthOp.VAR_PROTO,
      prefix: fromByteString(leafPrefix),
    }),
    path: path.map(({ prefix, suffix }) =>
      create(InnerOpSchema, { hash: HashOp.SHA256, prefix: fromByteString(prefix), suffix: fromByteString(suffix) }),
    ),
  });
}

/** An ICS23 CommitmentProof of existence. */
export function encodeExistence(proof: Existence): Uint8Array {
  const message = create(CommitmentProofSchema, { proof: { case: "exist", value: existence(proof) } });
  return toBinary(CommitmentProofSchema, message);
}

/** An ICS23 CommitmentProof of absence: the neighbours of the key, at least one. */
export function encodeNonExistence(absent: {
  key: ByteString;
  left: Existence | undefined;
  right: Existence | undefined;
}): Uint8Array {
  const value = create(NonExistenceProofSchema, { key: fromByteString(absent.key) });
  if (absent.left !== undefined) value.left = existence(absent.left);
  if (absent.right !== undefined) value.right = existence(absent.right);
  return toBinary(CommitmentProofSchema, create(CommitmentProofSchema, { proof: { case: "nonexist", value } }));
}
