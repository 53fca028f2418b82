import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";

import type { Command } from "commander";

import { APP_TOML } from "../node/app-config.js";
import { clientToml } from "../node/client-config.js";
import { patchCometConfig } from "../node/comet-config.js";
import { provideCometBft } from "../node/cometbft-binary.js";
import type { GenesisFile } from "../node/genesis-file.js";
import { writeGenesis } from "../node/genesis-file.js";
import type { Home } from "../node/home.js";
import { socketPath } from "../node/home.js";
import { nodeId } from "../node/keys.js";
import type { CliContext } from "./options.js";
import { homeFor } from "./options.js";

/** Most gas of a block. Genesis carries it and consensus parameters may change it. */
const BLOCK_MAX_GAS = "600000000";

export interface InitOptions {
  readonly home: Home;
  readonly moniker: string;
  readonly chainId: string;
  readonly denom: string;
  readonly overwrite: boolean;
}

export function addInitCommand(program: Command, context: CliContext): void {
  program
    .command("init")
    .argument("<moniker>", "name of this node, for people")
    .description("make the home folder of a node: keys, configuration, genesis file")
    .option(
      "--chain-id <id>",
      "name of the chain; it should end in -<number>, which IBC reads as its revision",
      "computronium-local-1",
    )
    .option("--default-denom <denom>", "denom of fees and bonds", "ucptm")
    .option("-o, --overwrite", "replace an existing genesis file", false)
    .action(async (moniker: string, _options, command: Command) => {
      const options = command.opts<{ chainId: string; defaultDenom: string; overwrite: boolean }>();
      const result = await initHome(context, {
        home: homeFor(command),
        moniker,
        chainId: options.chainId,
        denom: options.defaultDenom,
        overwrite: options.overwrite,
      });
      // Cosmos daemons print this on stderr, where scripts look for it.
      context.err(JSON.stringify(result, undefined, 1));
    });
}

/**
 * Transactions that may wait for a block. CometBFT's own 5,000 are fewer than come in while a full block is made and indexed, so
 * that the next block lacks them: blocks would be full and half empty by turns.
 */
const MEMPOOL_TRANSACTIONS = 10_000;

/** Makes a home folder. CometBFT writes its own files; ours are added and its settings adapted. Returns what Cosmos daemons print. */
export async function initHome(context: CliContext, options: InitOptions): Promise<Record<string, unknown>> {
  const { home, moniker, chainId, denom } = options;
  if (chainId.length > 50 || !/^[a-zA-Z][a-zA-Z0-9._-]*$/.test(chainId)) {
    throw new Error(`chain id "${chainId}": expected up to 50 letters, digits and . _ - after a letter`);
  }
  if (!/^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/.test(denom))
    throw new Error(`denom "${denom}": expected 3 to 128 characters after a letter`);
  if (existsSync(home.genesis) && !options.overwrite)
    throw new Error(`${home.genesis} exists; --overwrite replaces it`);

  const binary = await provideCometBft({ env: context.env, say: context.err });
  rmSync(home.genesis, { force: true });
  await promisify(execFile)(binary, ["init", "--home", home.root]);
  patchCometConfig(home.configToml, {
    moniker,
    proxy_app: `unix://${socketPath(home)}`,
    "consensus.timeout_commit": "1s",
    "mempool.size": MEMPOOL_TRANSACTIONS,
    "mempool.cache_size": 2 * MEMPOOL_TRANSACTIONS,
  });
  if (!existsSync(home.appToml))
    writeFileSync(home.appToml, APP_TOML.replaceAll('"0ucptm"', JSON.stringify(`0${denom}`)));
  writeFileSync(home.clientToml, clientToml(chainId, context.runtime.bech32Prefix));

  // CometBFT's own has no app_state yet.
  const made = JSON.parse(readFileSync(home.genesis, "utf8")) as GenesisFile;
  const appState = context.runtime.defaultAppState({ denom });
  writeGenesis(home.genesis, {
    ...made,
    chain_id: chainId,
    initial_height: "1",
    consensus_params: { ...made.consensus_params, block: { max_bytes: "22020096", max_gas: BLOCK_MAX_GAS } },
    app_state: { ...appState },
  });
  return { moniker, chain_id: chainId, node_id: nodeId(home.nodeKey), gentxs_dir: "", app_message: appState };
}
