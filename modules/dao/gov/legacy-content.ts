import type { Message } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { CommunityPoolSpendProposal } from "@computronium/proto/cosmos/distribution/v1beta1/distribution_pb.js";
import { MsgCommunityPoolSpendSchema } from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";
import type { SoftwareUpgradeProposal } from "@computronium/proto/cosmos/upgrade/v1beta1/upgrade_pb.js";
import { MsgCancelUpgradeSchema, MsgSoftwareUpgradeSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import type { TypedMessage } from "../../../core/codec/registry.js";
import { typeUrlOf, unpackAny } from "../../../core/codec/registry.js";
import { ErrInvalidProposalContent, ErrInvalidProposalType, ErrNoProposalHandlerExists } from "./errors.js";

/** x/gov/types/v1beta1/proposal.go. */
const MAX_TITLE_BYTES = 140;
const MAX_DESCRIPTION_BYTES = 10_000;

/** A proposal's content, as it was before proposals held messages. */
export interface LegacyContent {
  readonly title: string;
  readonly description: string;
  readonly message: TypedMessage;
}

/** The kinds that a chain of today knows, by the name of their type. */
const TEXT = "cosmos.gov.v1beta1.TextProposal";
const PARAMETER_CHANGE = "cosmos.params.v1beta1.ParameterChangeProposal";
const SOFTWARE_UPGRADE = "cosmos.upgrade.v1beta1.SoftwareUpgradeProposal";
const CANCEL_UPGRADE = "cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal";
const COMMUNITY_POOL_SPEND = "cosmos.distribution.v1beta1.CommunityPoolSpendProposal";

/** Reads and checks content. Throws `gov` 5 for texts that are missing or too long, `gov` 6 for a kind that is none. */
export function readLegacyContent(content: Any | undefined): LegacyContent {
  if (content === undefined) throw ErrInvalidProposalContent.with("missing content");
  const message = unpackAny(content);
  const { title, description } = message.value as Message & {
    readonly title?: unknown;
    readonly description?: unknown;
  };
  if (typeof title !== "string" || typeof description !== "string") throw ErrInvalidProposalType.with(content.typeUrl);
  const refuse = (what: string) => ErrInvalidProposalContent.with(`proposal ${what}`);
  if (title.trim() === "") throw refuse("title cannot be blank");
  if (Buffer.byteLength(title, "utf8") > MAX_TITLE_BYTES)
    throw refuse(`title is longer than max length of ${MAX_TITLE_BYTES}`);
  if (description === "") throw refuse("description cannot be blank");
  if (Buffer.byteLength(description, "utf8") > MAX_DESCRIPTION_BYTES) {
    throw refuse(`description is longer than max length of ${MAX_DESCRIPTION_BYTES}`);
  }
  return { title, description, message };
}

/**
 * The message that does today what content of an old kind asks for; undefined where nothing is asked for (a text). Throws `gov`
 * 9 where nothing does: parameters of old subspaces are set by the `MsgUpdateParams` of each module.
 */
export function messageForContent(
  { message: { schema, value } }: LegacyContent,
  authority: string,
): TypedMessage | undefined {
  switch (schema.typeName) {
    case TEXT:
      return undefined;
    case SOFTWARE_UPGRADE: {
      const { plan } = value as SoftwareUpgradeProposal;
      if (plan === undefined) throw ErrInvalidProposalContent.with("plan is missing");
      return typed(MsgSoftwareUpgradeSchema, create(MsgSoftwareUpgradeSchema, { authority, plan }));
    }
    case CANCEL_UPGRADE:
      return typed(MsgCancelUpgradeSchema, create(MsgCancelUpgradeSchema, { authority }));
    case COMMUNITY_POOL_SPEND: {
      const { recipient, amount } = value as CommunityPoolSpendProposal;
      return typed(MsgCommunityPoolSpendSchema, create(MsgCommunityPoolSpendSchema, { authority, recipient, amount }));
    }
    case PARAMETER_CHANGE:
      throw ErrNoProposalHandlerExists.with("params: propose the MsgUpdateParams of the module instead");
    default:
      throw ErrNoProposalHandlerExists.with(schema.typeName);
  }
}

function typed(schema: TypedMessage["schema"], value: Message): TypedMessage {
  return { typeUrl: typeUrlOf(schema), schema, value };
}
