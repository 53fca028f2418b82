import type { Command } from "commander";
import { Option } from "commander";

import { addNodeFlag, addOutputFlag, clientFor } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import type { ToolContext } from "../options.js";
import { broadcast } from "./broadcast.js";
import { documentFromBytes, documentToBytes, documentToJson } from "./document.js";
import { readDocument } from "./files.js";
import { sequencesOf, signersOf } from "./signers.js";
import { simulatedGas } from "./simulate.js";

/** What is done with a transaction without a key: send, encode, decode, simulate. */
export function addFileCommands(tx: Command, context: ToolContext): void {
  const send = tx
    .command("broadcast")
    .argument("<file>", "signed transaction in JSON; - for standard input")
    .description("send a signed transaction")
    .addOption(
      new Option("-b, --broadcast-mode <mode>", "sync waits for the node's check, async does not").choices([
        "sync",
        "async",
      ]),
    )
    .addHelpText("after", "\nExample:\n  computroniumd tx broadcast signed.json");
  addOutputFlag(addNodeFlag(send)).action(async (file: string) => {
    const document = await readDocument(context, file);
    if (document.signatures.length === 0) throw new Error(`${file} is not signed: tx sign does that`);
    await broadcast(clientFor(send, context), context, documentToBytes(document));
  });

  tx.command("encode")
    .argument("<file>", "transaction in JSON; - for standard input")
    .description("print the bytes of a transaction, in base64")
    .addHelpText("after", "\nExample:\n  computroniumd tx encode signed.json")
    .action(async (file: string) =>
      context.out(Buffer.from(documentToBytes(await readDocument(context, file))).toString("base64")),
    );

  const decode = tx
    .command("decode")
    .argument("<bytes>", "of a transaction, in base64, or in hexadecimal with --hex")
    .description("print the JSON of a transaction's bytes")
    .option("-x, --hex", "the bytes are in hexadecimal", false)
    .addHelpText("after", "\nExample:\n  computroniumd tx decode CpABCo0BChwvY29zbW9z…");
  addOutputFlag(decode).action(async (text: string) => {
    const isHex = decode.opts<{ hex: boolean }>().hex;
    if (!(isHex ? /^([0-9a-fA-F]{2})+$/ : /^[A-Za-z0-9+/]+={0,2}$/).test(text))
      throw new Error(`this is no ${isHex ? "hexadecimal" : "base64"} text`);
    const json: unknown = JSON.parse(documentToJson(documentFromBytes(Buffer.from(text, isHex ? "hex" : "base64"))));
    context.out(await formatted(json, decode.opts<{ output?: "text" | "json" }>().output ?? "json"));
  });

  const simulate = tx
    .command("simulate")
    .argument("<file>", "transaction in JSON, signed or not; - for standard input")
    .description("carry a transaction out on trial and print the gas that it uses")
    .addHelpText("after", "\nExample:\n  computroniumd tx simulate unsigned.json");
  addOutputFlag(addNodeFlag(simulate)).action(async (file: string) => {
    const { rpc, addresses, config } = clientFor(simulate, context);
    const document = await readDocument(context, file);
    const isUnordered = document.body?.unordered === true;
    const sequences = isUnordered
      ? signersOf(addresses, document).map(() => 0n)
      : await sequencesOf(rpc, signersOf(addresses, document));
    context.out(
      await formatted({ gas_info: { gas_used: String(await simulatedGas(rpc, document, sequences)) } }, config.output),
    );
  });
}
