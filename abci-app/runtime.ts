import { parseDec } from "../core/math/dec.js";
import type { AppState } from "../core/runtime/genesis.js";
import type { PruningOptions } from "../core/store/pruning.js";
import { customPruning, PRUNING } from "../core/store/pruning.js";
import { DEFAULT_CONSTANTS } from "../modules/chain/index.js";
import type { GasPrice } from "./ante/index.js";
import { appStateProblems, newAppState, withAccount } from "./genesis-state.js";
import { createNodeApplication } from "./node-application.js";
import type { AppConfig } from "./node/app-config.js";
import type { ChainRuntime } from "./node/runtime.js";
import { VERSION } from "./version.js";

/** Computronium, as the daemon runs it. */
export const computroniumRuntime: ChainRuntime = {
  version: VERSION,
  bech32Prefix: DEFAULT_CONSTANTS.bech32Prefix,
  async open({ home, config, log }) {
    const gasLimit = config["query-gas-limit"];
    const node = await createNodeApplication({
      path: home.applicationDb,
      log,
      minGasPrices: gasPrices(config["minimum-gas-prices"]),
      pruning: pruningOf(config),
      cacheBytes: config.state["cache-bytes"],
      queryWorkers: config.query.workers,
      queryGasLimit: gasLimit === 0 ? undefined : BigInt(gasLimit),
      invariantCheckPeriod: config["inv-check-period"],
      minRetainBlocks: config["min-retain-blocks"],
    });
    return {
      app: node.application,
      committedHeight: node.committedHeight,
      started: async ({ rpc }) => node.useRpc(rpc),
      close: () => node.close(),
    };
  },
  defaultAppState: ({ denom }) => newAppState(denom),
  validateAppState: (appState) => appStateProblems(appState as AppState),
  addGenesisAccount: (appState, account) => withAccount(appState as AppState, account),
};

function pruningOf(config: AppConfig): PruningOptions {
  if (config.pruning !== "custom") return PRUNING[config.pruning];
  return customPruning(config["pruning-keep-recent"], config["pruning-interval"]);
}

/** `0.025ucptm,0.01other`, as the configuration has checked it. */
function gasPrices(text: string): readonly GasPrice[] {
  if (text === "") return [];
  return text.split(",").map((part) => {
    const match = /^([0-9.]+)([a-zA-Z].*)$/.exec(part.trim());
    const amount = match === null ? undefined : parseDec(match[1]!);
    if (match === null || amount === undefined) throw new Error(`minimum-gas-prices: "${part}" is no price`);
    return { denom: match[2]!, amount };
  });
}
