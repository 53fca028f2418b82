import { createHash } from "node:crypto";

import { bech32 } from "@scure/base";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

import { Addresses } from "../../../core/address.js";
import type { PublicKey } from "../../../core/crypto/key-address.js";
import { multisigOf } from "../../keyring/keyring.js";
import { mnemonicOfEntropy, newMnemonic } from "../../keyring/mnemonic.js";
import type { KeyRecord } from "../../keyring/record.js";
import { publicRecord } from "../../keyring/record.js";
import { clientFor } from "../client/client-flags.js";
import type { Client } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import { keyNameOf } from "../client/who.js";
import type { ToolContext } from "../options.js";
import type { AddressKind } from "./key-output.js";
import { keyOutput } from "./key-output.js";

/** 256 bits in base 64. */
const MIN_ENTROPY_CHARS = 43;

export function addManageCommands(keys: Command, context: ToolContext): void {
  const list = keys
    .command("list")
    .description("all keys of the keyring")
    .option("-n, --list-names", "their names only", false)
    .addHelpText("after", "\nExample:\n  computroniumd keys list --keyring-backend test -o json");
  list.action(async () => {
    const { keyring, addresses, config } = clientFor(list, context);
    const records = await keyring.list();
    if (list.opts<{ listNames: boolean }>().listNames) return records.forEach(({ name }) => context.out(name));
    if (records.length === 0 && config.output === "text") return context.out("No records were found in keyring");
    context.out(
      await formatted(
        records.map((record) => keyOutput(record, addresses)),
        config.output,
      ),
    );
  });

  const show = keys
    .command("show")
    .argument("<names...>", "names or addresses; several are shown as one multisig key")
    .description("a key's address and public key")
    .option("-a, --address", "the address only", false)
    .option("-p, --pubkey", "the public key only", false)
    .addOption(new Option("--bech <kind>", "which kind of address").choices(["acc", "val", "cons"]).default("acc"))
    .addOption(
      new Option("--multisig-threshold <number>", "how many have to sign, of several").default(1).argParser((text) => {
        if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("a whole number");
        return Number(text);
      }),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd keys show alice -a\n  computroniumd keys show alice bob carol --multisig-threshold 2",
    );
  show.action(async (names: readonly string[]) => {
    const client = clientFor(show, context);
    const flags = show.opts<{ address: boolean; pubkey: boolean; bech: AddressKind; multisigThreshold: number }>();
    if (flags.address && flags.pubkey) throw new Error("cannot use both --address and --pubkey at once");
    const output = keyOutput(await shown(client, names, flags.multisigThreshold), client.addresses, flags.bech);
    if (flags.address) return context.out(output.address);
    if (flags.pubkey) return context.out(output.pubkey);
    context.out(await formatted(client.config.output === "json" ? output : [output], client.config.output));
  });

  const remove = keys
    .command("delete")
    .argument("<names...>", "of the keys")
    .description("delete keys: without their mnemonics they are gone for ever")
    .option("-y, --yes", "do not ask", false)
    .option("-f, --force", "the same", false)
    .addHelpText("after", "\nExample:\n  computroniumd keys delete alice");
  remove.action(async (names: readonly string[]) => {
    const { keyring } = clientFor(remove, context);
    const { yes, force } = remove.opts<{ yes: boolean; force: boolean }>();
    // All are there before any goes.
    for (const name of names) await keyring.get(name);
    for (const name of names) {
      if (!yes && !force && !(await context.terminal.confirm(`Key ${name} will be deleted. Continue?`))) continue;
      await keyring.remove(name);
      context.err(`Key ${name} deleted forever (uh oh!)`);
    }
  });

  const rename = keys
    .command("rename")
    .argument("<old>", "name")
    .argument("<new>", "name")
    .description("give a key another name")
    .option("-y, --yes", "do not ask", false)
    .addHelpText("after", "\nExample:\n  computroniumd keys rename alice alicia -y");
  rename.action(async (from: string, to: string) => {
    const { keyring } = clientFor(rename, context);
    const question = `Key reference will be renamed from ${from} to ${to}. Continue?`;
    if (!rename.opts<{ yes: boolean }>().yes && !(await context.terminal.confirm(question)))
      throw new Error("aborted: nothing was changed");
    await keyring.rename(from, to);
    context.err(`Key was successfully renamed from ${from} to ${to}`);
  });

  const mnemonic = keys
    .command("mnemonic")
    .description("print 24 fresh words; no key is kept")
    .option("--unsafe-entropy", "make them from a text that is asked for, not from the system's randomness", false)
    .option("-y, --yes", "do not ask whether the text is long enough", false)
    .addHelpText("after", "\nExample:\n  computroniumd keys mnemonic");
  mnemonic.action(async () => {
    const { unsafeEntropy, yes } = mnemonic.opts<{ unsafeEntropy: boolean; yes: boolean }>();
    if (!unsafeEntropy) return context.out(newMnemonic());
    const text = await context.terminal.askSecret(
      "> WARNING: Generate at least 256-bits of entropy and enter the results here: ",
    );
    if (text.length < MIN_ENTROPY_CHARS)
      throw new Error(
        `256 bits are ${MIN_ENTROPY_CHARS} characters in base 64, and 100 in base 6. You entered ${text.length}`,
      );
    if (!yes && !(await context.terminal.confirm(`> Input length: ${text.length}`))) throw new Error("aborted");
    context.out(mnemonicOfEntropy(createHash("sha256").update(text, "utf8").digest()));
  });

  const parse = keys
    .command("parse")
    .argument("<address>", "in hexadecimal or bech32")
    .description("the other form of an address")
    .addHelpText("after", "\nExample:\n  computroniumd keys parse cptm1…");
  parse.action(async (text: string) => {
    const { config } = clientFor(parse, context);
    context.out(await formatted(parsed(text.trim(), config["bech32-prefix"]), config.output));
  });
}

async function shown(client: Client, names: readonly string[], threshold: number): Promise<KeyRecord> {
  const records: KeyRecord[] = [];
  for (const name of names) records.push(await client.keyring.get(await keyNameOf(client, name)));
  const [only] = records;
  if (records.length === 1 && only !== undefined) return only;
  const members: readonly PublicKey[] = records.map(({ publicKey }) => publicKey);
  return publicRecord("multi", multisigOf(members, { threshold }));
}

/** What `keys parse` prints: the parts of a bech32 text, or the bech32 texts of bytes. */
function parsed(text: string, prefix: string): unknown {
  const decoded = bech32.decodeUnsafe(text, 1023);
  const bytes = decoded === undefined ? undefined : bech32.fromWordsUnsafe(decoded.words);
  if (decoded !== undefined && bytes !== undefined)
    return { human: decoded.prefix, bytes: Buffer.from(bytes).toString("hex").toUpperCase() };
  if (!/^([0-9a-fA-F]{2}){1,255}$/.test(text)) throw new Error("couldn't find valid bech32 nor hex data");
  const words = bech32.toWords(Buffer.from(text, "hex"));
  const { account, validator, consensus } = new Addresses(prefix);
  const prefixes = [account, validator, consensus].flatMap((codec) => [codec.prefix, `${codec.prefix}pub`]);
  return { formats: prefixes.map((one) => bech32.encode(one, words, 1023)) };
}
