import { MsgVoteWeightedSchema } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { VoteOptionSchema } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import type { Command } from "commander";

import { clientFor } from "../../client/client-flags.js";
import type { ToolContext } from "../../options.js";
import { enumNames, kebabOfSnake } from "../../proto/names.js";
import { messageOf } from "../build.js";
import { fromOf } from "../message-commands.js";
import { runMessages } from "../run-messages.js";
import { addTxFlags, FlagError, readTxFlags } from "../tx-flags.js";

/** `tx gov weighted-vote 1 yes=0.6,no=0.4`, as the SDK has it. */
export function addWeightedVoteCommand(group: Command, context: ToolContext): void {
  const command = group
    .command("weighted-vote")
    .argument("<proposal-id>")
    .argument("<options>", "such as yes=0.6,no=0.3,abstain=0.05,no-with-veto=0.05")
    .option("--metadata <text>", "why, or where to read why", "")
    .description("split a vote among several options");
  addTxFlags(command).addHelpText(
    "after",
    "\nExample:\n  computroniumd tx gov weighted-vote 1 yes=0.6,no=0.4 --from alice",
  );
  command.action(async (proposalId: string, text: string) => {
    const flags = readTxFlags(command);
    const client = clientFor(command, context);
    const options = readOptions(text);
    const { metadata } = command.opts<{ metadata: string }>();
    const from = await fromOf(client, flags.from);
    const message = messageOf(MsgVoteWeightedSchema, { proposal_id: proposalId, voter: from.text, options, metadata });
    await runMessages([message], { client, context, flags, from });
  });
}

/** Options of a split vote; `no_with_veto` is as good as `no-with-veto`. */
export function readOptions(text: string): { readonly option: string; readonly weight: string }[] {
  const known = enumNames(VoteOptionSchema).filter(({ number }) => number !== 0);
  return text.split(",").map((part) => {
    const [name = "", weight = "", ...more] = part.split("=");
    const written = kebabOfSnake(name.trim().toLowerCase());
    const option = known.find((candidate) => candidate.written === written || candidate.name === name.trim());
    if (option === undefined || more.length > 0 || !/^\d+(\.\d{1,18})?$/.test(weight.trim())) {
      const names = known.map((candidate) => candidate.written).join(", ");
      throw new FlagError(`"${part}" is no part of a vote: one of ${names}, =, and a weight such as 0.5 are needed`);
    }
    return { option: option.name, weight: weight.trim() };
  });
}
