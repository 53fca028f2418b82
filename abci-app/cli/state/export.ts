import { renameSync, writeFileSync } from "node:fs";

import type { Command } from "commander";

import { readGenesis } from "../../node/genesis-file.js";
import { wholeNumber } from "../numbers.js";
import type { CliContext } from "../options.js";
import { homeFor } from "../options.js";
import { assertHasState } from "./stopped.js";

export function addExportCommand(program: Command, context: CliContext): void {
  program
    .command("export")
    .option("--height <height>", "a kept height (default: the last)", wholeNumber(1))
    .option("--for-zero-height", "the new chain counts its blocks from 1 again", false)
    .option("--modules-to-export <names>", "only these, separated by commas")
    .option("--output-document <file>", "a file instead of the standard output")
    .description("write the state as a genesis file, from which a chain goes on")
    .addHelpText(
      "after",
      "\nThe time of the new genesis is that of the exported block, its height the next one. Validators are those that stake; where nobody does, those of this node's genesis file.\n\nExample:\n  $ computroniumd export --output-document genesis.json",
    )
    .action(async (_options, command: Command) => {
      const options = command.opts<{
        height?: number;
        forZeroHeight: boolean;
        modulesToExport?: string;
        outputDocument?: string;
      }>();
      const home = homeFor(command);
      assertHasState(home);
      const { state } = context.runtime;
      if (state === undefined) throw new Error("this program has no state to export");
      const exported = await state.export(home.applicationDb, {
        height: options.height,
        forZeroHeight: options.forZeroHeight,
        modules: options.modulesToExport?.split(",").map((name) => name.trim()),
      });
      const genesis = {
        ...readGenesis(home.genesis),
        genesis_time: exported.time,
        chain_id: exported.chainId,
        initial_height: String(options.forZeroHeight ? 1 : exported.height + 1),
        ...(exported.consensusParams === undefined ? {} : { consensus_params: exported.consensusParams }),
        ...(exported.validators === undefined ? {} : { validators: exported.validators }),
        app_hash: "",
        app_state: exported.appState,
      };
      const text = JSON.stringify(genesis, undefined, 2);
      const file = options.outputDocument;
      if (file === undefined) return context.out(text);
      writeFileSync(`${file}.new`, `${text}\n`);
      renameSync(`${file}.new`, file);
      context.err(`height ${exported.height} is in ${file}`);
    });
}
