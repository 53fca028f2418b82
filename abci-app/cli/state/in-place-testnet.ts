import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";

import { patchCometConfig } from "../../node/comet-config.js";
import { writeGenesis } from "../../node/genesis-file.js";
import type { Home } from "../../node/home.js";
import { ed25519Address, validatorPubKey } from "../../node/keys.js";
import type { CliContext } from "../options.js";
import { homeFor } from "../options.js";
import { assertHasState, assertStopped } from "./stopped.js";

/** What CometBFT knows of the chain that was; its keys are elsewhere. */
const COMET_DATA = /^(blockstore\.db|state\.db|evidence\.db|tx_index\.db|cs\.wal|snapshots|upgrade-info\.json)$/;

export function addInPlaceTestnetCommand(program: Command, context: CliContext): void {
  program
    .command("in-place-testnet")
    .argument("<chain-id>", "name of the new chain")
    .argument("<operator>", "address that gets coins for everything")
    .option("--skip-confirmation", "this home folder is a copy, and may change", false)
    .description(
      "make a test network of one validator from a copy of a node's home folder: same state, other chain. Deletes CometBFT's blocks",
    )
    .addHelpText(
      "after",
      "\nExample, with a copy of a node's home folder in ~/fork:\n  $ computroniumd --home ~/fork in-place-testnet fork-1 cptm1… --skip-confirmation\n  $ computroniumd --home ~/fork start",
    )
    .action(async (chainId: string, operator: string, _options, command: Command) => {
      const home = homeFor(command);
      assertHasState(home);
      await assertStopped(home);
      if (!/^[a-zA-Z][a-zA-Z0-9._-]{0,49}$/.test(chainId))
        throw new Error(`chain id "${chainId}": expected up to 50 letters, digits and . _ - after a letter`);
      if (!command.opts<{ skipConfirmation: boolean }>().skipConfirmation) {
        throw new Error(
          `this deletes the blocks in ${home.data} and changes its state for good; --skip-confirmation says that ${home.root} is a copy`,
        );
      }
      const height = await fork(context, home, { chainId, operator });
      context.out(`${home.root} is the chain ${chainId} now; its first block is ${height + 1}`);
    });
}

async function fork(
  { runtime }: CliContext,
  home: Home,
  options: { readonly chainId: string; readonly operator: string },
): Promise<number> {
  if (runtime.state === undefined) throw new Error("this program has no state of its own");
  const state = await runtime.state.makeTestnet(home.applicationDb, options);
  const pubKey = validatorPubKey(home.validatorKey);
  for (const name of readdirSync(home.data)) {
    if (COMET_DATA.test(name)) rmSync(join(home.data, name), { recursive: true, force: true });
  }
  rmSync(join(home.config, "addrbook.json"), { force: true });
  // The application takes InitChain for this chain and height as the beginning of blocks on the state that is there.
  writeGenesis(home.genesis, {
    genesis_time: state.time,
    chain_id: options.chainId,
    initial_height: String(state.height + 1),
    ...(state.consensusParams === undefined ? {} : { consensus_params: state.consensusParams as never }),
    validators: [
      {
        address: Buffer.from(ed25519Address(pubKey)).toString("hex").toUpperCase(),
        pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.from(pubKey).toString("base64") },
        power: "10",
        name: "testnet",
      },
    ],
    app_hash: "",
    app_state: {},
  });
  // This key signs for another chain now, whose heights are above all that it has signed; rounds and steps begin anew.
  writeFileSync(home.validatorState, JSON.stringify({ height: "0", round: 0, step: 0 }));
  patchCometConfig(home.configToml, { "p2p.seeds": "", "p2p.persistent_peers": "", "statesync.enable": false });
  if (existsSync(home.clientToml)) patchCometConfig(home.clientToml, { "chain-id": options.chainId });
  return state.height;
}
