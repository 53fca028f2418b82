import type { Command } from "commander";
import { z } from "zod";

import { readClientConfig } from "../node/client-config.js";
import { NodeRpc } from "./client/rpc.js";
import type { ToolContext } from "./options.js";
import { homeFor, warner } from "./options.js";

export function addStatusCommand(program: Command, context: ToolContext): void {
  program
    .command("status")
    .description("print what a running node says of itself")
    .option("-n, --node <address>", "CometBFT's RPC (default: of client.toml)")
    .action(async (_options, command: Command) => {
      const { node } = readClientConfig({
        file: homeFor(command).clientToml,
        env: context.env,
        flags: command.opts(),
        warn: warner(context),
      });
      context.out(JSON.stringify(await new NodeRpc(node).call("status", z.record(z.string(), z.unknown()))));
    });
}
