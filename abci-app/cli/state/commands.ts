import type { Command } from "commander";
import { Argument } from "commander";

import { compactState, copyState, verifyState } from "../../../core/store/copy.js";
import { PRUNING } from "../../../core/store/pruning.js";
import { readAppConfig } from "../../node/app-config.js";
import { wholeNumber } from "../numbers.js";
import type { CliContext } from "../options.js";
import { homeFor, warner } from "../options.js";
import { rollBack } from "./rollback.js";
import { assertHasState, assertStopped } from "./stopped.js";

export function addVerifyCommand(program: Command, context: CliContext): void {
  program
    .command("verify")
    .description(
      "read all of the state and check every node, value and app hash of every kept height; the node must be stopped",
    )
    .action(async (_options, command: Command) => {
      const home = homeFor(command);
      assertHasState(home);
      await assertStopped(home);
      const { heights, nodes } = await verifyState(home.applicationDb);
      context.out(`${home.applicationDb} is sound: ${heights} heights, ${nodes} nodes`);
    });
}

export function addPruneCommand(program: Command, context: CliContext): void {
  program
    .command("prune")
    .addArgument(
      new Argument("[strategy]", "which heights stay (default: as app.toml says)").choices([
        "default",
        "nothing",
        "everything",
        "custom",
      ]),
    )
    .option("--pruning-keep-recent <heights>", "with custom: heights before the last that stay", wholeNumber(0))
    .description("delete past heights now; the node must be stopped. `compact` then gives the room back to the disk")
    .addHelpText("after", "\nExample:\n  $ computroniumd prune everything && computroniumd compact")
    .action(async (strategy: string | undefined, _options, command: Command) => {
      const home = homeFor(command);
      assertHasState(home);
      await assertStopped(home);
      const given = command.opts<{ pruningKeepRecent?: number }>();
      const config = readAppConfig({ file: home.appToml, env: context.env, warn: warner(context) });
      const method = strategy ?? config.pruning;
      const keepRecent =
        method === "custom"
          ? (given.pruningKeepRecent ?? config["pruning-keep-recent"])
          : PRUNING[method as keyof typeof PRUNING].keepRecent;
      const store = openState(context, home.applicationDb);
      try {
        const { earliestVersion: before, version } = store;
        if (keepRecent !== undefined) store.giveUpBelow(version - keepRecent);
        while (store.prune(PRUNED_PER_TRANSACTION));
        await store.flush();
        const { earliestVersion: after } = store;
        context.out(`heights ${after} to ${version} are kept; ${after - before} were deleted`);
      } finally {
        await store.close();
      }
    });
}

/** Nobody waits for this thread: larger steps than a node takes. */
const PRUNED_PER_TRANSACTION = 20_000;

export function addRollbackCommand(program: Command, context: CliContext): void {
  program
    .command("rollback")
    .option("--hard", "remove the last block too, not its effects alone", false)
    .description(
      "go back by one height, CometBFT and the application together; the node must be stopped. Without --hard the last block is executed again at the next start",
    )
    .action(async (_options, command: Command) => {
      const home = homeFor(command);
      assertHasState(home);
      await assertStopped(home);
      const { hard } = command.opts<{ hard: boolean }>();
      const open = () => openState(context, home.applicationDb);
      const { height, appHash } = await rollBack({ home, hard, open, env: context.env, say: context.err });
      const what = hard ? "both state and block" : "state";
      context.out(`Rolled back ${what} to height ${height} and hash ${appHash}`);
    });
}

export function addBackupCommand(program: Command, context: CliContext): void {
  program
    .command("backup")
    .argument("<folder>", "a new folder")
    .option("--verify", "read the copy and check all of it", false)
    .description("copy the application's state, without free pages, while the node runs or not")
    .addHelpText(
      "after",
      "\nThe copy can take the place of data/application.db of a stopped node of the same chain that has the blocks after it.",
    )
    .action(async (folder: string, _options, command: Command) => {
      const home = homeFor(command);
      assertHasState(home);
      const { height, bytes } = await copyState({ from: home.applicationDb, to: folder });
      if (command.opts<{ verify: boolean }>().verify) await verifyState(folder);
      context.out(`height ${height} is in ${folder}: ${bytes} bytes`);
    });
}

export function addCompactCommand(program: Command, context: CliContext): void {
  program
    .command("compact")
    .description(
      "write the state's file anew without free pages; the node must be stopped, and the disk must have room for both",
    )
    .action(async (_options, command: Command) => {
      const home = homeFor(command);
      assertHasState(home);
      await assertStopped(home);
      const { before, after } = await compactState(home.applicationDb);
      context.out(`${home.applicationDb}: ${before} bytes were, ${after} are`);
    });
}

function openState({ runtime }: CliContext, path: string) {
  if (runtime.state === undefined) throw new Error("this program has no state of its own");
  return runtime.state.open(path);
}
