import type { Command } from "commander";

import { MSG_SERVICES } from "../../services.js";
import type { ToolContext } from "../options.js";
import { moduleNameOf } from "../proto/names.js";
import { addFileCommands } from "./file-commands.js";
import { addMessageCommand } from "./message-commands.js";
import { addMultiSendCommand } from "./multi-send.js";
import { addMultisignCommand } from "./multisign.js";
import { addSignCommands } from "./sign-commands.js";
import { addValidateCommand } from "./validate.js";

/** `tx`: one group a module, one command a message; and what is done with transactions in files. */
export function addTxCommands(program: Command, context: ToolContext): void {
  const tx = program.command("tx").description("make, sign and send transactions");
  for (const service of MSG_SERVICES) {
    const name = moduleNameOf(service);
    const group = tx.command(name).description(`messages of ${service.typeName.replace(/\.Msg$/, "")}`);
    for (const method of service.methods) addMessageCommand(group, context, { service, method });
    if (name === "bank") addMultiSendCommand(group, context);
  }
  addSignCommands(tx, context);
  addMultisignCommand(tx, context);
  addValidateCommand(tx, context);
  addFileCommands(tx, context);
}
