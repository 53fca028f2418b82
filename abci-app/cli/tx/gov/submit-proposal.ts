import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { MsgSubmitProposalSchema } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import type { Command } from "commander";

import { parseJson } from "../../../../core/codec/json.js";
import { coinMessages, parseCoinsText } from "../../../../core/math/coins.js";
import { clientFor } from "../../client/client-flags.js";
import type { ToolContext } from "../../options.js";
import { messageOf } from "../build.js";
import { readInput } from "../files.js";
import { fromOf } from "../message-commands.js";
import { runMessages } from "../run-messages.js";
import { addTxFlags, readTxFlags } from "../tx-flags.js";

/** `tx gov submit-proposal proposal.json`, in the form of the SDK's daemons. */
export function addSubmitProposalCommand(group: Command, context: ToolContext): void {
  const command = group
    .command("submit-proposal")
    .argument("<file>", "the proposal in JSON; - for standard input")
    .description("submit a proposal with its messages and a deposit");
  addTxFlags(command).addHelpText(
    "after",
    `
The file, of which tx gov draft-proposal writes one to begin with:
  {
    "messages": [{ "@type": "/cosmos.bank.v1beta1.MsgSetSendEnabled", "authority": "cptm1…", "…": "…" }],
    "metadata": "ipfs://CID",
    "deposit": "10000000ucptm",
    "title": "what it is about",
    "summary": "why",
    "expedited": false
  }

Example:
  computroniumd tx gov submit-proposal proposal.json --from alice --gas auto`,
  );
  command.action(async (file: string) => {
    const flags = readTxFlags(command);
    const client = clientFor(command, context);
    const proposal = readProposal(await readInput(context, file), file);
    const from = await fromOf(client, flags.from);
    const message = messageOf(MsgSubmitProposalSchema, { ...proposal, proposer: from.text });
    await runMessages([message], { client, context, flags, from });
  });
}

const FIELDS = ["messages", "metadata", "deposit", "title", "summary", "expedited"];

/** The JSON of a MsgSubmitProposal from that of a proposal file. Throws an Error that names the file and the field. */
export function readProposal(text: string, file: string): JsonObject {
  let json: JsonValue;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) throw new Error(`${file}: expected an object`);
  for (const name of Object.keys(json)) {
    if (!FIELDS.includes(name)) throw new Error(`${file}: ${name} is no field; there are ${FIELDS.join(", ")}`);
  }
  const { messages = [], deposit = "", ...rest } = json;
  if (typeof deposit !== "string") throw new Error(`${file}: deposit is a text such as "10000000ucptm"`);
  if (!Array.isArray(messages)) throw new Error(`${file}: messages is a list`);
  const initialDeposit = coinMessages(parseCoinsText(deposit)).map((coin) => ({ ...coin }));
  return { ...rest, messages, initial_deposit: initialDeposit };
}
