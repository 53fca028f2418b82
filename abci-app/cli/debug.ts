import { bech32 } from "@scure/base";
import type { Command } from "commander";
import { Option } from "commander";

import { Addresses } from "../../core/address.js";
import type { AccAddress, ConsAddress, ValAddress } from "../../core/address.js";
import { byteStringToHex, toByteString } from "../../core/bytes.js";
import type { PublicKey } from "../../core/crypto/key-address.js";
import { addressOf } from "../../core/crypto/key-address.js";
import { publicKeyFromJson, publicKeyToJson } from "../keyring/public-key-json.js";
import { readClientConfig } from "../node/client-config.js";
import type { ToolContext } from "./options.js";
import { homeFor, warner } from "./options.js";

/** Longest bech32 text that the SDK reads. */
const MAX_TEXT = 1023;

export function addDebugCommands(program: Command, context: ToolContext): void {
  const debug = program.command("debug").description("look at addresses, keys and encodings");
  const addressesFor = (command: Command): Addresses => {
    const config = readClientConfig({ file: homeFor(command).clientToml, env: context.env, warn: warner(context) });
    return new Addresses(config["bech32-prefix"]);
  };

  debug
    .command("addr")
    .argument("<address>", "in hexadecimal or bech32 of any prefix")
    .description("an address in all its forms")
    .addHelpText("after", "\nExample:\n  computroniumd debug addr cptm1…")
    .action((text: string, _options, command: Command) => {
      const address = toByteString(bytesOfAddress(text));
      const { account, validator, consensus } = addressesFor(command);
      context.out(`Address (hex): ${byteStringToHex(address).toUpperCase()}`);
      context.out(`Bech32 Acc: ${account.encode(address as AccAddress)}`);
      context.out(`Bech32 Val: ${validator.encode(address as string as ValAddress)}`);
      context.out(`Bech32 Con: ${consensus.encode(address as string as ConsAddress)}`);
    });

  debug
    .command("pubkey")
    .argument("<json>", 'such as {"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A…"}')
    .description("address and bytes of a public key")
    .addHelpText("after", '\nExample:\n  computroniumd debug pubkey "$(computroniumd keys show alice -p)"')
    .action((text: string, _options, command: Command) => {
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        throw new Error("this is no JSON");
      }
      printKey(publicKeyFromJson(json), addressesFor(command));
    });

  debug
    .command("pubkey-raw")
    .argument("<key>", "in hexadecimal or base64")
    .addOption(
      new Option("-t, --type <type>", "which kind of key").choices(["ed25519", "secp256k1"]).default("ed25519"),
    )
    .description("address and JSON of the bytes of a public key")
    .addHelpText("after", "\nExample:\n  computroniumd debug pubkey-raw j8qdbR+AlH/V6aBTCSWXRvX3JUESF2bV+SEzndBhF0o=")
    .action((text: string, options: { type: string }, command: Command) => {
      const isHex = /^([0-9a-fA-F]{2})+$/.test(text);
      const key = Buffer.from(text, isHex ? "hex" : "base64").toString("base64");
      printKey(publicKeyFromJson({ "@type": `/cosmos.crypto.${options.type}.PubKey`, key }), addressesFor(command));
    });

  function printKey(key: PublicKey, { account }: Addresses): void {
    context.out(`Address: ${byteStringToHex(addressOf(key)).toUpperCase()}`);
    context.out(`Bech32 Acc: ${account.encode(addressOf(key))}`);
    if (key.kind !== "multisig") context.out(`PubKey Hex: ${Buffer.from(key.key).toString("hex")}`);
    context.out(`JSON: ${JSON.stringify(publicKeyToJson(key))}`);
  }

  debug
    .command("raw-bytes")
    .argument("<bytes>", "as Go prints them, such as [10 21 13 255]")
    .description("bytes in hexadecimal")
    .addHelpText("after", "\nExample:\n  computroniumd debug raw-bytes '[72 101 108 108 111]'")
    .action((text: string) => {
      const numbers = text
        .replaceAll(/[[\],]/g, " ")
        .trim()
        .split(/\s+/);
      if (!numbers.every((one) => /^\d{1,3}$/.test(one) && Number(one) < 256))
        throw new Error("expected numbers from 0 to 255");
      context.out(Buffer.from(numbers.map(Number)).toString("hex").toUpperCase());
    });

  debug
    .command("prefixes")
    .description("prefixes of this chain's addresses")
    .action((_options, command: Command) => {
      const { account, validator, consensus } = addressesFor(command);
      context.out(`Bech32 Acc: ${account.prefix}\nBech32 Val: ${validator.prefix}\nBech32 Con: ${consensus.prefix}`);
    });

  const codec = debug.command("codec").description("the types that transactions and state are made of");
  codec
    .command("list-interfaces")
    .description("interfaces that an Any may ask for")
    .action(async () => {
      const { interfaceNames } = await import("../../core/codec/registry.js");
      for (const name of interfaceNames()) context.out(name);
    });
  codec
    .command("list-implementations")
    .argument("<interface>", "such as cosmos.base.v1beta1.Msg")
    .description("types that may stand in an Any where that interface is asked for")
    .action(async (name: string) => {
      const { implementersOf } = await import("../../core/codec/registry.js");
      const urls = [...implementersOf(name).keys()];
      if (urls.length === 0)
        throw new Error(`nothing implements "${name}": debug codec list-interfaces shows what there is`);
      for (const url of urls.sort((a, b) => (a < b ? -1 : 1))) context.out(url);
    });
}

function bytesOfAddress(text: string): Uint8Array {
  if (/^([0-9a-fA-F]{2}){1,255}$/.test(text)) return Buffer.from(text, "hex");
  const decoded = bech32.decodeUnsafe(text, MAX_TEXT);
  const bytes = decoded === undefined ? undefined : bech32.fromWordsUnsafe(decoded.words);
  if (bytes === undefined || bytes.length === 0) throw new Error(`"${text}" is neither hexadecimal nor bech32`);
  return bytes;
}
