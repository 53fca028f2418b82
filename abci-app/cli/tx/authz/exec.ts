import { MsgExecSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import type { Command } from "commander";

import { create } from "../../../../core/codec/protobuf.js";
import { packAny } from "../../../../core/codec/registry.js";
import { clientFor } from "../../client/client-flags.js";
import type { ToolContext } from "../../options.js";
import { readDocument } from "../files.js";
import { fromOf } from "../message-commands.js";
import { runMessages } from "../run-messages.js";
import { addTxFlags, readTxFlags } from "../tx-flags.js";

/** `tx authz exec tx.json`, as the SDK has it: the messages of an unsigned transaction, for the one who granted them. */
export function addExecCommand(group: Command, context: ToolContext): void {
  const command = group
    .command("exec")
    .argument("<file>", "a transaction in JSON, from --generate-only; - for standard input")
    .description("carry out messages that others have granted to this account");
  addTxFlags(command).addHelpText(
    "after",
    `
Example:
  computroniumd tx bank send alice cptm1… 5ucptm --generate-only > tx.json
  computroniumd tx authz exec tx.json --from agent`,
  );
  command.action(async (file: string) => {
    const flags = readTxFlags(command);
    const client = clientFor(command, context);
    const from = await fromOf(client, flags.from);
    const { body } = await readDocument(context, file);
    const message = create(MsgExecSchema, { grantee: from.text, msgs: [...(body?.messages ?? [])] });
    await runMessages([packAny(MsgExecSchema, message)], { client, context, flags, from });
  });
}
