import type { Command } from "commander";

import { createProgram } from "../../abci-app/cli/program.js";
import { Terminal } from "../../abci-app/cli/terminal.js";
import { computroniumRuntime } from "../../abci-app/runtime.js";

/**
 * Runs a command of the daemon within this process, which is much faster than a new one. Returns what it writes on the
 * standard output; rejects with what it would say.
 */
export async function runCommand(home: string, ...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const program = await createProgram(
    {
      version: computroniumRuntime.version,
      env: process.env,
      out: (text) => void lines.push(text),
      err: () => undefined,
      terminal: new Terminal(
        () => process.stdin,
        () => undefined,
      ),
    },
    { loadRuntime: () => Promise.resolve(computroniumRuntime) },
    args[0],
  );
  throwInsteadOfExit(program);
  await program.parseAsync(["--home", home, ...args], { from: "user" });
  return lines.join("\n").trim();
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const child of command.commands) throwInsteadOfExit(child);
}
