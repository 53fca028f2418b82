import { execFileSync } from "node:child_process";

import type { Command } from "commander";

import { wantedVersion } from "../node/cometbft-version.js";
import type { ToolContext } from "./options.js";

export function addVersionCommand(program: Command, context: ToolContext): void {
  program
    .command("version")
    .description("print the version")
    .option("--long", "with what it was built from", false)
    .option("-o, --output <format>", "text or json", "text")
    .action((_options, command: Command) => {
      const { long, output } = command.opts<{ long: boolean; output: string }>();
      const { version } = context;
      if (!long) return context.out(version);
      const info = {
        name: "computronium",
        server_name: "computroniumd",
        version,
        commit: commit(),
        node: process.version,
        platform: `${process.platform}/${process.arch}`,
        cometbft: wantedVersion(context.env),
      };
      context.out(
        output === "json"
          ? JSON.stringify(info)
          : Object.entries(info)
              .map((entry) => entry.join(": "))
              .join("\n"),
      );
    });
}

/** Commit of the checkout that this runs from; empty where it is none. */
function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
