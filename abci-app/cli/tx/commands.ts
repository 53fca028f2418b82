import type { Command } from "commander";

import { MSG_SERVICES } from "../../services.js";
import type { ToolContext } from "../options.js";
import { isCommanded, moduleNameOf } from "../proto/names.js";
import { addExecCommand } from "./authz/exec.js";
import { addGrantCommand } from "./authz/grant.js";
import { addGrantAllowanceCommand } from "./feegrant/grant.js";
import { addFileCommands } from "./file-commands.js";
import { addDraftProposalCommand } from "./gov/draft-proposal.js";
import { addSubmitProposalCommand } from "./gov/submit-proposal.js";
import { addWeightedVoteCommand } from "./gov/weighted-vote.js";
import { addMessageCommand } from "./message-commands.js";
import { addMultiSendCommand } from "./multi-send.js";
import { addMultisignCommand } from "./multisign.js";
import { addSignCommands } from "./sign-commands.js";
import { addValidateCommand } from "./validate.js";

/** Messages that have a command written by hand, in the form that people know. */
const WRITTEN: ReadonlySet<string> = new Set([
  "cosmos.authz.v1beta1.Msg/Grant",
  "cosmos.authz.v1beta1.Msg/Exec",
  "cosmos.feegrant.v1beta1.Msg/GrantAllowance",
  "cosmos.gov.v1.Msg/SubmitProposal",
  "cosmos.gov.v1.Msg/VoteWeighted",
]);

/** `tx`: one group a module, one command a message; and what is done with transactions in files. */
export function addTxCommands(program: Command, context: ToolContext): void {
  const tx = program.command("tx").description("make, sign and send transactions");
  for (const service of MSG_SERVICES.filter(isCommanded)) {
    const name = moduleNameOf(service);
    const group = tx.command(name).description(`messages of ${service.typeName.replace(/\.Msg$/, "")}`);
    for (const method of service.methods) {
      const isWritten = WRITTEN.has(`${service.typeName}/${method.name}`);
      if (!isWritten) addMessageCommand(group, context, { service, method });
    }
    if (name === "authz") {
      addGrantCommand(group, context);
      addExecCommand(group, context);
    }
    if (name === "bank") addMultiSendCommand(group, context);
    if (name === "feegrant") addGrantAllowanceCommand(group, context);
    if (name === "gov") {
      addSubmitProposalCommand(group, context);
      addDraftProposalCommand(group, context);
      addWeightedVoteCommand(group, context);
    }
  }
  addSignCommands(tx, context);
  addMultisignCommand(tx, context);
  addValidateCommand(tx, context);
  addFileCommands(tx, context);
}
