import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { runProgram } from "../../abci-app/cli/program.js";
import type { ChainRuntime } from "../../abci-app/node/runtime.js";
import { KvApplication } from "./kv-application.js";

/** A chain that is small enough to test the node around it: accounts are keys, coins their values. */
const runtime: ChainRuntime = {
  version: "0.0.0-kv",
  bech32Prefix: "cptm",
  open: ({ home }) => {
    mkdirSync(home.applicationDb, { recursive: true });
    const app = new KvApplication(join(home.applicationDb, "kv.json"), { faultKey: "panic" });
    return Promise.resolve({ app, committedHeight: BigInt(app.height), close: () => Promise.resolve() });
  },
  defaultAppState: ({ denom }) => ({ kv: { denom } }),
  validateAppState: (appState) => ("kv" in appState ? [] : ["app_state.kv: is missing"]),
  addGenesisAccount: (appState, { address, coins }) => ({
    ...appState,
    kv: { ...(appState["kv"] as object), [address]: coins },
  }),
};

await runProgram({ runtime });
