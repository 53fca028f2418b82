import type { Command } from "commander";

import { readGenesis, readValidGenesis, withAppState, writeGenesis } from "../node/genesis-file.js";
import { recordAddress } from "../keyring/record.js";
import { addKeyringFlags, clientFor } from "./client/client-flags.js";
import { addGentxCommands } from "./gentx.js";
import type { CliContext } from "./options.js";
import { homeFor } from "./options.js";
import { addVestingFlags, vestingOf } from "./vesting-flags.js";

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
  const add = genesis
    .command("add-genesis-account")
    .argument("<account>", "bech32 address, or the name of a key in the keyring")
    .argument("<coins>", "such as 1000000ucptm,5other")
    .description("give an account coins from the beginning")
    .addHelpText("after", "\nExample:\n  computroniumd genesis add-genesis-account alice 1000000000ucptm");
  const allocate = genesis
    .command("add-allocations")
    .argument("<supply>", "base units, such as 1000000000000000")
    .option("--team <address>", "who claims the allocation of the team (default: governance disposes of it)")
    .option("--public <address>", "who claims the allocation of the public (default: governance disposes of it)")
    .description(
      "lay out the first supply: community, reserves, partners, liquidity, team, public, each with its schedule",
    )
    .addHelpText("after", "\nExample:\n  computroniumd genesis add-allocations 1000000000000000");
  allocate.action((supply: string, beneficiaries: { readonly team?: string; readonly public?: string }) => {
    const path = homeFor(allocate).genesis;
    const file = readGenesis(path);
    const { addAllocations } = context.runtime;
    if (addAllocations === undefined) throw new Error("this chain has no plan for a first supply");
    writeGenesis(path, withAppState(file, addAllocations(file.app_state, { supply, beneficiaries })));
  });
  addVestingFlags(add);
  addKeyringFlags(add).action(async (account: string, coins: string) => {
    const path = homeFor(add).genesis;
    const file = readGenesis(path);
    const { keyring, addresses } = clientFor(add, context);
    const address = (await keyring.has(account))
      ? addresses.account.encode(recordAddress(await keyring.get(account)))
      : account;
    const vesting = vestingOf(add.opts());
    const added = { address, coins, ...(vesting === undefined ? {} : { vesting }) };
    writeGenesis(path, withAppState(file, context.runtime.addGenesisAccount(file.app_state, added)));
  });
  addGentxCommands(genesis, context);
}
