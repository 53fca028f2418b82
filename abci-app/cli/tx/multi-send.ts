import { MsgMultiSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import type { Command } from "commander";

import { coinMessages, coinsOf, parseCoinsText } from "../../../core/math/coins.js";
import { clientFor } from "../client/client-flags.js";
import { whoIs } from "../client/who.js";
import type { ToolContext } from "../options.js";
import { messageOf } from "./build.js";
import { runMessages } from "./run-messages.js";
import { addTxFlags, readTxFlags } from "./tx-flags.js";

/** `tx bank multi-send`, as the SDK has it: from one account to several. */
export function addMultiSendCommand(bank: Command, context: ToolContext): void {
  const command = bank
    .command("multi-send")
    .argument("<from>", "name or address of the key that signs")
    .argument("<to...>", "addresses, then the coins that each gets")
    .description("send coins from one account to several")
    .option("--split", "share the coins among them; what cannot be shared stays", false);
  addTxFlags(command).addHelpText(
    "after",
    "\nExample:\n  computroniumd tx bank multi-send alice cptm1… cptm1… 5ucptm --fees 500ucptm",
  );
  command.action(async (fromName: string, rest: readonly string[]) => {
    const flags = readTxFlags(command);
    const client = clientFor(command, context);
    const coins = parseCoinsText(rest.at(-1) ?? "");
    const names = rest.slice(0, -1);
    if (names.length === 0) throw new Error("expected <from> <to…> <coins>");
    const count = BigInt(names.length);
    const share = coinsOf(
      coins.map(({ denom, amount }) => ({
        denom,
        amount: command.opts<{ split: boolean }>().split ? amount / count : amount,
      })),
    );
    if (share.length === 0) throw new Error(`${rest.at(-1)} is not enough for ${count} accounts`);
    const total = coinMessages(share.map(({ denom, amount }) => ({ denom, amount: amount * count })));
    const from = await whoIs(client, fromName);
    const outputs: { readonly address: string; readonly coins: readonly { denom: string; amount: string }[] }[] = [];
    for (const name of names) outputs.push({ address: (await whoIs(client, name)).text, coins: coinMessages(share) });
    const message = messageOf(MsgMultiSendSchema, {
      inputs: [{ address: from.text, coins: total.map((coin) => ({ ...coin })) }],
      outputs: outputs.map(({ address, coins: each }) => ({ address, coins: each.map((coin) => ({ ...coin })) })),
    });
    await runMessages([message], { client, context, flags, from });
  });
}
