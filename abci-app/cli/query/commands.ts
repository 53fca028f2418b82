import type { Command } from "commander";

import { QUERY_SERVICES } from "../../services.js";
import type { ToolContext } from "../options.js";
import { isCommanded, moduleNameOf } from "../proto/names.js";
import { addBlockCommands } from "./blocks.js";
import { addMethodCommand } from "./method-commands.js";
import { addTransactionCommands } from "./transactions.js";

/** `query`: one group a module, one command a query; and what CometBFT answers by itself. */
export function addQueryCommands(program: Command, context: ToolContext): void {
  const query = program.command("query").alias("q").description("ask a node about the chain");
  for (const service of QUERY_SERVICES.filter(isCommanded)) {
    const group = query
      .command(moduleNameOf(service))
      .description(`queries of ${service.typeName.replace(/\.Query$/, "")}`);
    for (const method of service.methods) addMethodCommand(group, context, { service, method });
  }
  addTransactionCommands(query, context);
  addBlockCommands(query, context);
}
