import type { Command } from "commander";
import { Option } from "commander";

import { Addresses } from "../../../core/address.js";
import type { Keyring } from "../../keyring/keyring.js";
import { openKeyring } from "../../keyring/open.js";
import type { ClientConfig } from "../../node/client-config.js";
import { readClientConfig } from "../../node/client-config.js";
import type { ToolContext } from "../options.js";
import { homeFor, warner } from "../options.js";
import { NodeRpc } from "./rpc.js";

/** Settings of client.toml by their names, and their flags. */
const CONFIG_FLAGS = {
  "chain-id": "chainId",
  node: "node",
  output: "output",
  "keyring-backend": "keyringBackend",
  "broadcast-mode": "broadcastMode",
} as const;

/** What a command that talks to a chain works with. */
export interface Client {
  readonly config: ClientConfig;
  readonly rpc: NodeRpc;
  readonly addresses: Addresses;
  readonly keyring: Keyring;
}

export function addOutputFlag(command: Command): Command {
  return command.addOption(
    new Option("-o, --output <format>", "text (YAML) or json (default: of client.toml)").choices(["text", "json"]),
  );
}

export function addNodeFlag(command: Command): Command {
  return command.option("--node <address>", "CometBFT's RPC, such as tcp://localhost:26657 (default: of client.toml)");
}

export function addKeyringFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--keyring-backend <backend>",
        "where keys are kept: os, file, test or memory (default: of client.toml)",
      ).choices(["os", "file", "test", "memory"]),
    )
    .addOption(
      new Option("--keyring-dir <folder>", "folder of the keyring (default: the home folder)").env(
        "COMPUTRONIUMD_KEYRING_DIR",
      ),
    );
}

/** Flags, environment and client.toml put together. Nothing is asked or opened yet. */
export function clientFor(command: Command, context: ToolContext): Client {
  const home = homeFor(command);
  const given = command.optsWithGlobals<Record<string, unknown>>();
  const config = readClientConfig({
    file: home.clientToml,
    env: context.env,
    flags: Object.fromEntries(Object.entries(CONFIG_FLAGS).map(([key, name]) => [key, given[name]])),
    warn: warner(context),
  });
  const folder = given["keyringDir"];
  const keyring = openKeyring({
    backend: config["keyring-backend"],
    folder: typeof folder === "string" && folder !== "" ? folder : home.root,
    env: context.env,
    passwords: {
      existing: ({ number, of }) => context.terminal.askSecret(`Enter keyring passphrase (attempt ${number}/${of}): `),
      fresh: async () => {
        const password = await context.terminal.askSecret("Enter a new keyring passphrase, at least 8 characters: ");
        const again = await context.terminal.askSecret("Re-enter keyring passphrase: ");
        if (password !== again) throw new Error("passphrases do not match");
        return password;
      },
    },
  });
  return { config, rpc: new NodeRpc(config.node), addresses: new Addresses(config["bech32-prefix"]), keyring };
}
