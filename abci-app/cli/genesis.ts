import type { Command } from "commander";

import { readGenesis, readValidGenesis, withAppState, writeGenesis } from "../node/genesis-file.js";
import type { CliContext } from "./options.js";
import { homeFor } from "./options.js";

export function addGenesisCommands(program: Command, context: CliContext): void {
  const genesis = program.command("genesis").description("the genesis file");
  genesis
    .command("validate")
    .alias("validate-genesis")
    .argument("[file]", "default: the one in the home folder")
    .description("say where and how a genesis file does not fit")
    .action((file: string | undefined, _options, command: Command) => {
      const path = file ?? homeFor(command).genesis;
      readValidGenesis(path, context.runtime);
      context.out(`File at ${path} is a valid genesis file`);
    });
  genesis
    .command("add-genesis-account")
    .argument("<address>", "bech32 address")
    .argument("<coins>", "such as 1000000ucptm,5other")
    .description("give an account coins from the beginning")
    .action((address: string, coins: string, _options, command: Command) => {
      const path = homeFor(command).genesis;
      const file = readGenesis(path);
      writeGenesis(path, withAppState(file, context.runtime.addGenesisAccount(file.app_state, { address, coins })));
    });
}
