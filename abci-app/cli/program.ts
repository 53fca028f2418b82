import type { Option } from "commander";
import { Command } from "commander";

import { defaultHome } from "../node/home.js";
import type { ChainRuntime } from "../node/runtime.js";
import { COMMANDS } from "./commands.js";
import type { ToolContext } from "./options.js";
import { Terminal } from "./terminal.js";

/** The daemon of a chain: its version, and the chain itself for the commands that need it. */
export interface Daemon {
  readonly version: string;
  readonly loadRuntime: () => Promise<ChainRuntime>;
}

/**
 * The command line of the daemon. A command's code is loaded when the command is asked for: of the others only the names
 * are there, for the help. Without `wanted`, all of it is loaded.
 */
export async function createProgram(
  context: ToolContext,
  { loadRuntime }: Pick<Daemon, "loadRuntime">,
  wanted?: string,
): Promise<Command> {
  const program = new Command("computroniumd")
    .description("A node of Computronium: the application behind CometBFT, and the tools around it")
    .option("--home <folder>", "home folder (environment: COMPUTRONIUMD_HOME)", defaultHome(context.env))
    .configureHelp({ showGlobalOptions: true, optionDescription })
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for what there is)")
    .addHelpText(
      "after",
      "\nSettings: flag before environment (COMPUTRONIUMD_ and the flag's name, as in COMPUTRONIUMD_GAS_PRICES) before\n" +
        "config/app.toml and config/client.toml in the home folder.\n\nExamples:\n  computroniumd init my-node\n  computroniumd keys add alice\n" +
        "  computroniumd tx bank send alice cptm1… 5ucptm --gas auto --gas-prices 0.0025ucptm\n  computroniumd query bank balances alice",
    );
  for (const entry of COMMANDS) {
    const names = [entry.name, ...(entry.aliases ?? [])];
    if (wanted !== undefined && !names.includes(wanted)) {
      program
        .command(entry.name)
        .description(entry.description)
        .aliases([...(entry.aliases ?? [])]);
    } else if (entry.needs === "chain") {
      (await entry.load())(program, { ...context, runtime: await loadRuntime() });
    } else {
      (await entry.load())(program, context, (own) => createProgram(own, { loadRuntime }));
    }
  }
  return program;
}

/** What the help says of an option: choices and defaults, but no "default: false"; how flags are set by environment is said once. */
function optionDescription({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const more: string[] = [];
  if (argChoices !== undefined && !argChoices.every((choice) => description.includes(choice))) {
    more.push(`one of ${argChoices.map((choice) => choice || '""').join(", ")}`);
  }
  const isShown = defaultValue !== undefined && defaultValue !== false && defaultValue !== true && defaultValue !== "";
  if (isShown) more.push(`default: ${defaultValueDescription ?? String(defaultValue)}`);
  return [description, more.length === 0 ? "" : `(${more.join("; ")})`].filter((part) => part !== "").join(" ");
}

/** Runs the command line of this process. What is wrong is said in one message, without a stack, with status 1. */
export async function runProgram(
  daemon: Daemon | { readonly runtime: ChainRuntime },
  argv: readonly string[] = process.argv,
): Promise<void> {
  const { version, loadRuntime } =
    "runtime" in daemon
      ? { version: daemon.runtime.version, loadRuntime: () => Promise.resolve(daemon.runtime) }
      : daemon;
  const err = (text: string): void => void process.stderr.write(`${text}\n`);
  // Whoever reads may have seen enough: `… | head -1`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const context: ToolContext = {
    version,
    env: process.env,
    out: (text) => void process.stdout.write(`${text}\n`),
    err,
    terminal: new Terminal(() => process.stdin, err),
  };
  try {
    const program = await createProgram(context, { loadRuntime }, commandOf(argv.slice(2)));
    await program.parseAsync([...argv]);
  } catch (error) {
    err(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    context.terminal.close();
  }
}

/** The first word that is no option: the command. Empty when there is none. */
function commandOf(words: readonly string[]): string {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "--home") i++;
    else if (!word.startsWith("-") && word !== "help") return word;
  }
  return "";
}
