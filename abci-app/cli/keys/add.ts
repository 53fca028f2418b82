import { readFileSync } from "node:fs";

import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

import type { PublicKey } from "../../../core/crypto/key-address.js";
import { addressOf } from "../../../core/crypto/key-address.js";
import { Keyring, multisigOf } from "../../keyring/keyring.js";
import { checkedMnemonic, COIN_TYPE, deriveKey, hdPath, newMnemonic } from "../../keyring/mnemonic.js";
import { MemoryBackend } from "../../keyring/plain-backends.js";
import { publicKeyFromJson } from "../../keyring/public-key-json.js";
import type { KeyRecord } from "../../keyring/record.js";
import { checkedName, localRecord, publicRecord } from "../../keyring/record.js";
import { clientFor } from "../client/client-flags.js";
import { formatted } from "../client/output.js";
import type { ToolContext } from "../options.js";
import { keyOutput } from "./key-output.js";

interface AddFlags {
  readonly recover: boolean;
  readonly source?: string;
  readonly interactive: boolean;
  readonly backup: boolean;
  readonly dryRun: boolean;
  readonly hdPath?: string;
  readonly coinType: number;
  readonly account: number;
  readonly index: number;
  readonly multisig?: readonly string[];
  readonly multisigThreshold: number;
  readonly nosort: boolean;
  readonly pubkey?: string;
  readonly pubkeyBase64?: string;
}

const wholeNumber = (text: string): number => {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError("a whole number");
  return Number(text);
};

export function addAddCommand(keys: Command, context: ToolContext): void {
  const command = keys
    .command("add")
    .argument("<name>", "by which the key is called here")
    .description("make a key, recover one from its mnemonic, or keep a public or multisig key")
    .option("--recover", "from a mnemonic, which is asked for", false)
    .option("--source <file>", "read the mnemonic from a file, with --recover or --interactive")
    .option("-i, --interactive", "ask for mnemonic and BIP-39 passphrase", false)
    .option("--no-backup", "do not show the mnemonic")
    .option("--dry-run", "show the key, and keep nothing", false)
    .option("--hd-path <path>", "in place of coin type, account and index, such as m/44'/118'/0'/0/0")
    .addOption(new Option("--coin-type <number>", "of the HD path (SLIP-44)").argParser(wholeNumber).default(COIN_TYPE))
    .addOption(new Option("--account <number>", "of the HD path").argParser(wholeNumber).default(0))
    .addOption(new Option("--index <number>", "of the HD path").argParser(wholeNumber).default(0))
    .addOption(
      new Option("--multisig <names>", "a key of these keys together, comma-separated").argParser((text) =>
        text.split(","),
      ),
    )
    .addOption(
      new Option("--multisig-threshold <number>", "how many of them have to sign").argParser(wholeNumber).default(1),
    )
    .option("--nosort", "keep the keys of --multisig in the order given", false)
    .option("--pubkey <json>", "keep a public key, for multisigs and --generate-only")
    .option("--pubkey-base64 <key>", "the same, of 33 bytes in base64")
    .addOption(
      new Option("--key-type <type>", "secp256k1 signs on this chain").choices(["secp256k1"]).default("secp256k1"),
    )
    .addOption(new Option("--algo <type>").choices(["secp256k1"]).hideHelp())
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd keys add alice\n  computroniumd keys add alice --recover --source words.txt\n" +
        "  computroniumd keys add team --multisig alice,bob,carol --multisig-threshold 2\n" +
        '  computroniumd keys add dave --pubkey \'{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A…"}\'',
    );
  command.action((name: string) => add(command, context, name));
}

async function add(command: Command, context: ToolContext, name: string): Promise<void> {
  const flags = command.opts<AddFlags>();
  const client = clientFor(command, context);
  checkedName(name);
  // What is wrong is found before a key of that name is given up.
  const made = await make(context, { keyring: client.keyring, flags, name });
  const keyring = flags.dryRun ? new Keyring(new MemoryBackend()) : client.keyring;
  if (await keyring.has(name)) {
    if (!(await context.terminal.confirm(`override the existing name ${name}`)))
      throw new Error("aborted: nothing was changed");
    await keyring.replace(made.record);
  } else {
    await keyring.add(made.record);
  }
  const isJson = client.config.output === "json";
  const shown = isJson && made.mnemonic !== undefined ? { mnemonic: made.mnemonic } : {};
  const output = { ...keyOutput(made.record, client.addresses), ...shown };
  context.out(await formatted(isJson ? output : [output], client.config.output));
  if (made.mnemonic === undefined || isJson) return;
  context.err(
    "\n**Important** write this mnemonic phrase in a safe place.\n" +
      `It is the only way to recover your account if you ever forget your password.\n\n${made.mnemonic}`,
  );
}

/** The key that the flags describe. Asks for what they leave open. */
async function make(
  context: ToolContext,
  { keyring, flags, name }: { readonly keyring: Keyring; readonly flags: AddFlags; readonly name: string },
): Promise<Made> {
  const publicKey = await givenPublicKey(keyring, flags);
  if (publicKey !== undefined) return { record: publicRecord(name, publicKey) };
  const path = flags.hdPath ?? hdPath({ coinType: flags.coinType, account: flags.account, index: flags.index });
  const given = await askMnemonic(context, flags);
  const mnemonic = given ?? newMnemonic();
  const passphrase = flags.interactive ? await askPassphrase(context) : "";
  const record = localRecord(name, deriveKey({ mnemonic, passphrase, path }));
  return flags.backup && given === undefined ? { record, mnemonic } : { record };
}

interface Made {
  readonly record: KeyRecord;
  /** Only when it is new and may be shown. */
  readonly mnemonic?: string;
}

async function givenPublicKey(keyring: Keyring, flags: AddFlags): Promise<PublicKey | undefined> {
  const given = [flags.multisig, flags.pubkey, flags.pubkeyBase64].filter((flag) => flag !== undefined);
  if (given.length > 1) throw new Error("--multisig, --pubkey and --pubkey-base64 cannot be used simultaneously");
  if (flags.pubkey !== undefined) {
    let json: unknown;
    try {
      json = JSON.parse(flags.pubkey);
    } catch {
      throw new Error('--pubkey is no JSON such as {"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A…"}');
    }
    return publicKeyFromJson(json);
  }
  if (flags.pubkeyBase64 !== undefined)
    return publicKeyFromJson({ "@type": "/cosmos.crypto.secp256k1.PubKey", key: flags.pubkeyBase64 });
  if (flags.multisig === undefined) return undefined;
  const names = flags.multisig;
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) throw new Error(`duplicate multisig keys: ${twice}`);
  const members: PublicKey[] = [];
  for (const one of names) members.push((await keyring.get(one)).publicKey);
  return multisigOf(members, {
    threshold: flags.multisigThreshold,
    ...(flags.nosort ? {} : { addressFor: addressOf }),
  });
}

/** The mnemonic that the user gives; undefined for a new one. */
async function askMnemonic(context: ToolContext, flags: AddFlags): Promise<string | undefined> {
  if (!flags.recover && !flags.interactive) {
    if (flags.source !== undefined) throw new Error("--source goes with --recover or --interactive");
    return undefined;
  }
  const text =
    flags.source !== undefined
      ? readFileSync(flags.source, "utf8")
      : await context.terminal.askSecret(
          flags.recover ? "Enter your bip39 mnemonic: " : "Enter your bip39 mnemonic, or hit enter to generate one: ",
        );
  if (text.trim() === "" && !flags.recover) return undefined;
  return checkedMnemonic(text);
}

async function askPassphrase(context: ToolContext): Promise<string> {
  const passphrase = await context.terminal.askSecret(
    "Enter your bip39 passphrase. Most users should just hit enter for none: ",
  );
  if (passphrase === "") return "";
  if ((await context.terminal.askSecret("Repeat the passphrase: ")) !== passphrase)
    throw new Error("passphrases don't match");
  return passphrase;
}
