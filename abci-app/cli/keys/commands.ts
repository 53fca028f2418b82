import type { Command } from "commander";

import { addKeyringFlags, addOutputFlag } from "../client/client-flags.js";
import type { ToolContext } from "../options.js";
import { addAddCommand } from "./add.js";
import { addManageCommands } from "./manage.js";
import { addTransferCommands } from "./transfer.js";

/** `keys`: the keyring. */
export function addKeysCommands(program: Command, context: ToolContext): void {
  const keys = program.command("keys").description("the keys that sign transactions");
  addAddCommand(keys, context);
  addManageCommands(keys, context);
  addTransferCommands(keys, context);
  keys
    .command("list-key-types")
    .description("the kinds of keys that sign on this chain")
    .action(() => context.out("secp256k1"));
  for (const command of keys.commands) addOutputFlag(addKeyringFlags(command));
}
