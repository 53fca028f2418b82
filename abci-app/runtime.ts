import type { Logger } from "pino";

import { secp256k1Backend } from "../core/crypto/secp256k1.js";
import { parseDec } from "../core/math/dec.js";
import type { AppState } from "../core/runtime/genesis.js";
import type { PruningOptions } from "../core/store/pruning.js";
import { customPruning, PRUNING } from "../core/store/pruning.js";
import { DEFAULT_CONSTANTS } from "../modules/chain/index.js";
import type { Wiring } from "./app.js";
import { TxResultEncoder } from "./abci/hot-messages.js";
import type { GasPrice } from "./ante/index.js";
import { apiSettings, nodeFacts } from "./api/configuration.js";
import { assertCanListen } from "./api/settings.js";
import { withAllocations } from "./genesis-allocations.js";
import { appStateProblems, newAppState, withAccount } from "./genesis-state.js";
import { createNodeApplication } from "./node-application.js";
import type { AppConfig } from "./node/app-config.js";
import { readGenesis } from "./node/genesis-file.js";
import { waitForTakeOver, writeUpgradeInfo } from "./node/upgrade-info.js";
import { indexRule } from "./node/app-config.js";
import type { ChainRuntime } from "./node/runtime.js";
import { stateTools } from "./state-tools.js";
import { VERSION } from "./version.js";

/** Computronium, as the daemon runs it. */
export const computroniumRuntime: ChainRuntime = createRuntime();

/** @param wire puts the chain together; tests of upgrades have another one. */
export function createRuntime(wire?: () => Wiring): ChainRuntime {
  return {
    version: VERSION,
    bech32Prefix: DEFAULT_CONSTANTS.bech32Prefix,
    async open({ home, config, log, metrics }) {
      sayHowSignaturesAreVerified(log);
      const gasLimit = config["query-gas-limit"];
      const encoder = new TxResultEncoder(indexRule(config));
      const node = await createNodeApplication({
        path: home.applicationDb,
        log,
        metrics,
        minGasPrices: gasPrices(config["minimum-gas-prices"]),
        pruning: pruningOf(config),
        cacheBytes: config.state["cache-bytes"],
        queryWorkers: config.query.workers,
        queryGasLimit: gasLimit === 0 ? undefined : BigInt(gasLimit),
        invariantCheckPeriod: config["inv-check-period"],
        minRetainBlocks: config["min-retain-blocks"],
        encodeResult: (result) => encoder.encode(result),
        snapshots: {
          path: home.snapshots,
          interval: config["state-sync"]["snapshot-interval"],
          keepRecent: config["state-sync"]["snapshot-keep-recent"],
        },
        wire,
        skipUpgrades: config["unsafe-skip-upgrades"].map(BigInt),
        upgradeNeeded: async (plan) => {
          writeUpgradeInfo(home, plan);
          await waitForTakeOver();
        },
        chainId: () => readGenesis(home.genesis).chain_id,
        apiSettings: apiSettings(config),
        facts: nodeFacts(config),
      });
      return {
        app: node.application,
        committedHeight: node.committedHeight,
        started: async ({ rpc }) => node.useRpc(rpc),
        api: { start: () => node.startApi(), stop: () => node.stopApi() },
        close: () => node.close(),
      };
    },
    assertCanListen: (config) => assertCanListen(apiSettings(config)),
    state: stateTools,
    defaultAppState: ({ denom }) => newAppState(denom),
    validateAppState: (appState) => appStateProblems(appState as AppState),
    addGenesisAccount: (appState, account) => withAccount(appState as AppState, account),
    addAllocations: (appState, options) => withAllocations(appState as AppState, options),
  };
}

/** Once a start: it decides how many transactions a node can take. */
function sayHowSignaturesAreVerified(log: Logger): void {
  const fields = { by: secp256k1Backend };
  if (secp256k1Backend === "native libsecp256k1") log.info(fields, "signatures are verified by native code");
  else
    log.warn(
      fields,
      "signatures are verified by WebAssembly, which takes three times as long: see docs/operators/run-a-node.md",
    );
}

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
