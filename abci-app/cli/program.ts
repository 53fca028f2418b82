import { Command } from "commander";

import { defaultHome } from "../node/home.js";
import { addChainRegistryCommand } from "./chain-registry.js";
import { addCometCommands } from "./comet.js";
import { addGenesisCommands } from "./genesis.js";
import { addInitCommand } from "./init.js";
import type { CliContext } from "./options.js";
import { addSnapshotCommands } from "./snapshots.js";
import { addStartCommand } from "./start.js";
import { addStateCommands } from "./state/commands.js";
import { addExportCommand } from "./state/export.js";
import { addInPlaceTestnetCommand } from "./state/in-place-testnet.js";
import { addStatusCommand } from "./status.js";
import { addVersionCommand } from "./version.js";

/** The command line of the daemon. */
export function createProgram(context: CliContext): Command {
  const program = new Command("computroniumd")
    .description("A node of Computronium: the application behind CometBFT")
    .option("--home <folder>", "home folder (environment: COMPUTRONIUMD_HOME)", defaultHome(context.env))
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError();
  addInitCommand(program, context);
  addStartCommand(program, context);
  addStatusCommand(program, context);
  addGenesisCommands(program, context);
  addCometCommands(program, context);
  addExportCommand(program, context);
  addStateCommands(program, context);
  addInPlaceTestnetCommand(program, context);
  addSnapshotCommands(program, context);
  addChainRegistryCommand(program, context);
  addVersionCommand(program, context);
  return program;
}

/** Runs the command line of this process. What is wrong is said in one message, without a stack, with status 1. */
export async function runProgram(
  context: Pick<CliContext, "runtime">,
  argv: readonly string[] = process.argv,
): Promise<void> {
  const program = createProgram({
    ...context,
    env: process.env,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
