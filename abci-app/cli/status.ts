import type { Command } from "commander";

import { readClientConfig } from "../node/client-config.js";
import { rpcUrl } from "../node/comet-config.js";
import type { ToolContext } from "./options.js";
import { homeFor, warner } from "./options.js";

const TIMEOUT_MILLISECONDS = 10_000;

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
      context.out(JSON.stringify(await fetchStatus(rpcUrl(node))));
    });
}

async function fetchStatus(url: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${url}/status`, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`no node answers at ${url}: ${cause}`, { cause: error });
  }
  const { result } = (await response.json()) as { readonly result?: unknown };
  if (result === undefined) throw new Error(`${url}/status answered ${response.status} without a result`);
  return result;
}
