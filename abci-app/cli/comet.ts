import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { promisify } from "node:util";

import type { Command } from "commander";

import type { ConsAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import { toByteString } from "../../core/bytes.js";
import { assertSocketFree } from "../abci/server.js";
import { readClientConfig } from "../node/client-config.js";
import { provideCometBft } from "../node/cometbft-binary.js";
import { wantedVersion } from "../node/cometbft-version.js";
import type { Home } from "../node/home.js";
import { socketPath } from "../node/home.js";
import { ed25519Address, nodeId, validatorPubKey } from "../node/keys.js";
import type { ToolContext } from "./options.js";
import { homeFor, warner } from "./options.js";

export function addCometCommands(program: Command, context: ToolContext): void {
  const comet = program.command("comet").aliases(["cometbft", "tendermint"]).description("what belongs to CometBFT");
  comet
    .command("show-node-id")
    .description("print the id by which peers know this node")
    .action((_options, command: Command) => context.out(nodeId(homeFor(command).nodeKey)));
  comet
    .command("show-validator")
    .description("print the public key with which this validator votes")
    .action((_options, command: Command) => {
      const key = Buffer.from(validatorPubKey(homeFor(command).validatorKey)).toString("base64");
      context.out(JSON.stringify({ "@type": "/cosmos.crypto.ed25519.PubKey", key }));
    });
  comet
    .command("show-address")
    .description("print the address of the key with which this validator votes")
    .action((_options, command: Command) => {
      const home = homeFor(command);
      const { "bech32-prefix": prefix } = readClientConfig({
        file: home.clientToml,
        env: context.env,
        warn: warner(context),
      });
      const address = toByteString(ed25519Address(validatorPubKey(home.validatorKey))) as ConsAddress;
      context.out(new Addresses(prefix).consensus.encode(address));
    });
  const reset = async (home: Home, how: "reset-state" | "unsafe-reset-all"): Promise<void> => {
    await assertSocketFree(socketPath(home));
    const binary = await provideCometBft({ env: context.env, say: context.err });
    await promisify(execFile)(binary, [how, "--home", home.root]);
    rmSync(home.applicationDb, { recursive: true, force: true });
  };
  comet
    .command("reset-state")
    .description("delete all blocks and state; what this validator has signed is remembered")
    .action(async (_options, command: Command) => {
      const home = homeFor(command);
      await reset(home, "reset-state");
      context.err(`blocks and state in ${home.data} are deleted`);
    });
  comet
    .command("unsafe-reset-all")
    .description(
      "delete all blocks and state, and forget what this validator has signed: dangerous on a chain that lives",
    )
    .action(async (_options, command: Command) => {
      const home = homeFor(command);
      await reset(home, "unsafe-reset-all");
      context.err(`${home.data} is empty, and the validator's state is that of a new one`);
    });
  comet
    .command("version")
    .description("print the version of CometBFT that this node runs")
    .action(() => context.out(wantedVersion(context.env)));
}
