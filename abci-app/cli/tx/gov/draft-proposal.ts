import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Command } from "commander";

import { parseJson } from "../../../../core/codec/json.js";
import { implementersOf, MSG_INTERFACE } from "../../../../core/codec/registry.js";
import { governanceAddress } from "../../../../modules/auth/types.js";
import { MSG_SERVICES } from "../../../services.js";
import { clientFor } from "../../client/client-flags.js";
import type { ToolContext } from "../../options.js";
import { exampleJson } from "../../proto/field-value.js";

const PROPOSAL_FILE = "draft_proposal.json";
const METADATA_FILE = "draft_metadata.json";

/** Names of the SDK's suggestions; any message's type is taken too. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["text", ""],
  ["community-pool-spend", "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend"],
  ["software-upgrade", "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade"],
  ["cancel-software-upgrade", "/cosmos.upgrade.v1beta1.MsgCancelUpgrade"],
]);

interface DraftFlags {
  readonly title: string;
  readonly summary: string;
  readonly deposit: string;
  readonly expedited: boolean;
  readonly skipMetadata: boolean;
  readonly outputDir: string;
}

/** `tx gov draft-proposal`: the skeleton of a proposal and of its metadata, in two files. */
export function addDraftProposalCommand(group: Command, context: ToolContext): void {
  const command = group
    .command("draft-proposal")
    .argument(
      "<kind...>",
      `${[...KINDS.keys()].join(", ")}, or types of messages such as cosmos.gov.v1.MsgUpdateParams`,
    )
    .description(`write ${PROPOSAL_FILE} and ${METADATA_FILE} to fill in`)
    .option("--title <text>", "title of the proposal", "")
    .option("--summary <text>", "summary of the proposal", "")
    .option("--deposit <coins>", "deposit that goes with it", "10000000ucptm")
    .option("--expedited", "ask for a short vote with a higher threshold", false)
    .option("--output-dir <folder>", "where to", ".")
    .option("--skip-metadata", `write no ${METADATA_FILE}`, false)
    .addHelpText(
      "after",
      `
Metadata is kept elsewhere (IPFS, say): put the address of ${METADATA_FILE} into the proposal. Then: tx gov submit-proposal ${PROPOSAL_FILE}.

Example:
  computroniumd tx gov draft-proposal software-upgrade --title "Version 2"`,
    );
  command.action((kinds: string | readonly string[]) => {
    const flags = command.opts<DraftFlags>();
    const authority = clientFor(command, context).addresses.account.encode(governanceAddress());
    const types = [kinds].flat().flatMap(messageTypeOf);
    const { title, summary, deposit, expedited, skipMetadata, outputDir } = flags;
    const proposal: JsonObject = {
      messages: types.map((type) => skeleton(type, authority)),
      metadata: skipMetadata ? "" : "ipfs://CID",
      deposit,
      title,
      summary,
      expedited,
    };
    writeNew(join(outputDir, PROPOSAL_FILE), proposal);
    if (!skipMetadata) {
      const texts = { details: "", proposal_forum_url: "", vote_option_context: "" };
      writeNew(join(outputDir, METADATA_FILE), { title, authors: [], summary, ...texts });
    }
    context.err(`written: ${PROPOSAL_FILE}${skipMetadata ? "" : ` and ${METADATA_FILE}`}`);
  });
}

function messageTypeOf(kind: string): readonly DescMessage[] {
  const url = KINDS.get(kind) ?? `/${kind.replace(/^\//, "")}`;
  if (url === "") return [];
  const handled = MSG_SERVICES.flatMap(({ methods }) => methods.map(({ input }) => `/${input.typeName}`));
  const type = implementersOf(MSG_INTERFACE).get(url);
  if (type !== undefined && handled.includes(url)) return [type];
  throw new Error(`"${kind}" is neither a kind of proposal nor a message of this chain: see --help`);
}

/** A message with a stand-in for each field, signed by governance. */
function skeleton(type: DescMessage, authority: string): JsonObject {
  const fields = parseJson(exampleJson(type)) as { [name: string]: JsonValue };
  if (Object.hasOwn(fields, "authority")) fields["authority"] = authority;
  return { "@type": `/${type.typeName}`, ...fields };
}

function writeNew(file: string, json: JsonObject): void {
  writeFileSync(file, `${JSON.stringify(json, undefined, 2)}\n`);
}
