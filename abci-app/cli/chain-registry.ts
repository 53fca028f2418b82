import { join } from "node:path";

import type { Command } from "commander";
import { Option } from "commander";

import type { ChainDescription, NetworkType } from "../chain-registry/description.js";
import { describeChain } from "../chain-registry/description.js";
import { registryAssets, registryChain } from "../chain-registry/registry.js";
import { walletChainInfo } from "../chain-registry/wallet.js";
import { readAppConfig } from "../node/app-config.js";
import { wantedVersion } from "../node/cometbft-version.js";
import { readGenesis } from "../node/genesis-file.js";
import type { CliContext } from "./options.js";
import { homeFor, warner } from "./options.js";

/** What each argument prints. */
const DOCUMENTS: Readonly<Record<string, (chain: ChainDescription) => object>> = {
  chain: (chain) => registryChain(chain, { home: join("$HOME", ".computroniumd") }),
  assetlist: registryAssets,
  keplr: walletChainInfo,
  leap: walletChainInfo,
};

export function addChainRegistryCommand(program: Command, context: CliContext): void {
  program
    .command("chain-registry")
    .argument("<document>", Object.keys(DOCUMENTS).join(", "))
    .description("print the chain's entry for cosmos/chain-registry, or its suggestion for a wallet, as JSON")
    .option("--rpc <url>", "CometBFT's RPC as clients reach it", "http://localhost:26657")
    .option("--rest <url>", "the REST server as clients reach it", "http://localhost:1317")
    .option("--grpc <address>", "the gRPC server as clients reach it", "localhost:9090")
    .addOption(
      new Option("--network-type <type>", "default: what the chain id sounds like").choices([
        "mainnet",
        "testnet",
        "devnet",
      ]),
    )
    .action((document: string, _options, command: Command) => {
      const print = Object.hasOwn(DOCUMENTS, document) ? DOCUMENTS[document] : undefined;
      if (print === undefined) {
        throw new Error(`nothing is called "${document}": ${Object.keys(DOCUMENTS).join(", ")}`);
      }
      const { rpc, rest, grpc, networkType } = command.opts<{
        rpc: string;
        rest: string;
        grpc: string;
        networkType?: NetworkType;
      }>();
      for (const url of [rpc, rest]) {
        if (!URL.canParse(url)) throw new Error(`"${url}" is no address such as https://rpc.example.org`);
      }
      const home = homeFor(command);
      const chain = describeChain({
        home,
        genesis: readGenesis(home.genesis),
        config: readAppConfig({ file: home.appToml, env: context.env, warn: warner(context) }),
        endpoints: { rpc, rest, grpc },
        networkType,
        version: context.runtime.version,
        cometbft: wantedVersion(context.env),
      });
      context.out(JSON.stringify(print(chain), undefined, 2));
    });
}
