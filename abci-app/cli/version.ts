import type { Command } from "commander";

import { buildInfo } from "../node/build-info.js";
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
        ...buildInfo(version, context.env),
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
