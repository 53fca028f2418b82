import { readFileSync } from "node:fs";

import type { Command } from "commander";
import { Option } from "commander";

import { armorPrivateKey, unarmorPrivateKey } from "../../keyring/armored-key.js";
import { checkedPassword } from "../../keyring/password-key.js";
import { PrivateKey } from "../../keyring/private-key.js";
import { checkedName, localRecord } from "../../keyring/record.js";
import { clientFor } from "../client/client-flags.js";
import type { ToolContext } from "../options.js";

const MAX_FILE_CHARS = 1 << 20;

/** `keys export`, `keys import` and `keys import-hex`: keys to and from other Cosmos daemons. */
export function addTransferCommands(keys: Command, context: ToolContext): void {
  const exporting = keys
    .command("export")
    .argument("<name>", "of the key")
    .description("print a private key, encrypted and armoured as Cosmos daemons do")
    .option("--unarmored-hex", "print it in hexadecimal, not encrypted; needs --unsafe", false)
    .option("--unsafe", "for what may cost you your coins", false)
    .option("-y, --yes", "do not ask before it is shown in hexadecimal", false)
    .addHelpText("after", "\nExample:\n  computroniumd keys export alice > alice.armor");
  exporting.action(async (name: string) => {
    const { unarmoredHex, unsafe, yes } = exporting.opts<{ unarmoredHex: boolean; unsafe: boolean; yes: boolean }>();
    if (unarmoredHex !== unsafe) throw new Error("the flags --unsafe and --unarmored-hex must be used together");
    const { keyring } = clientFor(exporting, context);
    const key = await keyring.privateKey(name);
    if (!unarmoredHex) {
      const passphrase = checkedPassword(
        await context.terminal.askSecret("Enter passphrase to encrypt the exported key: "),
      );
      return context.out(armorPrivateKey(key, passphrase));
    }
    const question =
      "WARNING: The private key will be exported as an unarmored hexadecimal string. USE AT YOUR OWN RISK. Continue?";
    if (!yes && !(await context.terminal.confirm(question))) throw new Error("aborted: nothing was shown");
    context.out(Buffer.from(key.reveal()).toString("hex"));
  });

  const importing = keys
    .command("import")
    .argument("<name>", "by which the key is called here")
    .argument("<file>", "what keys export of a Cosmos daemon printed")
    .description("take over a private key in ASCII armour")
    .addHelpText("after", "\nExample:\n  computroniumd keys import alice alice.armor");
  importing.action(async (name: string, file: string) => {
    checkedName(name);
    const text = readFileSync(file, "utf8");
    if (text.length > MAX_FILE_CHARS) throw new Error(`${file} is no key: it has ${text.length} characters`);
    const { keyring } = clientFor(importing, context);
    const passphrase = await context.terminal.askSecret("Enter passphrase to decrypt your key: ");
    await keyring.add(localRecord(name, unarmorPrivateKey(text, passphrase)));
  });

  const hex = keys
    .command("import-hex")
    .argument("<name>", "by which the key is called here")
    .argument("[hex]", "32 bytes; asked for without it, which leaves no trace in the shell's history")
    .description("take over a private key in hexadecimal")
    .addOption(
      new Option("--key-type <type>", "secp256k1 signs on this chain").choices(["secp256k1"]).default("secp256k1"),
    )
    .addHelpText("after", "\nExample:\n  computroniumd keys import-hex alice");
  hex.action(async (name: string, given: string | undefined) => {
    checkedName(name);
    const text = (given ?? (await context.terminal.askSecret("Enter hex private key: "))).trim();
    if (!/^([0-9a-fA-F]{2})+$/.test(text)) throw new Error("the key is no hexadecimal text");
    await clientFor(hex, context).keyring.add(localRecord(name, new PrivateKey(Buffer.from(text, "hex"))));
  });
}
