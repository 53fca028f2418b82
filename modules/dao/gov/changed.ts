import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalSchema } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import { create } from "../../../core/codec/protobuf.js";

/** The proposal with other values in some fields. */
export function changed(
  { $typeName: _type, ...proposal }: Proposal,
  fields: Omit<MessageInitShape<typeof ProposalSchema>, "$typeName">,
): Proposal {
  return create(ProposalSchema, { ...proposal, ...fields });
}
