import type { JsonValue } from "@bufbuild/protobuf";
import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { AccAddress } from "../../../core/address.js";
import { unpackAny } from "../../../core/codec/registry.js";
import { parseJson } from "../../../core/codec/json.js";
import { ErrInvalidAuthority, ErrInvalidRequest, ErrUnknownRequest, RegisteredError } from "../../../core/errors.js";
import type { Context } from "../../../core/runtime/context.js";
import type { Dispatcher } from "../../../core/runtime/dispatch.js";
import {
  ErrInvalidProposalContent,
  ErrInvalidProposalMsg,
  ErrMetadataTooLong,
  ErrNoProposalHandlerExists,
  ErrNoProposalMsgs,
  ErrSummaryTooLong,
  ErrUnroutableProposalMsg,
} from "./errors.js";

/** x/gov/types/config.go, MaxMetadataLen, in bytes of UTF-8. A summary may have forty times that. */
export const MAX_METADATA_BYTES = 255;
const MAX_SUMMARY_BYTES = 40 * MAX_METADATA_BYTES;
/** Messages of one proposal. */
export const MAX_MESSAGES = 64;

const LEGACY_CONTENT = "/cosmos.gov.v1.MsgExecLegacyContent";

export interface ProposalTexts {
  readonly title: string;
  readonly summary: string;
  readonly metadata: string;
}

const bytesOf = (text: string): number => Buffer.byteLength(text, "utf8");

/** Throws `gov` 15 for metadata that is too long. */
export function checkMetadata(metadata: string): void {
  const length = bytesOf(metadata);
  if (length > MAX_METADATA_BYTES) throw ErrMetadataTooLong.with(`got metadata with length ${length}`);
}

/** What can be said of a proposal's texts: `gov` 5, 15, 22, `sdk` 18. */
export function checkTexts({ title, summary, metadata }: ProposalTexts): void {
  if (title === "") throw ErrInvalidRequest.with("proposal title cannot be empty");
  if (summary === "") throw ErrInvalidRequest.with("proposal summary cannot be empty");
  checkMetadata(metadata);
  const length = bytesOf(summary);
  if (length > MAX_SUMMARY_BYTES) throw ErrSummaryTooLong.with(`got summary with length ${length}`);
  checkMetadata(title);
  requireSameTexts({ title, summary, metadata });
}

/** Metadata in the recommended form (x/gov/types/metadata.go) must not say something else than the proposal. Others say what they want. */
function requireSameTexts({ title, summary, metadata }: ProposalTexts): void {
  const said = metadata === "" ? undefined : readMetadata(metadata);
  if (said === undefined) return;
  if (said.title !== title) {
    throw ErrInvalidProposalContent.with(`metadata title '${said.title}' must equal proposal title '${title}'`);
  }
  if (said.summary !== summary) {
    throw ErrInvalidProposalContent.with(`metadata summary '${said.summary}' must equal proposal summary '${summary}'`);
  }
}

const TEXT_FIELDS = ["title", "summary", "details", "proposal_forum_url", "vote_option_context"];

/** Title and summary of metadata that Go's encoding/json would read into a ProposalMetadata; undefined for any other. */
function readMetadata(metadata: string): { readonly title: string; readonly summary: string } | undefined {
  let json: JsonValue;
  try {
    json = parseJson(metadata);
  } catch {
    return undefined;
  }
  if (json === null) return { title: "", summary: "" };
  if (typeof json !== "object" || Array.isArray(json)) return undefined;
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(json)) {
    // Go matches names of fields whatever their case.
    const name = key.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
    if (value === null) continue;
    if (name === "authors") {
      if (!Array.isArray(value) || value.some((author) => author !== null && typeof author !== "string"))
        return undefined;
    } else if (TEXT_FIELDS.includes(name)) {
      if (typeof value !== "string") return undefined;
      texts.set(name, value);
    }
  }
  return { title: texts.get("title") ?? "", summary: texts.get("summary") ?? "" };
}

/** Throws `gov` 11 for neither messages nor metadata, `sdk` 18 for too many messages. */
export function checkCount({ messages, metadata }: Pick<Proposal, "messages" | "metadata">): void {
  if (messages.length === 0 && metadata === "") {
    throw ErrNoProposalMsgs.with("either metadata or Msgs length must be non-nil");
  }
  if (messages.length > MAX_MESSAGES) {
    throw ErrInvalidRequest.with(`a proposal of ${messages.length} messages, at most ${MAX_MESSAGES}`);
  }
}

/**
 * Each message must be one that the chain handles, sound by itself, and signed by the account of governance alone. Throws
 * `gov` 10, 12, 13. Whether it will succeed is not known before it is carried out; but old-style content, which may have no
 * handler, is tried on a branch (`gov` 5, 9).
 */
export function checkMessages(
  ctx: Context,
  messages: Proposal["messages"],
  {
    dispatcher,
    authority,
    text,
  }: {
    readonly dispatcher: Dispatcher;
    readonly authority: AccAddress;
    readonly text: (address: AccAddress) => string;
  },
): void {
  for (const any of messages) {
    const message = unpackAny(any);
    asProposalError(message.typeUrl, () => dispatcher.check(message));
    const signer = dispatcher.signerOf(message);
    if (signer !== authority) throw ErrInvalidAuthority.with(text(signer));
    if (message.typeUrl !== LEGACY_CONTENT) continue;
    try {
      dispatcher.execute(ctx.branch().context, message, authority);
    } catch (error) {
      if (!(error instanceof RegisteredError) || ErrNoProposalHandlerExists.is(error)) throw error;
      throw ErrInvalidProposalContent.with(error.message);
    }
  }
}

function asProposalError(typeUrl: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    if (ErrUnknownRequest.is(error)) throw ErrUnroutableProposalMsg.with(typeUrl);
    throw ErrInvalidProposalMsg.with(error.message);
  }
}
